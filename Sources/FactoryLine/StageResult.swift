import FactoryCore

/// What a station gives back.
struct StageResult {
    var outcome: Outcome
    var head: CommitID?
    /// Set when the head was brought onto a newer main branch by the session itself.
    var base: CommitID?
    var approvedPlan: ApprovedPlan?
    /// What the plan names, when the session wrote or approved one.
    var plannedFiles: [String]?
    var tested: Tested?
    var verdict: Verdict?
    var checks: [CheckResult] = []
    /// What guards objected to without stopping it.
    var warnings: [Violation] = []
    var summary = ""
    var usage: Usage = .unknown
    var rescue: CommitID?
    /// What the session left and no tree holds, a sentence for each.
    var leftOut: [String] = []
    var artifacts: [Artifact] = []

    init(_ outcome: Outcome) { self.outcome = outcome }
}

/// One turn at a station: the PR after `started`, and what it is worked under.
struct Shift {
    let tip: Tip
    let start: Start
    let floor: Floor
    let ports: LinePorts
    /// The paths that the lane shows with conflict markers, when bringing the head onto the main branch failed.
    let conflict: [RepoPath]
    /// The PR's own tree, conflict markers and all, and the one that the lane is to show of it.
    let plain: TreeID
    let tree: TreeID
    /// What its session may spend; nil where nothing is capped or no agent works.
    var purse: Purse?
    /// Where a run of checks waits for its turn; nil: the session has a slot of its own.
    var slots: Turnstile?
    /// Where its files go when it is no PR's session; an absolute path.
    var place: String?

    var pr: PullRequest { tip.pr }
    var folder: String { place ?? ports.sessionFolder(pr.number, start.stage, start.attempt) }

    /// Whether the line was told to end this session.
    var isCancelled: Bool { Task.isCancelled }

    func acquireLane() async throws -> any Lane {
        try await ports.workshop.acquire(for: pr.number, session: start.token, keep: floor.configuration.keep)
    }

    func spec() async throws -> Spec {
        let tree = try await ports.hub.tree(of: start.head)
        guard let text = try await ports.hub.file(pr.specPath, in: tree, limit: 1 << 20) else {
            throw StationError.missing(pr.specPath)
        }
        return try ports.library.spec(text, at: pr.specPath)
    }
}

/// What keeps a station from working at all.
enum StationError: Error, CustomStringConvertible {
    case missing(RepoPath)
    case noSession

    var description: String {
        switch self {
        case .missing(let path): "\(path) is not in the pull request's tree"
        case .noSession: "the pull request is in no session"
        }
    }
}

/// A station works one stage of the line.
protocol Station: Sendable {
    func work(_ shift: Shift) async throws -> StageResult
}
