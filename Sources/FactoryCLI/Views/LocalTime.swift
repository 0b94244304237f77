import FactoryCore

/// Times as the reader's own clock shows them.
///
/// The offset of this moment is used for all times: over a change to or from summer time, hours before it are one off.
struct LocalTime: Sendable {
    let now: Timestamp
    /// Seconds that local time is ahead of UTC.
    private let offset: Int64

    init(_ clock: any WallClock) { self.init(now: clock.now(), minuteOfDay: clock.minuteOfDay()) }

    /// `minuteOfDay`: minutes since local midnight.
    init(now: Timestamp, minuteOfDay: Int) {
        self.now = now
        let here = Int64(minuteOfDay)
        let greenwich = ((now.seconds % 86_400) + 86_400) % 86_400 / 60
        // No place is more than 14 hours ahead or 12 behind.
        let ahead = (here - greenwich + 2 * 1440) % 1440
        offset = (ahead > 14 * 60 ? ahead - 1440 : ahead) * 60
    }

    /// The date of this moment, such as `2026-11-20`.
    var today: String { String(day(now)) }

    /// `01:12` for a time of today, `20 Nov 22:04` for any other.
    func text(_ time: Timestamp) -> String { day(time) == day(now) ? clock(time) : "\(date(time)) \(clock(time))" }

    /// `20 Nov 22:04`.
    func full(_ time: Timestamp) -> String { "\(date(time)) \(clock(time))" }

    /// How long ago a time is: `40 s`, `14 min`, `5 h`, `3 days`.
    func age(_ time: Timestamp) -> String { Wording.duration(max(0, now - time)) }

    /// The newest moment at which a local clock showed `HH:MM`; nil when the text is no time of day.
    func latest(_ clock: String) -> Timestamp? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, clock.utf8.allSatisfy({ (48...58).contains($0) }), clock.utf8.count <= 5,
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        let today = (now.seconds + offset) / 86_400 * 86_400 + hour * 3600 + minute * 60 - offset
        return Timestamp(seconds: today > now.seconds ? today - 86_400 : today)
    }

    private func shifted(_ time: Timestamp) -> String { (time + Double(offset)).iso }
    private func day(_ time: Timestamp) -> Substring { shifted(time).prefix(10) }
    private func clock(_ time: Timestamp) -> String { String(shifted(time).dropFirst(11).prefix(5)) }

    private func date(_ time: Timestamp) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = day(time).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return String(day(time)) }
        return "\(parts[2]) \(months[parts[1] - 1])"
    }
}
