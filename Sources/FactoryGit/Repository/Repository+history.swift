import CGit2
package import FactoryCore

extension Repository {
    /// Whether `b`'s history contains `a`; a commit contains itself.
    package func isAncestor(_ a: CommitID, of b: CommitID) throws(GitError) -> Bool {
        if a == b { return true }
        var ancestor = try git_oid(a)
        var commit = try git_oid(b)
        let code = git_graph_descendant_of(handle, &commit, &ancestor)
        try check(code, "the history of \(b.hex)")
        return code == 1
    }

    /// The best common ancestor; nil when the histories have nothing in common.
    package func mergeBase(_ a: CommitID, _ b: CommitID) throws(GitError) -> CommitID? {
        var first = try git_oid(a)
        var second = try git_oid(b)
        var base = git_oid()
        let code = git_merge_base(&base, handle, &first, &second)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "the merge base of \(a.short) and \(b.short)")
        return CommitID(base)
    }

    /// The commits that `from` contains and `notIn` does not, children before parents, at most `limit`.
    package func log(from: CommitID, notIn: [CommitID] = [], limit: Int = .max) throws(GitError) -> [CommitID] {
        var walk: OpaquePointer?
        try check(git_revwalk_new(&walk, handle), "read the history")
        defer { git_revwalk_free(walk) }
        git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue)
        var id = try git_oid(from)
        try check(git_revwalk_push(walk, &id), "the history of \(from.hex)")
        for hidden in notIn {
            var id = try git_oid(hidden)
            try check(git_revwalk_hide(walk, &id), "the history of \(hidden.hex)")
        }
        var found: [CommitID] = []
        while found.count < limit {
            let code = git_revwalk_next(&id, walk)
            if code == GIT_ITEROVER.rawValue { break }
            try check(code, "the history of \(from.hex)")
            found.append(CommitID(id))
        }
        return found
    }
}
