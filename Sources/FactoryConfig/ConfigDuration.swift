/// Durations and times of day as the configuration writes them.
package enum ConfigDuration {
    private static let units: [(letter: Character, seconds: Double)] = [("h", 3600), ("m", 60), ("s", 1)]

    /// `45s`, `20m`, `2h`, or seconds without a unit.
    package static func seconds(_ text: String) -> Double? {
        guard let match = text.wholeMatch(of: /([0-9]{1,9})([smh]?)/), let count = Double(match.1) else { return nil }
        return count * (units.first { match.2.first == $0.letter }?.seconds ?? 1)
    }

    /// The shortest way to write whole seconds.
    package static func text(_ seconds: Double) -> String {
        let unit = units.first { seconds >= $0.seconds && seconds.truncatingRemainder(dividingBy: $0.seconds) == 0 }
        guard let unit else { return "\(Int(seconds))s" }
        return "\(Int(seconds / unit.seconds))\(unit.letter)"
    }

    /// `18:00`, from 00:00 to 23:59, in minutes since midnight.
    static func minuteOfDay(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /([0-9]{1,2}):([0-9]{2})/), let hours = Int(match.1),
            let minutes = Int(match.2), hours < 24, minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }
}
