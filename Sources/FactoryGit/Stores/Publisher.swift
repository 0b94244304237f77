package import FactoryCore

/// A remote that has the record as well. What it does not take has not happened.
package protocol Publisher: Sendable {
    /// Whether the remote itself makes the commit that lands.
    var squashes: Bool { get }
    /// Moves a ref of the record to where it stands here now; nil: from nothing. Throws when the remote cannot be
    /// reached.
    func publish(_ ref: String, at commit: CommitID) async throws -> Publication
    /// Puts the certified squash on the main branch, and the record of it into the journal: both or none. A remote that
    /// squashes itself has the main branch moved, and leaves the record to the caller.
    func land(_ landing: PublishedLanding) async throws -> PublishedOutcome
    /// Shows a PR's head as its branch; nil: the branch goes. `shown` is where the branch was followed to there: what
    /// stands there else is a person's push, and stays.
    func show(_ branch: String, at head: CommitID?, over shown: CommitID?) async throws
}

/// How publishing ended.
package enum Publication: Hashable, Sendable {
    case done
    /// Somebody else was first; this is there, and has been fetched.
    case stale(CommitID?)
    /// The remote does not take it, and says why. It would not the next time either.
    case refused(String)
}

/// A landing as a remote needs to know it.
package struct PublishedLanding: Hashable, Sendable {
    package let number: PRNumber
    package let branch: String
    /// Where the branch was followed to on the remote; nil: it is not there. What stands there else is a person's push.
    package let shown: CommitID?
    package let head: CommitID
    package let base: CommitID
    package let squash: CommitID
    /// The certificate's id.
    package let certificate: BlobID
    /// Whether it takes back what landed before.
    package let isRevert: Bool
    /// The entry that certifies, and the one that tells of the landing.
    package let certified: CommitID
    package let landed: CommitID
}

/// How a landing on a remote ended.
package enum PublishedOutcome: Hashable, Sendable {
    case landed
    case mainMoved(CommitID)
    /// Somebody has pushed this to the PR's branch; it has been fetched.
    case branchMoved(CommitID)
    case journalMoved
    case refused(String)
    /// The remote's own commit of the same tree, on the same base and with the same certificate is on the main branch.
    case squashed(CommitID)
    /// What is on the main branch is not what was certified; in what way.
    case unrecognised(String)
}
