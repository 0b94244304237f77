import CGit2
package import FactoryCore
package import FactoryFiles
import Glibc

/// A pooled working directory in which one agent or check runs at a time.
///
/// The lane knows which tree its files are, and proves it with a trusted index: one stamp for each file, kept outside
/// the reach of whoever works in the lane. So showing another tree, looking for changes and undoing them cost what
/// changed. Nothing that lies in the lane is believed: no index, no configuration, no link.
///
/// Calls block, and a lane belongs to one caller at a time. The hub's handle is used within each call.
///
///     lane.show(tree) → lane.lend() → an agent works and ends → lane.scan() → lane.snapshot() → lane.reset()
package final class Lane {
    /// Holds the files in `tree` and, beside them, what the lane remembers.
    package let directory: String
    /// The trees come from here, and snapshots go here.
    let hub: Repository
    /// Untracked paths that a reset leaves and a snapshot never takes.
    package let caches: [Glob]
    package var limits = LaneLimits()
    let root: OpenDirectory
    /// What the files are known to be; nil when nothing is known of them.
    package internal(set) var tree: TreeID?
    var tracked = TrackedDirectory()
    /// The last scan, while nobody else may have written since.
    private var fresh: LaneStatus?
    /// Whether there may be more among the files than `fresh` tells of, by our own doing.
    private var holdsMore = false
    private let watch = LaneWatch()
    /// Files written since the index was saved. What is not saved has to be read again after a restart.
    var unsaved = 0
    var isSaved = false
    private static let manyFiles = 200
    /// When the files were handed to others last, in nanoseconds since 1970.
    private(set) var lent: Int64
    /// What was known when the files were handed out last, for the case that nobody can write to them.
    private var known: LaneStatus?
    /// What was put into `.git`.
    var git = LaneGit()
    /// Grows whenever a tracked file was written or taken over.
    private(set) var generation = 0

    private init(directory: String, root: OpenDirectory, hub: Repository, caches: [Glob]) {
        self.directory = directory
        self.root = root
        self.hub = hub
        self.caches = caches
        lent = currentMoment()
    }

    /// Opens the lane at a directory, which is made if it is missing. What was remembered of its files is trusted as
    /// far as their stamps agree; when it is gone or damaged every file is read again before it is believed.
    package static func open(at directory: String, hub: Repository, keep: [Glob] = []) throws(SystemError) -> Lane {
        let files = Paths.join(directory, "tree")
        try Files.makeDirectory(files)
        guard chmod(files, 0o755) == 0 else { throw SystemError("chmod", files) }
        let home = try Paths.resolve(directory)
        let root = try OpenDirectory.open(root: Paths.join(home, "tree"))
        let lane = Lane(directory: home, root: root, hub: hub, caches: keep)
        lane.load()
        return lane
    }

    /// Where the files are: the working directory of an agent. Call `lend` before anyone writes there.
    package var path: String { Paths.join(directory, "tree") }

    /// Hands the files to someone who may change anything among them. What was known of them must be proven again;
    /// `asShown` says that they are just as they were shown, in case they are reclaimed.
    package func lend(asShown: Bool = false) {
        known = asShown ? fresh : nil
        lent = currentMoment()
        if let fresh {
            let isExact = tree != nil && !holdsMore && fresh.isPristine && fresh.caches.isEmpty
            if isExact { watch.arm(tracked, generation: generation, in: root) } else { watch.disarm() }
        }
        fresh = nil
    }

    /// Takes the files back from someone who could not write to them: what was known of them still holds.
    package func reclaim() {
        watch.disarm()
        fresh = known
        known = nil
    }

    /// How the files differ from the tree. Looks at what was touched only, where that is known, reads only what changed,
    /// and writes nothing. Costs nothing when nobody wrote since the last scan.
    package func scan() -> LaneStatus {
        if let fresh { return fresh }
        let status = watch.take().flatMap(look) ?? look()
        fresh = status
        holdsMore = false
        return status
    }

    /// Looks at all files, whatever is known of them.
    func look(intoRepositories: Bool = false) -> LaneStatus {
        var scan = LaneScan(
            limits: limits, caches: caches, lent: lent, entersRepositories: intoRepositories, sizeOfBlob: sizeOfBlob)
        return scan.run(tracked, in: root)
    }

    /// Nil when a touched file has further names, which may be those of files that no event has named.
    private func look(at touches: LaneTouches) -> LaneStatus? {
        var scan = LaneScan(limits: limits, caches: caches, lent: lent, touches: touches, sizeOfBlob: sizeOfBlob)
        let status = scan.run(tracked, in: root)
        return scan.metHardLink ? nil : status
    }

    private func sizeOfBlob(_ id: git_oid) -> Int? { try? hub.size(of: BlobID(id)) }

    /// Brings the files to exactly that tree, caches aside; what was done to them since the last tree is undone first.
    /// Throws `GitError` and `SystemError`; after either nothing is taken for granted, and the next call reads all.
    package func show(_ wanted: TreeID) throws {
        try distrustingOnFailure {
            if !git.isLaidOut { try root.remove(EntryName(".git")) }
            guard let tree else {
                tracked = try hub.unproven(git_oid(wanted))
                tree = wanted
                fresh = nil
                return try reset()
            }
            try reset()
            guard wanted != tree else { return }
            let differences = try hub.differences(from: tree, to: wanted)
            var writer = LaneWriter(hub, root, tracked)
            for gone in differences where gone.after == nil { try writer.remove(gone.path) }
            for difference in differences {
                guard let file = difference.after else { continue }
                try writer.put(file.kind, git_oid(file.blob), at: difference.path)
            }
            try finish(&writer)
            self.tree = wanted
        }
    }

    /// Undoes whatever was done to the files since the tree was shown or the last snapshot was taken: changed and
    /// deleted files are restored, untracked and ignored ones removed, all but caches. New files can be
    /// left; call `lend` then before the next look. Throws as `show` does.
    package func reset(leaving left: NewFiles? = nil) throws {
        try distrustingOnFailure {
            // A directory that was closed shows what is in it only after it was opened.
            for _ in 0...limits.depth {
                let status = scan()
                if status.isPristine { return }
                try undo(status, leaving: left)
                let mustLookAgain = status.problems.contains { if case .unreadable = $0.kind { true } else { false } }
                fresh = mustLookAgain ? nil : LaneStatus(caches: status.caches)
                holdsMore = left != nil
                if !mustLookAgain { return }
            }
        }
    }

    private func undo(_ status: LaneStatus, leaving left: NewFiles?) throws {
        for path in status.misfits { try openUp(path) }
        var writer = LaneWriter(hub, root, tracked)
        let added = status.changes.filter { $0.kind == .added }.map(\.path) + status.leftovers
        let removed: [RepoPath] =
            switch left {
            case nil: added + status.ignored
            case .ignored: added + status.ignored.filter(ProtectedNames.steersAgents)
            case .all: []
            }
        for path in removed.sorted() {
            try writer.remove(path, untracked: true)
        }
        let damaged = status.changes.filter { $0.kind != .added }.map(\.path) + status.misfits
        for path in damaged.sorted() {
            switch tracked.content(at: path) {
            case .file(let file)?: try writer.put(file.mode, file.blob, at: path)
            case .submodule(let commit)?: try writer.put(.submodule, commit, at: path)
            case .directory?, nil: break
            }
        }
        try finish(&writer)
    }

    private func finish(_ writer: inout LaneWriter) throws {
        try writer.finish()
        unsaved += writer.count
        generation += 1
        if unsaved > Self.manyFiles || !isSaved { try save() }
    }

    private func openUp(_ path: RepoPath) throws(SystemError) {
        if path.bytes.isEmpty {
            guard fchmod(root.descriptor, 0o755) == 0 else { throw SystemError("chmod", self.path) }
        } else if let (directory, name) = try locate(path) {
            try directory.openUp(name)
        }
    }

    /// The directory that a path lies in, and the name it has there; nil when there is no such directory.
    func locate(_ path: RepoPath) throws(SystemError) -> (OpenDirectory, EntryName)? {
        var parts = path.entryNames
        guard let name = parts.popLast() else { return nil }
        var directory = root
        for part in parts {
            guard let next = try directory.existingChild(part) else { return nil }
            directory = next
        }
        return (directory, name)
    }

    /// No cache is among the files any more, as far as the last scan matters.
    func forgetCaches() { fresh?.caches = [] }

    /// Something that the last scan does not know is about to be put among the files.
    func expectMore() { holdsMore = true }

    /// The files are that tree now, and so recorded; the rest is in the status, or unknown without one.
    func adopt(_ tree: TreeID, leaving status: LaneStatus?) {
        self.tree = tree
        fresh = status
        generation += 1
    }

    private func distrustingOnFailure(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            tree = nil
            tracked = TrackedDirectory()
            fresh = nil
            watch.forget()
            throw error
        }
    }
}

extension LaneStatus {
    init(caches: [RepoPath]) { self.caches = caches }
}
