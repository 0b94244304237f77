import CGit2
package import FactoryCore

/// One name in a directory.
package struct TreeEntry: Hashable, Sendable {
    /// One part of a path, as git stores it.
    package let name: [UInt8]
    /// Git's mode: 0o040000 for a directory, else as in `FileVersion.Mode`.
    package let mode: UInt32
    /// The id of a blob, a tree or a submodule's commit.
    package let hex: String

    package var isDirectory: Bool { mode == RawTree.directory }
    package var blob: BlobID { BlobID(hex) }
    package var tree: TreeID { TreeID(hex) }

    init(_ entry: RawTree.Entry) {
        name = Array(entry.name)
        mode = entry.mode
        hex = entry.id.hex
    }
}

extension Repository {
    /// What a directory holds, in git's order.
    package func entries(of tree: TreeID) throws(GitError) -> [TreeEntry] {
        try rawTree(git_oid(tree)).entries.map { TreeEntry($0) }
    }

    /// What stands at a path; nil when nothing does.
    ///
    /// The empty path is nothing.
    package func entry(at path: RepoPath, in tree: TreeID) throws(GitError) -> TreeEntry? {
        var id = try git_oid(tree)
        let parts = path.bytes.split(separator: UInt8(ascii: "/"))
        for (index, part) in parts.enumerated() {
            guard let entry = try rawTree(id).entries.first(where: { $0.name == part }) else { return nil }
            if index == parts.count - 1 { return TreeEntry(entry) }
            guard entry.isTree else { return nil }
            id = entry.id
        }
        return nil
    }

    /// Where submodules stand in a tree, sorted by path. Reads every directory.
    package func submodules(in tree: TreeID) throws(GitError) -> [RepoPath] {
        var found: [RepoPath] = []
        try findSubmodules(git_oid(tree), at: RepoPath(""), into: &found)
        return found.sorted()
    }

    private func findSubmodules(_ id: git_oid, at path: RepoPath, into found: inout [RepoPath]) throws(GitError) {
        for entry in try rawTree(id).entries {
            let place = path.appending(Array(entry.name))
            if entry.isTree { try findSubmodules(entry.id, at: place, into: &found) }
            if entry.mode == RawTree.submodule { found.append(place) }
        }
    }

    func rawTree(_ id: git_oid) throws(GitError) -> RawTree {
        let tree = try withObject(id, GIT_OBJECT_TREE) { bytes throws(GitError) in RawTree(bytes) }
        guard let tree else { throw GitError.failed("read the tree \(id.hex)", "it is damaged") }
        return tree
    }
}
