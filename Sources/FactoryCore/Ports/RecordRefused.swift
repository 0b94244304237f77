/// A remote does not take what was to be recorded, and so it is not recorded: the record stands where the remote has it.
/// Asking again would not help.
package struct RecordRefused: Error, Hashable, CustomStringConvertible {
    /// The rule that a PR is parked by for it.
    package static let rule = "refused-push"

    /// Whose record it was; nil: the whole line's.
    package let number: PRNumber?
    /// In the remote's own words: a stranger's text, bounded.
    package let reason: String

    package init(number: PRNumber?, reason: String) {
        self.number = number
        self.reason = reason
    }

    package var description: String {
        let whose = number.map { "of \($0)" } ?? "of the line"
        return "the remote does not take what was to be recorded \(whose), so it was not recorded: \(reason)"
    }

    /// What a person has to look at before the PR can go on.
    package var violation: Violation {
        Violation(rule: Self.rule, message: "the remote does not take what the stage has made: \(reason)")
    }
}
