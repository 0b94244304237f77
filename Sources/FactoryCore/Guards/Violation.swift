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
    /// What it is about, where that is no path: the name of a dependency.
    package var subject: String?
    /// What stands at the path after the change, `nothing` where the file is gone; nil where nobody has looked.
    package var content: BlobID?

    package init(rule: String, message: String, path: RepoPath? = nil, line: Int? = nil, subject: String? = nil) {
        self.rule = rule
        self.message = message
        self.path = path
        self.line = line
        self.subject = subject
    }
}

extension Change {
    /// Objections with the content that they were made to, for telling later whether it still is the same.
    package func placing(_ violations: [Violation]) -> [Violation] {
        let files = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
        return violations.map { violation in
            guard let path = violation.path, let file = files[path] else { return violation }
            var placed = violation
            placed.content = file.after?.blob ?? .nothing
            return placed
        }
    }
}

/// A rule that judges a change and nothing else: no clock, no disk, no network.
package protocol Guard: Sendable {
    /// The rule's id, lower-case words joined by dashes.
    var id: String { get }
    /// What it objects to, as one phrase for people.
    var summary: String { get }
    /// What follows when it objects, without a word of the configuration.
    var level: GuardLevel { get }
    /// It always parks, whatever configuration and spec say.
    var isFixed: Bool { get }
    /// A spec may allow what it objects to.
    var isAllowable: Bool { get }
    /// It judges when work is taken from a lane as well, because what it objects to should never become a head.
    var judgesSnapshot: Bool { get }
    /// The objections; none means that the change passes.
    func judge(_ change: Change, in context: GuardContext) -> [Violation]
}

extension Guard {
    package var summary: String { "what its name says" }
    package var level: GuardLevel { .park }
    package var isFixed: Bool { false }
    package var isAllowable: Bool { true }
    package var judgesSnapshot: Bool { false }
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
    /// The commands that decide what is green.
    package var checks: [Check] = []
    /// Patterns that the configuration gives a rule beside its own, by the rule's id.
    package var paths: [String: [Glob]] = [:]

    package init(specPath: RepoPath, planPath: RepoPath) {
        self.specPath = specPath
        self.planPath = planPath
    }

    /// What a pull request is judged by.
    package init(_ pr: PullRequest, under configuration: Configuration) {
        self.init(specPath: pr.specPath, planPath: pr.planPath)
        protected = configuration.protected
        limits = configuration.limits
        isFloor = pr.isFloor
        checks = configuration.checks
        largeFile = configuration.guards.largeFile
        paths = configuration.guards.paths
    }
}
