/// A moment in UTC, in milliseconds since 1970.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { Self.floorDivide(milliseconds, 1000) }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Timestamp, seconds: Double) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds + Int64(seconds * 1000))
    }
    /// The distance in seconds.
    package static func - (a: Timestamp, b: Timestamp) -> Double { Double(a.milliseconds - b.milliseconds) / 1000 }

    /// ISO 8601 in UTC with milliseconds, such as `2026-11-21T07:32:24.120Z`.
    package var description: String {
        let fraction = milliseconds - seconds * 1000
        return String(iso.dropLast()) + "." + Self.padded(fraction, to: 3) + "Z"
    }

    /// ISO 8601 in UTC to the second, such as `2026-11-21T07:32:24Z`.
    package var iso: String {
        let day = Self.floorDivide(seconds, 86_400)
        let rest = seconds - day * 86_400
        let (year, month, date) = Self.civil(day: day)
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map { Self.padded($0, to: 2) }.joined(separator: ":")
        return "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(date, to: 2))T\(clock)Z"
    }

    /// Reads what `description` and `iso` write; nil for anything else.
    package init?(_ text: String) {
        guard text.hasSuffix("Z") else { return nil }
        let fields = text.dropLast().split(whereSeparator: { "-T:.".contains($0) }).map { Int64($0) }
        let numbers = fields.compactMap { $0 }
        guard numbers.count == fields.count, (6...7).contains(numbers.count),
            (1...12).contains(numbers[1]), (1...31).contains(numbers[2]), numbers[3] < 24, numbers[4] < 60,
            numbers[5] < 61
        else { return nil }
        let day = Self.day(year: numbers[0], month: numbers[1], date: numbers[2])
        let seconds = day * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        self.milliseconds = seconds * 1000 + (numbers.count == 7 ? numbers[6] : 0)
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }

    private static func padded(_ value: Int64, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Days since 1970 to year, month and day of the Gregorian calendar, counted in eras of 400 years from 1 March.
    private static func civil(day: Int64) -> (year: Int64, month: Int64, date: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let date = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date)
    }

    /// The inverse of `civil`.
    private static func day(year: Int64, month: Int64, date: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
