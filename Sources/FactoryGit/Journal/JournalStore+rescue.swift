import CGit2
package import FactoryCore

extension JournalStore {
    /// Where the unfinished work of an attempt is kept.
    package static func rescueRef(_ number: PRNumber, attempt: String) -> String {
        "refs/factory/rescue/\(number.value)/\(attempt)"
    }

    /// Keeps a commit that would be lost, for a person to look at.
    ///
    /// Its objects are copied from `source` unless the journal has or borrows them. Doing it twice is fine; throws
    /// `.lostSwap` when the attempt keeps another commit.
    package func rescue(
        _ number: PRNumber, attempt: String, commit: CommitID, from source: Repository? = nil
    ) throws(GitError) {
        if let source { try repository.copy(commit, from: source) }
        let ref = Self.rescueRef(number, attempt: attempt)
        if try repository.resolve(ref) == commit { return }
        guard try repository.contains(commit) else { throw GitError.notFound("the commit \(commit.hex) to rescue") }
        try repository.move(ref, from: nil, to: commit)
    }
}

extension Repository {
    /// Copies a commit from another repository with whatever it needs and this one lacks; parents come last to first,
    /// so that what is here is whole.
    func copy(_ commit: CommitID, from source: Repository) throws(GitError) {
        var open = [commit]
        var order: [CommitID] = []
        var seen: Set<CommitID> = []
        while let next = open.popLast() {
            guard try !contains(next), seen.insert(next).inserted else { continue }
            order.append(next)
            open += try source.info(next).parents
        }
        for next in order.reversed() {
            try copyTree(git_oid(source.tree(of: next)), from: source)
            try copyObject(git_oid(next), GIT_OBJECT_COMMIT, from: source)
        }
    }

    private func copyTree(_ id: git_oid, from source: Repository) throws(GitError) {
        guard !holds(id) else { return }
        for entry in try source.rawTree(id).entries where entry.mode != RawTree.submodule {
            if entry.isTree {
                try copyTree(entry.id, from: source)
            } else if !holds(entry.id) {
                try copyObject(entry.id, GIT_OBJECT_BLOB, from: source)
            }
        }
        try copyObject(id, GIT_OBJECT_TREE, from: source)
    }

    private func copyObject(_ id: git_oid, _ kind: git_object_t, from source: Repository) throws(GitError) {
        _ = try source.withObject(id, kind) { bytes throws(GitError) in try write(Array(bytes), as: kind) }
    }

    private func holds(_ id: git_oid) -> Bool {
        withUnsafePointer(to: id) { git_odb_exists(objects, $0) == 1 }
    }
}
