/// A guard's objection: which rule, and the evidence that a person can look at.
package struct Violation: Hashable, Sendable {
    /// The rule's id, such as `protected-path`; `approve --override` takes it.
    package var rule: String
    /// One sentence for people.
    package var message: String
    /// Where it was seen.
    package var path: RepoPath?
    /// The line in the file after the change, from 1.
    package var line: Int?

    package init(rule: String, message: String, path: RepoPath? = nil, line: Int? = nil) {
        self.rule = rule
        self.message = message
        self.path = path
        self.line = line
    }
}

/// A rule that judges a change and nothing else: no clock, no disk, no network.
package protocol Guard: Sendable {
    /// The rule's id, lower-case words joined by dashes.
    var id: String { get }
    /// The objections; none means that the change passes.
    func judge(_ change: Change, in context: GuardContext) -> [Violation]
}

/// What a guard may know beside the change.
package struct GuardContext: Sendable {
    /// The spec's path and its plan's path.
    package var specPath: RepoPath
    package var planPath: RepoPath
    /// Paths that the configuration protects, beside the built-in ones.
    package var protected: [Glob] = []
    package var limits = Limits()
    /// Size above which a new file trips, in bytes; the default is 1 MiB.
    ///
    /// Whoever reads the change loads at least this much.
    package var largeFile: Int = 1 << 20
    /// The spec is of kind `floor`: it may change the floor and nothing else.
    package var isFloor: Bool = false

    package init(specPath: RepoPath, planPath: RepoPath) {
        self.specPath = specPath
        self.planPath = planPath
    }
}
