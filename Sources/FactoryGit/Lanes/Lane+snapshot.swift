import CGit2
package import FactoryCore
import FactoryFiles

/// A tree that was made of a lane's files.
package struct Snapshot: Hashable, Sendable {
    package let tree: TreeID
    /// What it changed, sorted by path.
    package let changes: [LaneChange]
    /// What a person should see, though it did not forbid the snapshot.
    package let problems: [LaneProblem]
}

/// Why no snapshot was taken.
package enum SnapshotError: Error, Hashable, CustomStringConvertible {
    /// The files cannot be delivered as they are; nothing was written.
    case refused([LaneProblem])
    /// The file is not what the scan saw: someone still writes in the lane.
    case changedMeanwhile(RepoPath)
    /// No tree was shown yet, so there is nothing that changes could be made to.
    case nothingShown

    package var description: String {
        switch self {
        case .refused(let problems):
            "no snapshot can be taken: " + problems.map(\.description).joined(separator: "; ")
        case .changedMeanwhile(let path):
            "\(path) changed after it was looked at: end every process in the lane, then scan again"
        case .nothingShown: "the lane shows no tree yet: show one first"
        }
    }
}

extension Lane {
    /// The bytes of a changed file as the scan saw them, to be judged before they are stored anywhere. Empty for a
    /// deleted one. Throws `SnapshotError.changedMeanwhile` and `SystemError`.
    package func content(of change: LaneChange) throws -> [UInt8] {
        guard let version = change.after else { return [] }
        guard let (directory, name) = try locate(change.path) else {
            throw SnapshotError.changedMeanwhile(change.path)
        }
        if version.mode == .symlink {
            guard try directory.stamp(of: name) == version.stamp else {
                throw SnapshotError.changedMeanwhile(change.path)
            }
            return try directory.readLink(name)
        }
        let (bytes, stamp) = try directory.readFile(name, limit: version.size)
        guard stamp == version.stamp else { throw SnapshotError.changedMeanwhile(change.path) }
        return bytes
    }

    /// Stores the changed files and the tree they make, without any filter, and takes that tree for what the lane
    /// holds. Ignored files, caches and leftovers stay where they are until `reset`. Nothing is stored unless the scan
    /// found nothing that forbids it. Throws `SnapshotError`, `GitError`, `SystemError`.
    package func snapshot() throws -> Snapshot {
        guard let tree else { throw SnapshotError.nothingShown }
        var status = scan()
        guard status.obstacles.isEmpty else { throw SnapshotError.refused(status.obstacles) }
        guard !status.changes.isEmpty else { return Snapshot(tree: tree, changes: [], problems: status.problems) }
        let new = try hub.updating(tree, edits(storing: status.changes))
        let snapshot = Snapshot(tree: new, changes: status.changes, problems: status.problems)
        for change in status.changes where change.after == nil { tracked.set(nil, at: change.path) }
        for change in status.changes {
            guard let version = change.after else { continue }
            let file = TrackedFile(mode: version.mode, blob: try git_oid(version.blob), stamp: version.stamp)
            tracked.set(.file(file), at: change.path)
        }
        // Directories that lost their last file may be there still, for a reset to find.
        let isEmptied = status.changes.contains { change in
            change.after == nil && change.path.parent.map { !isTracked($0) } == true
        }
        status.changes = []
        status.problems = []
        adopt(new, leaving: isEmptied ? nil : status)
        return snapshot
    }

    /// Stores whatever a tree can hold of the files, also where a snapshot is refused, and gives that tree: without the
    /// special files, the giants and the git directories, but with the files of repositories below. The lane goes on
    /// to show the tree that it showed; `reset` is what comes next. Throws as `snapshot` does.
    package func salvage() throws -> TreeID {
        guard let tree else { throw SnapshotError.nothingShown }
        return try hub.updating(tree, edits(storing: look(intoRepositories: true).changes))
    }

    private func edits(storing changes: [LaneChange]) throws -> [(RepoPath, TreeEdit)] {
        try changes.map { change in
            guard let version = change.after else { return (change.path, .remove) }
            guard try hub.write(blob: content(of: change)) == version.blob else {
                throw SnapshotError.changedMeanwhile(change.path)
            }
            return (change.path, .set(version.mode, version.blob))
        }
    }

    private func isTracked(_ path: RepoPath) -> Bool {
        if case nil = tracked.content(at: path) { return false }
        return true
    }
}
