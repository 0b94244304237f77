/// A moment in UTC, in milliseconds since 1970.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { Self.floorDivide(milliseconds, 1000) }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
    /// A moment some seconds later, to the nearest millisecond; beyond the ends of time it is the end.
    package static func + (a: Timestamp, seconds: Double) -> Timestamp {
        let (sum, overflow) = a.milliseconds.addingReportingOverflow(Int64(clamping: seconds * 1000))
        return Timestamp(milliseconds: overflow ? (seconds < 0 ? .min : .max) : sum)
    }
    /// The distance in seconds.
    package static func - (a: Timestamp, b: Timestamp) -> Double {
        let (distance, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
        return (overflow ? Double(a.milliseconds) - Double(b.milliseconds) : Double(distance)) / 1000
    }

    /// ISO 8601 in UTC with milliseconds, such as `2026-11-21T07:32:24.120Z`.
    package var description: String {
        let fraction = (milliseconds % 1000 + 1000) % 1000
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

    /// Reads what `description` and `iso` write for the years 0 to 9999; nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 24 else { return nil }
        let shape = bytes.count == 20 ? "dddd-dd-ddTdd:dd:ddZ" : "dddd-dd-ddTdd:dd:dd.dddZ"
        let fits = zip(shape.utf8, bytes).allSatisfy { expected, byte in
            expected == UInt8(ascii: "d") ? (48...57).contains(byte) : expected == byte
        }
        guard fits else { return nil }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) } }
        let (year, month, date) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        let day = Self.day(year: year, month: month, date: date)
        // A date that the calendar does not have comes back as another one.
        guard (1...12).contains(month), Self.civil(day: day) == (year, month, date), hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds = day * 86_400 + hour * 3600 + minute * 60 + second
        self.milliseconds = seconds * 1000 + (bytes.count == 24 ? number(20..<23) : 0)
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a % b < 0 ? a / b - 1 : a / b }

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

extension Int64 {
    /// The nearest whole number, within bounds; 0 for what is no number.
    fileprivate init(clamping value: Double) {
        self = value.isNaN ? 0 : Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}
