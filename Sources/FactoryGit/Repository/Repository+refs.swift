import CGit2
package import FactoryCore

/// A ref and where it points.
package struct Ref: Hashable, Sendable {
    /// The full name, such as `refs/heads/main`.
    package let name: String
    package let target: CommitID
}

extension Repository {
    /// Where a ref points, following symbolic refs such as `HEAD`; nil when there is none.
    package func resolve(_ ref: String) throws(GitError) -> CommitID? {
        var id = git_oid()
        let code = git_reference_name_to_id(&id, handle, ref)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, "resolve \(ref)")
        return CommitID(id)
    }

    /// All refs whose names begin so, sorted by name.
    ///
    /// Symbolic refs are left out.
    package func references(prefix: String) throws(GitError) -> [Ref] {
        var iterator: OpaquePointer?
        try check(git_reference_iterator_glob_new(&iterator, handle, prefix + "*"), "list refs of \(path)")
        defer { git_reference_iterator_free(iterator) }
        var found: [Ref] = []
        while true {
            var reference: OpaquePointer?
            let code = git_reference_next(&reference, iterator)
            if code == GIT_ITEROVER.rawValue { break }
            try check(code, "list refs of \(path)")
            defer { git_reference_free(reference) }
            guard let name = git_reference_name(reference), let id = git_reference_target(reference) else { continue }
            found.append(Ref(name: String(cString: name), target: CommitID(id.pointee)))
        }
        return found.sorted { $0.name < $1.name }
    }

    /// Moves a ref from where the caller read it: compare-and-swap.
    ///
    /// `from` nil: there must be none yet. `to` nil: remove it. Throws `.lostSwap` when it is elsewhere, `.locked` when
    /// a lock stays.
    package func move(_ ref: String, from: CommitID?, to: CommitID?) throws(GitError) {
        let locks = try RefLocks(self, [ref])
        try locks.verify(ref, is: from)
        if from == nil && to == nil { return }
        locks.set(ref, to: to)
        try locks.commit()
    }

    /// Removes refs that still are where the caller read them; the others stay.
    func remove(_ refs: [Ref]) throws(GitError) {
        let locks = try RefLocks(self, refs.map(\.name))
        for ref in refs where try resolve(ref.name) == ref.target { locks.set(ref.name, to: nil) }
        try locks.commit()
    }
}

extension Repository {
    /// The full name of the branch that HEAD names, whether or not it has a commit.
    package func headReference() throws(GitError) -> String {
        var head: OpaquePointer?
        try check(git_reference_lookup(&head, handle, "HEAD"), "read HEAD of \(path)")
        defer { git_reference_free(head) }
        guard let target = git_reference_symbolic_target(head) else {
            throw GitError.notFound("the branch that HEAD of \(path) names")
        }
        return String(cString: target)
    }
}
