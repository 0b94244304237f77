/// One spec on its way, as its journal tells: a fold over the entries, stored with each of them. The conversation is
/// not part of it.
package struct PullRequest: Hashable, Sendable {
    package var number: PRNumber
    package var specPath: RepoPath
    package var title: String
    /// The spec's kind, such as `feature`; `floor` may change the floor and never lands without a person.
    package var kind: String
    package var priority: Int
    /// Numbers of the specs that must have landed first.
    package var dependsOn: [Int]
    /// The stream it is in: of one stream, one after the other is implemented.
    package var stream: String?
    /// Who submitted it, and so the author of its landing.
    package var author: Person
    package var state: State
    /// The commit that carries the PR's work.
    package var head: CommitID
    /// The newest commit of the main branch that `head` contains.
    package var base: CommitID
    package var openedAt: Timestamp
    package var updatedAt: Timestamp
    package var counts: [Stage: Counts] = [:]
    /// The session that is running, as far as the journal knows.
    package var active: Session?
    /// Why it is parked, while it is.
    package var reason: Reason?
    /// Where `retry` and `answer` take a parked PR.
    package var resume: State?
    /// Not to be worked before.
    package var notBefore: Timestamp?
    package var waiting: Waiting?
    /// Since when the main branch has moved before every attempt to land.
    package var contendedSince: Timestamp?
    /// What the plan review approved.
    package var approvedPlan: ApprovedPlan?
    /// Paths and patterns that the newest plan names.
    package var plannedFiles: [String] = []
    /// The tree that the checks found green, and the floor they ran under.
    package var tested: Tested?
    /// The head that the code review approved.
    package var reviewedHead: CommitID?
    package var certificate: Certification?
    /// Guards that a person has overruled for this PR.
    package var overrides: [Override] = []
    /// What guards objected to in the newest attempt to land, without stopping it; the first of many.
    package var warnings: [Violation] = []
    /// The head that a person approved for landing.
    package var approvedHead: CommitID?
    /// What people have approved, oldest first, as far as it holds.
    package var approvals: [Approval] = []
    /// The certificate that waits, while it still stands for this head.
    package var proposal: Proposal?
    /// Work that a tripped guard kept from becoming the head.
    package var withheld: CommitID?
    /// The commit of the main branch that such work was joined with, when it was.
    package var withheldBase: CommitID?
    package var landed: CommitID?
    /// The commit that is to take back, or has taken back, what landed.
    package var revert: Certification?
    /// That commit, once it is on the main branch.
    package var reverted: CommitID?
    package var usage: Usage = .unknown
    /// What a newer version of the program added: kept, passed on, not understood.
    package var extra = JSONObject()

    /// Seconds for which one that has ended stays among the others, before it is put away.
    package static let archiveAge: Double = 7 * 24 * 3600
    /// Warnings that are kept here; the entries have all.
    static let warningLimit = 50

    package init(_ opening: Opening, number: PRNumber, at time: Timestamp) {
        self.number = number
        specPath = opening.specPath
        title = opening.title
        kind = opening.kind
        priority = opening.priority
        dependsOn = opening.dependsOn
        stream = opening.stream
        author = opening.author
        state = .queued
        head = opening.head
        base = opening.base
        openedAt = time
        updatedAt = time
    }

    /// The name of the spec: its file's name without `.md`.
    package var name: String { specPath.name.hasSuffix(".md") ? String(specPath.name.dropLast(3)) : specPath.name }
    package var branch: String { "spec/\(name)" }
    /// The plan stands beside the spec and lands with the code.
    package var planPath: RepoPath { RepoPath(String(specPath.text.dropLast(3)) + ".plan.md") }
    package var isFloor: Bool { kind == "floor" }
    /// What is certified to go onto the main branch and is not known to be there.
    package var certified: Certification? {
        if landed == nil { return certificate }
        return reverted == nil ? revert : nil
    }
    /// Whether what it brought is on the main branch: it has landed, and nobody has taken it back.
    package var isInMain: Bool { state == .merged && reverted == nil }

    /// The event by which a certified commit is known to be on the main branch; nil when it is not this PR's.
    package func landing(of commit: CommitID) -> Event? {
        guard certified?.squash == commit else { return nil }
        return landed == nil ? .landed(commit) : .reverted(commit)
    }
}

/// A person, as git names one.
package struct Person: Hashable, Sendable, CustomStringConvertible {
    package var name: String
    package var email: String
    package init(name: String, email: String) {
        self.name = name
        self.email = email
    }
    package var description: String { "\(name) <\(email)>" }
    /// The line itself.
    package static let factory = Person(name: "Factory", email: "factory@localhost")
}

/// What happened how often in one stage.
package struct Counts: Hashable, Sendable {
    /// Sessions started, over the PR's whole life.
    package var attempts = 0
    /// How often it sent the PR back since a person's last `retry`.
    package var returns = 0
    /// Failed sessions since then.
    package var failures = 0
    /// Deaths of the line in this stage since then.
    package var interruptions = 0
    package init() {}
}

/// A running session of one stage.
package struct Session: Hashable, Sendable {
    /// Only who holds it may finish the stage.
    package var token: String
    package var stage: Stage
    /// From 1, over the PR's whole life.
    package var attempt: Int
    package var startedAt: Timestamp
    package init(token: String, stage: Stage, attempt: Int, startedAt: Timestamp) {
        self.token = token
        self.stage = stage
        self.attempt = attempt
        self.startedAt = startedAt
    }
}

/// How long a PR has been put off without any other end of a session but a lost race for the main branch.
package struct Waiting: Hashable, Sendable {
    package var since: Timestamp
    package var count: Int
    /// What the put-off sessions cost.
    package var costUSD: Double
    package init(since: Timestamp, count: Int, costUSD: Double) {
        self.since = since
        self.count = count
        self.costUSD = costUSD
    }
}

/// Spec and plan as the plan review approved them, by content.
package struct ApprovedPlan: Hashable, Sendable {
    package var spec: BlobID
    package var plan: BlobID
    package init(spec: BlobID, plan: BlobID) {
        self.spec = spec
        self.plan = plan
    }
}

/// A tree that was green.
package struct Tested: Hashable, Sendable {
    package var tree: TreeID
    /// The commit of the main branch whose configuration named the checks.
    package var floor: CommitID
    package var checks: [CheckResult]
    /// The main branch's tests on the same sources; nil where the change leaves them as they are.
    package var baseTests: BaseTestResult?
    /// The holdouts that ran on this tree.
    package var holdouts: [HoldoutResult] = []
    package init(tree: TreeID, floor: CommitID, checks: [CheckResult]) {
        self.tree = tree
        self.floor = floor
        self.checks = checks
    }
    /// Whether checks have run and every one was green: a check that was not run, or that never told, proves nothing.
    package var isProof: Bool {
        checks.contains { $0.isGreen && $0.quarantine == nil } && checks.allSatisfy(\.passes)
    }
}

/// How the checks ended on a candidate that has the tests of the main branch.
package struct BaseTestResult: Hashable, Sendable {
    package var tree: TreeID
    package var checks: [CheckResult]
    package init(tree: TreeID, checks: [CheckResult]) {
        self.tree = tree
        self.checks = checks
    }
}

/// A certificate and the commit that was written for it.
package struct Certification: Hashable, Sendable {
    package var id: BlobID
    package var squash: CommitID
    package var base: CommitID
    /// The entry that named the holdouts in force; nil when there were none. Landing fails when there is another.
    package var holdouts: CommitID?
    /// `api` where GitHub has made the commit of the one that was certified before; nil: the line has.
    package var route: ForgeSetting.Route?
    package init(id: BlobID, squash: CommitID, base: CommitID) {
        self.id = id
        self.squash = squash
        self.base = base
    }
}
