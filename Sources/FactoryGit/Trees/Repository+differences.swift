import CGit2
package import FactoryCore

/// A file, link or submodule in a tree.
package struct TreeFile: Hashable, Sendable {
    /// Git's mode, as in `FileVersion.Mode`; old repositories have others, such as 0o100664.
    package let mode: UInt32
    /// The content; for a submodule the commit it stands at.
    package let blob: BlobID

    /// The mode in today's words.
    package var kind: FileVersion.Mode {
        FileVersion.Mode(rawValue: mode) ?? (mode & 0o100 == 0 ? .file : .executable)
    }
}

/// One path at which two trees differ.
package struct TreeDifference: Hashable, Sendable {
    package let path: RepoPath
    /// Nil: the path is new.
    package let before: TreeFile?
    /// Nil: the path is gone.
    package let after: TreeFile?
}

extension Repository {
    /// Every path at which two trees differ, sorted by path; a rename is a removal and an addition.
    ///
    /// Directories that are equal are not read, so the cost follows the change.
    package func differences(from before: TreeID, to after: TreeID) throws(GitError) -> [TreeDifference] {
        var found: [TreeDifference] = []
        try compare(git_oid(before), git_oid(after), at: [], into: &found)
        return found
    }

    /// Where files went that were moved from one tree to the other, by their old path; told as a merge tells it.
    package func renames(from before: TreeID, to after: TreeID) throws(GitError) -> [RepoPath: RepoPath] {
        let (old, new) = (try handle(of: before), try handle(of: after))
        defer {
            git_tree_free(old)
            git_tree_free(new)
        }
        var diff: OpaquePointer?
        try check(git_diff_tree_to_tree(&diff, handle, old, new, nil), "compare two trees")
        defer { git_diff_free(diff) }
        var options = git_diff_find_options()
        git_diff_find_options_init(&options, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION))
        options.flags = GIT_DIFF_FIND_RENAMES.rawValue
        try check(git_diff_find_similar(diff, &options), "look for moved files")
        var moved: [RepoPath: RepoPath] = [:]
        for index in 0..<git_diff_num_deltas(diff) {
            guard let delta = git_diff_get_delta(diff, index)?.pointee, delta.status == GIT_DELTA_RENAMED,
                let from = delta.old_file.path, let to = delta.new_file.path
            else { continue }
            moved[RepoPath(bytes: Self.bytes(from))] = RepoPath(bytes: Self.bytes(to))
        }
        return moved
    }

    private func handle(of tree: TreeID) throws(GitError) -> OpaquePointer? {
        var id = try git_oid(tree)
        var found: OpaquePointer?
        try check(git_tree_lookup(&found, handle, &id), "the tree \(tree.short)")
        return found
    }

    private func compare(
        _ before: git_oid?, _ after: git_oid?, at prefix: [UInt8], into found: inout [TreeDifference]
    ) throws(GitError) {
        if let before, let after, before == after { return }
        let old = try entries(before)
        let new = try entries(after)
        var left = 0
        var right = 0
        while left < old.count || right < new.count {
            if left < old.count, right < new.count, old[left] == new[right] {
                (left, right) = (left + 1, right + 1)
                continue
            }
            let order =
                left == old.count ? 1 : right == new.count ? -1 : RawTree.Entry.compare(old[left], new[right])
            try note(
                order <= 0 ? old[left] : nil, order >= 0 ? new[right] : nil, at: prefix, into: &found)
            if order <= 0 { left += 1 }
            if order >= 0 { right += 1 }
        }
    }

    /// Both entries, where both are there, have one name and are both directories or neither is.
    private func note(
        _ before: RawTree.Entry?, _ after: RawTree.Entry?, at prefix: [UInt8], into found: inout [TreeDifference]
    ) throws(GitError) {
        guard let entry = before ?? after else { return }
        if let before, let after, before.id == after.id, before.mode == after.mode { return }
        if entry.isTree {
            try compare(before?.id, after?.id, at: prefix + entry.name + [UInt8(ascii: "/")], into: &found)
        } else {
            found.append(
                TreeDifference(
                    path: RepoPath(bytes: prefix + entry.name), before: before.map(TreeFile.init),
                    after: after.map(TreeFile.init)))
        }
    }

    private func entries(_ id: git_oid?) throws(GitError) -> [RawTree.Entry] {
        guard let id else { return [] }
        return try rawTree(id).entries
    }

    /// The change between two trees with the content of both sides.
    ///
    /// A file above `contentLimit` bytes, and what comes after `totalLimit` bytes in all, is named but not loaded.
    package func change(
        from before: TreeID, to after: TreeID, contentLimit: Int = 1 << 20, totalLimit: Int = 64 << 20
    ) throws(GitError) -> Change {
        var left = totalLimit
        var files: [FileChange] = []
        for difference in try differences(from: before, to: after) {
            let old = try version(difference.before, limit: contentLimit, left: &left)
            let new = try version(difference.after, limit: contentLimit, left: &left)
            files.append(FileChange(path: difference.path, before: old, after: new))
        }
        return Change(files: files)
    }

    private func version(_ file: TreeFile?, limit: Int, left: inout Int) throws(GitError) -> FileVersion? {
        guard let file else { return nil }
        guard file.kind != .submodule else {
            return FileVersion(mode: .submodule, blob: file.blob, size: 0, content: nil)
        }
        let size = try size(of: file.blob)
        guard size <= min(limit, left) else {
            return FileVersion(mode: file.kind, blob: file.blob, size: size, content: nil)
        }
        left -= size
        return FileVersion(
            mode: file.kind, blob: file.blob, size: size, content: try read(file.blob, limit: size))
    }
}

extension TreeFile {
    init(_ entry: RawTree.Entry) {
        mode = entry.mode
        blob = BlobID(entry.id)
    }
}
