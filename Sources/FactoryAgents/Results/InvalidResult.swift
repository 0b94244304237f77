/// Why a session's result cannot be used: every fault that was found, each named so that the next session can mend it.
package struct InvalidResult: Error, Hashable, CustomStringConvertible {
    /// Sentences without a full stop, such as `criteria: D2 is not answered`. Never empty.
    package let problems: [String]

    /// Texts from the result itself may be in them, so they are cleaned and cut.
    package init(_ problems: [String]) {
        let shown = problems.prefix(Self.limit).map { CleanText.line($0, limit: 300) }
        let rest = problems.count - shown.count
        self.problems = rest > 0 ? shown + ["and \(rest) more faults"] : shown
    }

    package init(_ problem: String) { self.init([problem]) }

    /// Faults that are named; more would only bury the first ones.
    private static let limit = 12

    package var description: String { problems.joined(separator: "; ") }
}
