/// One place where a change weakens what keeps the product right.
struct Weakening: Hashable {
    var signal: Signal
    /// What was there and what is there now, in words.
    var message: String
    var path: RepoPath
    /// In the file after the change, from 1.
    var line: Int?
    /// What it is about, where the path does not tell: a test, a target, a setting.
    var subject: String?
    /// Honest changes do it too: it counts only where the change touches nothing of the product.
    var isWeak = false

    /// The objection, which names the signal.
    var violation: Violation {
        Violation(rule: signal.rule, message: "\(message) (\(signal.id))", path: path, line: line, subject: subject)
    }
}
