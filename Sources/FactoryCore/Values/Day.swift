/// A day of the calendar in UTC.
package struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Such as `2026-12-24`.
    package let description: String

    /// The day that a moment lies in.
    package init(_ moment: Timestamp) { description = String(moment.iso.prefix { $0 != "T" }) }

    /// Reads what `description` writes; nil for anything else, and for a day that the calendar does not have.
    package init?(_ text: String) {
        guard text.utf8.count == 10, Timestamp("\(text)T00:00:00Z") != nil else { return nil }
        description = text
    }

    package static func < (a: Day, b: Day) -> Bool { a.description < b.description }
}
