/// When a provider says that one may come back.
enum ResetTime {
    /// Seconds from now, from words such as `try again in 1h 20m` or `retry after 20.5 seconds`; nil when there are none.
    /// `Retrying in 4 seconds` is the program's own plan and says nothing.
    static func seconds(in text: String) -> Double? {
        guard let start = text.firstMatch(of: /(?i)\b(?:try again|retry|resets?)[ -](?:in|after)[: ]+/) else {
            return nil
        }
        var rest = text[start.range.upperBound...]
        var total: Double?
        while let part = rest.prefixMatch(of: /(?i)(?:,? ?(?:and )?)?([0-9]{1,7}(?:\.[0-9]{1,6})?) ?([a-z]+)/) {
            guard let number = Double(part.1), let unit = unit(part.2.lowercased()) else { break }
            total = (total ?? 0) + number * unit
            rest = rest[part.range.upperBound...]
        }
        return total
    }

    private static func unit(_ name: String) -> Double? {
        switch name {
        case "ms", "millisecond", "milliseconds": 0.001
        case "s", "sec", "secs", "second", "seconds": 1
        case "m", "min", "mins", "minute", "minutes": 60
        case "h", "hr", "hrs", "hour", "hours": 3600
        case "d", "day", "days": 86_400
        default: nil
        }
    }
}
