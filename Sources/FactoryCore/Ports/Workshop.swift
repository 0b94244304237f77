/// Pooled working directories.
package protocol Workshop: Sendable {
    /// A lane for a session of this PR. The lane remembers the session's token until it is released, so that one whose
    /// process has died is not given to anybody before its processes have been ended.
    func acquire(for pr: PRNumber, session: String, keep: [String]) async throws -> any Lane
    /// The PRs in whose lanes a process has died.
    func abandoned() async throws -> [PRNumber]
    /// The lanes in which a process has died over this PR. They are the caller's, who releases them.
    func takeAbandoned(by pr: PRNumber, keep: [String]) async throws -> [AbandonedLane]
    /// Gives a lane back. It keeps its content for the next one.
    func release(_ lane: any Lane) async
    /// Gives a lane back with nothing in it but what runs on the main branch's tree have left. Throws when something
    /// could not be removed; the lane is given to nobody then.
    func discard(_ lane: any Lane) async throws
    /// Gives a lane up in the middle of its session, as a process that dies does: what is in it is saved before anybody
    /// else gets it.
    func abandon(_ lane: any Lane) async
}

/// A lane as a process that died has left it.
package struct AbandonedLane: Sendable {
    /// The token of the session that ran in it; its processes may still be there.
    package var session: String
    package var lane: any Lane

    package init(session: String, lane: any Lane) {
        self.session = session
        self.lane = lane
    }
}

/// A working directory in which one agent or check runs. It is never trusted: what counts is what a look at it shows.
package protocol Lane: Sendable {
    /// Where the tree is laid out; an absolute path.
    var directory: String { get }
    /// Lays out a tree, with a throwaway repository around it that knows this head and the main branch.
    func show(_ layout: Layout) async throws
    /// Says that whoever had the lane since it was laid out could not write to it.
    func reclaim() async
    /// Looks at what has changed since the tree was laid out. Writes nothing.
    func inspect() async throws -> Inspection
    /// Stores what `inspect` found and gives the tree that the lane holds.
    func snapshot() async throws -> TreeID
    /// Stores whatever a tree can hold of what `inspect` found, problems or not, and gives that tree. Nothing is undone.
    func salvage() async throws -> TreeID
    /// Undoes everything since the tree was laid out, or since the last snapshot.
    func reset() async throws
    /// Restores the files of the tree and its repository, and removes new files but for those that are to be left.
    func tidy(leaving left: NewFiles) async throws
    /// Copies the files that match out of the lane, in the order of their names: regular files only, no link followed.
    /// What goes beyond the bounds or cannot be read is left out.
    func copyOut(_ patterns: [Glob], to directory: String, within bounds: CopyBounds) async throws -> CopiedFiles
    /// Whether a run on the main branch's tree has left caches for this lane.
    func cachesAreKept() async -> Bool
    /// Copies the kept caches into the tree, in place of those that the run before has left there.
    func loadCaches() async throws
    /// Keeps the caches that are in the tree now. Only for a run on the main branch's own tree.
    func keepCaches() async throws
}

/// New files in a lane, by what git thinks of them.
package enum NewFiles: Sendable {
    /// Those that git ignores.
    case ignored
    /// All of them.
    case all
}

/// What a lane is to show.
package struct Layout: Hashable, Sendable {
    package var tree: TreeID
    /// What `git log` in the lane starts from.
    package var head: CommitID
    package var main: CommitID
    package init(tree: TreeID, head: CommitID, main: CommitID) {
        self.tree = tree
        self.head = head
        self.main = main
    }
}

/// What an agent left in its lane.
package struct Inspection: Sendable {
    /// Changed files with their content, as a change against the tree that was laid out.
    package var change: Change
    /// What no tree can hold or no PR may bring: nested repositories, devices, giants.
    package var problems: [Violation]
    /// What no tree holds and nobody misses, such as sockets: a sentence for each.
    package var leftOut: [String]
    package init(change: Change, problems: [Violation] = [], leftOut: [String] = []) {
        self.change = change
        self.problems = problems
        self.leftOut = leftOut
    }
    package var isUntouched: Bool { change.files.isEmpty && problems.isEmpty }
}

/// The most that is copied out of a lane.
package struct CopyBounds: Hashable, Sendable {
    package var files: Int
    /// Of all files together.
    package var bytes: Int
    package init(files: Int, bytes: Int) {
        self.files = files
        self.bytes = bytes
    }
}

/// What came of copying files out of a lane.
package struct CopiedFiles: Hashable, Sendable {
    package var files = 0
    package var bytes = 0
    /// Files that matched and were not copied.
    package var leftOut = 0
    package init() {}
}
