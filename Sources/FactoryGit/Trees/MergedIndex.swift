import CGit2
import FactoryCore

/// A path that git could not merge, with what stands there on each side.
struct MergeConflict {
    let path: RepoPath
    let ancestor: TreeFile?
    let ours: TreeFile?
    let theirs: TreeFile?
}

/// The index that libgit2 makes of a merge.
struct MergedIndex {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    func free() { git_index_free(handle) }

    /// The files that need no hand.
    var merged: [(RepoPath, TreeFile)] {
        (0..<git_index_entrycount(handle)).compactMap { position in
            guard let entry = git_index_get_byindex(handle, position), git_index_entry_stage(entry) == 0 else {
                return nil
            }
            return (Self.path(entry), Self.file(entry))
        }
    }

    func conflicts() throws(GitError) -> [MergeConflict] {
        var iterator: OpaquePointer?
        try check(git_index_conflict_iterator_new(&iterator, handle), "list conflicts")
        defer { git_index_conflict_iterator_free(iterator) }
        var found: [MergeConflict] = []
        while true {
            var ancestor: UnsafePointer<git_index_entry>?
            var ours: UnsafePointer<git_index_entry>?
            var theirs: UnsafePointer<git_index_entry>?
            let code = git_index_conflict_next(&ancestor, &ours, &theirs, iterator)
            if code == GIT_ITEROVER.rawValue { return found }
            try check(code, "list conflicts")
            guard let entry = ancestor ?? ours ?? theirs else { continue }
            found.append(
                MergeConflict(
                    path: Self.path(entry), ancestor: ancestor.map(Self.file), ours: ours.map(Self.file),
                    theirs: theirs.map(Self.file)))
        }
    }

    private static func path(_ entry: UnsafePointer<git_index_entry>) -> RepoPath {
        RepoPath(bytes: Repository.bytes(entry.pointee.path))
    }

    private static func file(_ entry: UnsafePointer<git_index_entry>) -> TreeFile {
        TreeFile(mode: entry.pointee.mode, blob: BlobID(entry.pointee.id))
    }
}
