/// The repository with the code: the main branch, the PRs' branches, and all that can be made of them in memory.
package protocol Hub: Sendable {
    func mainTip() async throws -> CommitID
    func tree(of commit: CommitID) async throws -> TreeID
    /// The id of a file's content or of a directory's tree, nil when there is nothing at the path.
    func fingerprint(of path: RepoPath, in tree: TreeID) async throws -> String?
    /// The file's bytes; nil when there is no file. Throws when it is larger than `limit` bytes.
    func file(_ path: RepoPath, in tree: TreeID, limit: Int) async throws -> [UInt8]?
    /// The bytes of a content that is stored. Throws when it is not, or is larger than `limit` bytes.
    func content(of blob: BlobID, limit: Int) async throws -> [UInt8]
    /// The names in a directory; empty when there is none.
    func names(in directory: RepoPath, of tree: TreeID) async throws -> [String]
    func isAncestor(_ commit: CommitID, of descendant: CommitID) async throws -> Bool
    /// Joins what two sides did since their ancestor.
    func merge(ancestor: TreeID, ours: TreeID, theirs: TreeID) async throws -> Merge
    /// The paths that differ, with contents up to a limit.
    func change(from: TreeID, to: TreeID) async throws -> Change
    /// The paths that differ, with modes and ids alone: no size, no content.
    func outline(from: TreeID, to: TreeID) async throws -> Change
    /// Where files went that were moved from one tree to the other, by their old path; told as `merge` tells it.
    func renames(from: TreeID, to: TreeID) async throws -> [RepoPath: RepoPath]
    /// The change as a unified diff, cut at `limit` bytes.
    func diff(from: TreeID, to: TreeID, limit: Int) async throws -> String
    /// The tree with these paths as they are in `source`; a path that `source` lacks is removed.
    func overlaying(_ paths: [RepoPath], from source: TreeID, onto tree: TreeID) async throws -> TreeID
    /// The tree with this content at a path.
    func putting(_ content: [UInt8], at path: RepoPath, into tree: TreeID) async throws -> TreeID
    /// The fingerprint that this content has, stored or not.
    func fingerprint(of content: [UInt8]) async throws -> BlobID
    /// Writes a commit; no branch moves.
    func commit(_ draft: CommitDraft) async throws -> CommitID
    /// The id that a commit has, written or not.
    func identity(of draft: CommitDraft) async throws -> CommitID
    /// What a commit says.
    func facts(of commit: CommitID) async throws -> CommitFacts
    /// The commits of the main branch by first parent, newest first.
    func mainLine() async throws -> [CommitID]
    /// Where the PR's branch stands; nil when there is none.
    func branch(_ name: String) async throws -> CommitID?
    /// The newest commit that both contain; nil when they share none.
    func mergeBase(_ a: CommitID, _ b: CommitID) async throws -> CommitID?
    /// Shows a PR's head as its branch and as `refs/pull/<n>/head`. A projection: it may be repaired, never trusted.
    ///
    /// Throws `ForeignPush` when somebody has pushed to the branch since it was shown last, unless the branch still
    /// stands at `over`, which the caller knows: nobody's work may vanish from its branch unseen.
    func project(_ pr: PullRequest, over known: CommitID?) async throws
    /// Puts the certified squash on the main branch and `landed`, or `reverted`, into the journal, both or none. Nothing
    /// lands while the PR's branch holds what the line has not put there.
    func land(_ tip: Tip, entry: Entry) async throws -> Landing
    /// Records a landing that the forge has made of this PR's certificate and nobody has recorded yet. Nil: there is none.
    /// Never lands anything.
    func landedByForge(_ tip: Tip) async throws -> Landing?
    /// Keeps work that did not become a head, under the journal's `refs/factory/rescue/<n>/<attempt>`. `lacking` says,
    /// a sentence for each, what of it no tree can hold.
    func rescue(_ tree: TreeID, of pr: PullRequest, attempt: String, lacking: [String]) async throws -> CommitID
}

extension Hub {
    /// Shows a PR's head where the line itself has shown the last one.
    package func project(_ pr: PullRequest) async throws { try await project(pr, over: nil) }
}

/// The branch of a PR stands at a commit that the line has not put there.
package struct ForeignPush: Error, Hashable, CustomStringConvertible {
    package let branch: String
    package let commit: CommitID

    package init(branch: String, commit: CommitID) {
        self.branch = branch
        self.commit = commit
    }

    package var description: String {
        "somebody pushed \(commit.short) to \(branch), which stays there until the line takes it up"
    }
}

/// What a merge gave.
package enum Merge: Hashable, Sendable {
    case clean(TreeID)
    /// Both sides changed these paths; `marked` holds them with conflict markers.
    case conflict([RepoPath], marked: TreeID)
}

/// A commit to be written.
package struct CommitDraft: Sendable {
    package var tree: TreeID
    package var parents: [CommitID]
    package var author: Person
    package var message: String
    /// For author and committer alike, so that a rebuild gives the same id.
    package var time: Timestamp

    package init(tree: TreeID, parents: [CommitID], author: Person, message: String, time: Timestamp) {
        self.tree = tree
        self.parents = parents
        self.author = author
        self.message = message
        self.time = time
    }
}

/// What a commit says.
package struct CommitFacts: Hashable, Sendable {
    package var tree: TreeID
    package var parents: [CommitID]
    package var message: String
    package init(tree: TreeID, parents: [CommitID], message: String) {
        self.tree = tree
        self.parents = parents
        self.message = message
    }
}

/// How an attempt to land ended.
package enum Landing: Hashable, Sendable {
    case landed(Tip)
    /// The main branch stands elsewhere now.
    case mainMoved(CommitID)
    /// Somebody has pushed this to the PR's branch, and the line has not taken it up yet.
    case branchMoved(CommitID)
    /// An entry came first, such as a person's `close`.
    case journalMoved
    /// The line is stopped: nothing lands but a revert.
    case lineStopped
    /// Other holdouts are in force than it was certified with.
    case holdoutsMoved
    /// The remote does not take it, and says why.
    case refused(String)
    /// Something landed that is not what was certified, or cannot be recorded; in what way.
    case unrecognised(String)
}
