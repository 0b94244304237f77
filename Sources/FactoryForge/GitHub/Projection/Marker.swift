import FactoryCore

/// A hidden line at the start of what the line writes on GitHub, by which it is found again: edited, never written
/// twice.
///
/// Anybody can write such a line. It counts only in what the line itself has written.
package struct Marker: Hashable, Sendable {
    /// What stands behind the marker.
    package enum Kind: String, CaseIterable, Sendable {
        case description
        case plan
        case planReview = "plan-review"
        case checks
        case codeReview = "code-review"
        case parking
        case landing
        case closing
        case refusal
        case report
        case day
    }

    /// The PR's number in the journal; 0 where there is none.
    package let number: Int
    /// The journal entry that is shown, or whatever else names the cause: letters, digits, `.`, `-` and `_`.
    package let entry: String
    package let kind: Kind

    package init(_ number: Int, entry: String, _ kind: Kind) {
        self.number = number
        self.entry = entry
        self.kind = kind
    }

    /// The marker that a text starts with; nil when it starts with none.
    package init?(startOf text: String) {
        guard
            let found = text.prefixMatch(of: /<!-- factory:pr=([0-9]{1,9}) entry=([0-9A-Za-z._-]+) kind=([a-z-]+) -->/),
            let number = Int(found.1), let kind = Kind(rawValue: String(found.3))
        else { return nil }
        self.init(number, entry: String(found.2), kind)
    }

    package var text: String { "<!-- factory:pr=\(number) entry=\(entry) kind=\(kind.rawValue) -->" }
    /// Names it within a PR.
    var key: String { "\(kind.rawValue)/\(entry)" }
}

/// The part of a description that belongs to the line. What stands around it belongs to people.
enum OwnPart {
    private static let end = "<!-- factory:end -->"

    /// The part for a description: `text` between its markers.
    static func of(_ number: PRNumber, _ text: String) -> String {
        [Marker(number.value, entry: "all", .description).text, text, end].joined(separator: "\n")
    }

    /// The description with its part as it should be now. A part that lost one of its markers is no part any more: a
    /// new one is put behind what is there, because nothing that may be a person's is taken away.
    static func put(_ part: String, into body: String) -> String {
        let text = body.replacing("\r\n", with: "\n")
        let start = part.prefix { $0 != "\n" }
        if let from = text.firstRange(of: start),
            let to = text[from.upperBound...].firstRange(of: end),
            text[from.upperBound..<to.lowerBound].firstRange(of: start) == nil
        {
            return text[..<from.lowerBound] + part + text[to.upperBound...]
        }
        let rest = text.replacing(start + "\n", with: "").replacing(end, with: "")
        let kept = String(rest.reversed().drop { $0.isNewline }.reversed())
        return kept.isEmpty ? part : kept + "\n\n" + part
    }
}
