import CGit2
package import FactoryCore

/// What to do at a path of a tree.
package enum TreeEdit: Hashable, Sendable {
    /// Put a file there, in place of whatever stands there or in the way.
    case set(FileVersion.Mode, BlobID)
    /// Remove whatever stands there, a file or a whole directory; nothing there is fine.
    case remove
}

extension Repository {
    /// A tree with some paths changed.
    ///
    /// The cost follows the change: only directories on the way to an edit are read and written. Removals come before
    /// additions, so an edit may turn a file into a directory and back; a directory that becomes empty is gone. Of two
    /// edits of one path the later counts. Throws `.failed` for paths that git forbids, and for a file to be put both
    /// at a path and below it.
    package func updating(_ tree: TreeID, _ edits: [(RepoPath, TreeEdit)]) throws(GitError) -> TreeID {
        guard !edits.isEmpty else { return tree }
        var prepared: [PathEdit] = []
        prepared.reserveCapacity(edits.count)
        for (path, edit) in edits { prepared.append(try PathEdit(path, edit)) }
        guard let id = try updated(git_oid(tree), prepared[...], depth: 0) else { return .empty }
        return TreeID(id)
    }

    /// Nil when nothing is left.
    private func updated(_ base: git_oid?, _ edits: ArraySlice<PathEdit>, depth: Int) throws(GitError) -> git_oid? {
        var groups: [ArraySlice<UInt8>: [PathEdit]] = [:]
        for edit in edits { groups[edit.parts[depth], default: []].append(edit) }
        var result = RawTree()
        for entry in try base.map({ id throws(GitError) in try rawTree(id).entries }) ?? [] {
            guard let group = groups.removeValue(forKey: entry.name) else {
                result.entries.append(entry)
                continue
            }
            if let new = try edited(entry, group, depth: depth) { result.entries.append(new) }
        }
        for group in groups.values {
            if let new = try edited(nil, group, depth: depth) { result.entries.append(new) }
        }
        return result.entries.isEmpty ? nil : try write(result.encoded, as: GIT_OBJECT_TREE)
    }

    /// What becomes of one name; the edits all begin with it.
    private func edited(
        _ entry: RawTree.Entry?, _ edits: [PathEdit], depth: Int
    ) throws(GitError) -> RawTree.Entry? {
        let here = edits.last { $0.parts.count == depth + 1 }
        let below = edits.filter { $0.parts.count > depth + 1 }
        let additions = below.contains { $0.edit != .remove }
        let name = edits[0].parts[depth]
        if let here, case .set(let mode, let blob) = here.edit {
            guard !additions else {
                throw GitError.failed(
                    "edit a tree", "\(RepoPath(bytes: here.bytes)) is to be both a file and a directory")
            }
            return RawTree.Entry(name: name, mode: mode.rawValue, id: try git_oid(blob))
        }
        let rest = here == nil ? entry : nil
        // Removals below a file have nothing to remove.
        guard !below.isEmpty, additions || rest?.isTree == true else { return rest }
        let base = rest.flatMap { $0.isTree ? $0.id : nil }
        return try updated(base, below[...], depth: depth + 1).map {
            RawTree.Entry(name: name, mode: RawTree.directory, id: $0)
        }
    }
}

/// An edit with its path taken apart, and found fit to stand in a tree.
private struct PathEdit {
    let bytes: [UInt8]
    let parts: [ArraySlice<UInt8>]
    let edit: TreeEdit

    init(_ path: RepoPath, _ edit: TreeEdit) throws(GitError) {
        bytes = path.bytes
        parts = path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        self.edit = edit
        guard parts.allSatisfy(Self.isAllowed) else {
            throw GitError.failed("edit a tree", "git does not allow the path '\(path)'")
        }
    }

    /// No empty part, no `.`, `..` or `.git` in any case, and no zero byte.
    private static func isAllowed(_ part: ArraySlice<UInt8>) -> Bool {
        guard !part.isEmpty, part.first == UInt8(ascii: ".") else { return !part.isEmpty && !part.contains(0) }
        let lower = part.map { (65...90).contains($0) ? $0 + 32 : $0 }
        return !part.contains(0) && ![Array(".".utf8), Array("..".utf8), Array(".git".utf8)].contains(lower)
    }
}
