/// What happened to a PR. One event is one commit of its journal.
package enum Event: Hashable, Sendable {
    /// A person submitted the spec.
    case opened(Opening)
    /// The spec was submitted again: approvals are void and the PR starts over.
    case amended(Opening)
    /// Somebody pushed to the PR's branch: approvals are void. `base` is where the pushed commit parted from the main
    /// branch.
    case pushed(head: CommitID, base: CommitID, to: State)
    case started(Start)
    case finished(Finish)
    /// `tested` is what this session itself has found green for it.
    case certified(token: String, Certification, certificate: JSON, tested: Tested? = nil)
    case landed(CommitID)
    /// A person overrules guards, or approves what waits for it.
    /// `seeing`: the objections that the person was shown, where rules are overruled; older versions left them out.
    case approved(
        overrides: [String], head: CommitID, of: Approvable? = nil, seeing: [Override.Objection] = [])
    /// A person takes back what has landed: the commit that does so is written and certified.
    case reverting(Certification, certificate: JSON, note: String)
    /// That commit is on the main branch.
    case reverted(CommitID)
    case answered(String)
    case retried(to: State, note: String)
    /// What parked it stands no longer in its way: the line goes on with it.
    case resumed(to: State, note: String)
    case parked(note: String)
    case closed(note: String)
    /// A remark: moves nothing.
    case noted(String)
    /// Written by a newer version; kept as it is.
    case unknown(kind: String, JSONObject)
}

/// What a submission says.
package struct Opening: Hashable, Sendable {
    package var specPath: RepoPath
    package var title: String
    package var kind: String
    package var priority: Int
    package var dependsOn: [Int]
    package var stream: String?
    package var author: Person
    package var head: CommitID
    package var base: CommitID

    package init(
        specPath: RepoPath, title: String, kind: String = "feature", priority: Int = 0, dependsOn: [Int] = [],
        stream: String? = nil, author: Person, head: CommitID, base: CommitID
    ) {
        self.specPath = specPath
        self.title = title
        self.kind = kind
        self.priority = priority
        self.dependsOn = dependsOn
        self.stream = stream
        self.author = author
        self.head = head
        self.base = base
    }
}

/// A session begins.
package struct Start: Hashable, Sendable {
    package var stage: Stage
    package var attempt: Int
    package var token: String
    /// The head after it was brought onto the main branch, and the commit of the main branch it contains.
    package var head: CommitID
    package var base: CommitID
    /// The commit of the main branch that prompts, rules and checks are read from.
    package var floor: CommitID
    /// The plan, when the line itself has appended a person's answer to it.
    package var plan: BlobID?

    package init(stage: Stage, attempt: Int, token: String, head: CommitID, base: CommitID, floor: CommitID) {
        self.stage = stage
        self.attempt = attempt
        self.token = token
        self.head = head
        self.base = base
        self.floor = floor
    }
}

/// A session has ended, and where the PR goes from here. The move is part of the record, because the bounds it was
/// judged by live in the configuration and may change.
package struct Finish: Hashable, Sendable {
    package var token: String
    package var stage: Stage
    package var attempt: Int
    package var outcome: Outcome
    package var move: Move
    /// The new head, when the session made one.
    package var head: CommitID?
    /// The newest commit of the main branch in it, when that has changed with it.
    package var base: CommitID?
    package var approvedPlan: ApprovedPlan?
    /// Paths and patterns that the plan names, when the session wrote or approved one.
    package var plannedFiles: [String]?
    package var tested: Tested?
    package var verdict: Verdict?
    package var checks: [CheckResult] = []
    /// What guards objected to without stopping it.
    package var warnings: [Violation] = []
    /// What the agent or the line says of it, in a few lines.
    package var summary: String = ""
    package var usage: Usage = .unknown
    /// What the session is charged in the ledger; nil where no agent ran or nothing is capped.
    package var charge: Charge?
    /// In seconds.
    package var seconds: Double = 0
    /// Where work that did not become the head was saved.
    package var rescue: CommitID?

    package init(token: String, stage: Stage, attempt: Int, outcome: Outcome, move: Move) {
        self.token = token
        self.stage = stage
        self.attempt = attempt
        self.outcome = outcome
        self.move = move
    }
}

/// One entry of a journal: who recorded which event, when.
package struct Entry: Hashable, Sendable {
    package var event: Event
    package var at: Timestamp
    package var by: String
    /// Members that a newer version added.
    package var extra = JSONObject()

    package init(_ event: Event, at: Timestamp, by: String) {
        self.event = event
        self.at = at
        self.by = by
    }
}
