import CGit2
import FactoryCore

extension Repository {
    /// Merges trees in which both sides changed some file.
    ///
    /// libgit2 would read all three trees whole, so it gets trees that hold the changed paths alone; what it makes of
    /// them is put into `ours`.
    func mergeContents(
        ancestor: TreeID, ours: TreeID, theirs: TreeID, labels: (ours: String, theirs: String)
    ) throws(GitError) -> MergeOutcome {
        let changed = try changedPaths(ancestor, ours, theirs)
        let index = try mergedIndex(
            ancestor: excerpt(changed, \.ancestor), ours: excerpt(changed, \.ours),
            theirs: excerpt(changed, \.theirs))
        defer { index.free() }
        var edits: [(RepoPath, TreeEdit)] = changed.keys.map { ($0, .remove) }
        for (path, file) in index.merged { edits.append((path, .set(file.kind, file.blob))) }
        let conflicts = try index.conflicts()
        for conflict in conflicts {
            if let file = try marked(conflict, labels) { edits.append((conflict.path, .set(file.kind, file.blob))) }
        }
        let tree = try updating(ours, Self.withoutClashes(edits))
        return conflicts.isEmpty
            ? .clean(tree) : .conflict(paths: Set(conflicts.map(\.path)).sorted(), marked: tree)
    }

    /// A path on the three sides.
    private struct Versions {
        var ancestor: TreeFile?
        var ours: TreeFile?
        var theirs: TreeFile?
    }

    private func changedPaths(
        _ ancestor: TreeID, _ ours: TreeID, _ theirs: TreeID
    ) throws(GitError) -> [RepoPath: Versions] {
        var changed: [RepoPath: Versions] = [:]
        for difference in try differences(from: ancestor, to: ours) {
            changed[difference.path] = Versions(
                ancestor: difference.before, ours: difference.after, theirs: difference.before)
        }
        for difference in try differences(from: ancestor, to: theirs) {
            changed[
                difference.path, default: Versions(ancestor: difference.before, ours: difference.before, theirs: nil)
            ].theirs = difference.after
        }
        return changed
    }

    private func excerpt(
        _ changed: [RepoPath: Versions], _ side: KeyPath<Versions, TreeFile?>
    ) throws(GitError) -> TreeID {
        var edits: [(RepoPath, TreeEdit)] = []
        for (path, versions) in changed {
            if let file = versions[keyPath: side] { edits.append((path, .set(file.kind, file.blob))) }
        }
        return try updating(.empty, edits)
    }

    private func mergedIndex(ancestor: TreeID, ours: TreeID, theirs: TreeID) throws(GitError) -> MergedIndex {
        var trees: [OpaquePointer?] = []
        defer { for tree in trees { git_tree_free(tree) } }
        for tree in [ancestor, ours, theirs] {
            var id = try git_oid(tree)
            var handle: OpaquePointer?
            try check(git_tree_lookup(&handle, self.handle, &id), "the tree \(tree.hex)")
            trees.append(handle)
        }
        var options = git_merge_options()
        try check(git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION)), "merge trees")
        var index: OpaquePointer?
        let code = git_merge_trees(&index, handle, trees[0], trees[1], trees[2], &options)
        guard code == 0, let index else { throw GitError.last(code, "merge trees") }
        return MergedIndex(index)
    }

    /// What to leave at a path in conflict; nil to leave nothing.
    private func marked(
        _ conflict: MergeConflict, _ labels: (ours: String, theirs: String)
    ) throws(GitError) -> TreeFile? {
        guard let ours = conflict.ours, let theirs = conflict.theirs else { return conflict.ours ?? conflict.theirs }
        let limit = 16 << 20
        let versions = [conflict.ancestor, ours, theirs].compactMap(\.self)
        var contents: [[UInt8]] = []
        for version in versions {
            guard version.kind == .file || version.kind == .executable, try size(of: version.blob) <= limit else {
                return ours
            }
            contents.append(try read(version.blob, limit: limit))
        }
        guard !contents.contains(where: { $0.prefix(8000).contains(0) }) else { return ours }
        let ancestor = conflict.ancestor == nil ? nil : contents.first
        let text = try TextMerge.marked(
            ancestor: ancestor ?? [], ours: contents[contents.count - 2], theirs: contents[contents.count - 1],
            labels: labels)
        return TreeFile(mode: ours.mode, blob: try write(blob: text))
    }

    /// Where a merge leaves both a file and something below it, the file yields.
    private static func withoutClashes(_ edits: [(RepoPath, TreeEdit)]) -> [(RepoPath, TreeEdit)] {
        var directories: Set<RepoPath> = []
        for (path, edit) in edits where edit != .remove {
            var above = path.parent
            while let directory = above, directories.insert(directory).inserted { above = directory.parent }
        }
        return edits.filter { $0.1 == .remove || !directories.contains($0.0) }
    }
}
