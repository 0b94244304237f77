import CGit2
import FactoryCore

/// What has to be removed and put to turn one tree into another. Directories that are the same are not read.
struct TreeDelta {
    struct Put {
        let path: RepoPath
        let mode: FileVersion.Mode
        let id: git_oid
    }
    /// Files, links and submodules that are gone or make room for a directory; sorted.
    private(set) var removed: [RepoPath] = []
    /// Sorted.
    private(set) var put: [Put] = []

    var isEmpty: Bool { removed.isEmpty && put.isEmpty }

    init(from old: TreeID, to new: TreeID, in hub: Repository) throws(GitError) {
        guard old != new else { return }
        try compare(git_oid(old), git_oid(new), at: RepoPath(""), in: hub)
        removed.sort()
        put.sort { $0.path < $1.path }
    }

    private mutating func compare(
        _ old: git_oid?, _ new: git_oid?, at path: RepoPath, in hub: Repository
    ) throws(GitError) {
        var before: [[UInt8]: RawTree.Entry] = [:]
        if let old { for entry in try hub.rawTree(old).entries { before[Array(entry.name)] = entry } }
        if let new {
            for entry in try hub.rawTree(new).entries {
                try compare(before.removeValue(forKey: Array(entry.name)), entry, at: path.appending(Array(entry.name)), in: hub)
            }
        }
        for (name, entry) in before { try compare(entry, nil, at: path.appending(name), in: hub) }
    }

    private mutating func compare(
        _ old: RawTree.Entry?, _ new: RawTree.Entry?, at path: RepoPath, in hub: Repository
    ) throws(GitError) {
        if let old, let new, old.id == new.id, old.mode == new.mode { return }
        if old?.isTree == true || new?.isTree == true {
            try compare(
                old.flatMap { $0.isTree ? $0.id : nil }, new.flatMap { $0.isTree ? $0.id : nil }, at: path, in: hub)
        }
        let wasLeaf = old.map { !$0.isTree } ?? false
        guard let new, !new.isTree else {
            if wasLeaf { removed.append(path) }
            return
        }
        put.append(Put(path: path, mode: FileVersion.Mode(normalizing: new.mode), id: new.id))
    }
}

extension FileVersion.Mode {
    /// Old repositories hold modes such as 0100664, which mean no more than these.
    init(normalizing mode: UInt32) {
        self = FileVersion.Mode(rawValue: mode) ?? (mode & 0o100 != 0 ? .executable : .file)
    }
}

extension Repository {
    /// A tree as an index that believes nothing about the disk.
    func unproven(_ tree: git_oid) throws(GitError) -> TrackedDirectory {
        let directory = TrackedDirectory()
        for entry in try rawTree(tree).entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            let name = EntryName(entry.name)
            if entry.isTree {
                directory[name] = .directory(try unproven(entry.id))
            } else if entry.mode == RawTree.submodule {
                directory[name] = .submodule(entry.id)
            } else {
                let mode = FileVersion.Mode(normalizing: entry.mode)
                directory[name] = .file(TrackedFile(mode: mode, blob: entry.id, stamp: nil))
            }
        }
        return directory
    }
}
