import CGit2
package import FactoryCore

/// An object that is not as it should be.
package enum ObjectProblem: Hashable, Sendable {
    /// It is needed, by the commit named, and not in the store.
    case missing(hex: String, neededBy: CommitID)
    /// Its content does not fit its id, or cannot be read.
    case damaged(hex: String, neededBy: CommitID)
}

extension Repository {
    /// Walks commits, trees and files from some commits and reports what is missing or damaged; empty is good.
    ///
    /// What `notIn` contains is taken to be whole. With `contents` every object is read and its id computed again,
    /// else files are only looked up.
    package func verifyObjects(
        from tips: [CommitID], notIn known: [CommitID] = [], contents: Bool = false
    ) throws(GitError) -> [ObjectProblem] {
        var check = ObjectCheck(repository: self, contents: contents)
        for commit in known { try check.skip(commit) }
        for tip in tips { try check.walk(tip) }
        return check.problems
    }
}

/// One walk over what commits need.
private struct ObjectCheck {
    let repository: Repository
    let contents: Bool
    private var seen: Set<String> = []
    private(set) var problems: [ObjectProblem] = []

    init(repository: Repository, contents: Bool) {
        self.repository = repository
        self.contents = contents
    }

    /// Takes a commit, its history and its tree for whole.
    mutating func skip(_ commit: CommitID) throws(GitError) {
        for id in try repository.log(from: commit) { seen.insert(id.hex) }
        try skipTree(git_oid(repository.tree(of: commit)))
    }

    private mutating func skipTree(_ id: git_oid) throws(GitError) {
        guard seen.insert(id.hex).inserted else { return }
        for entry in try repository.rawTree(id).entries {
            if entry.isTree { try skipTree(entry.id) } else { seen.insert(entry.id.hex) }
        }
    }

    mutating func walk(_ tip: CommitID) throws(GitError) {
        var open = [tip]
        while let commit = open.popLast() {
            guard seen.insert(commit.hex).inserted, try isWhole(git_oid(commit), GIT_OBJECT_COMMIT, for: commit) else {
                continue
            }
            let info = try repository.info(commit)
            try walkTree(git_oid(info.tree), for: commit)
            open += info.parents
        }
    }

    private mutating func walkTree(_ id: git_oid, for commit: CommitID) throws(GitError) {
        guard seen.insert(id.hex).inserted, isWhole(id, GIT_OBJECT_TREE, for: commit) else { return }
        for entry in try repository.rawTree(id).entries where entry.mode != RawTree.submodule {
            if entry.isTree {
                try walkTree(entry.id, for: commit)
            } else if seen.insert(entry.id.hex).inserted {
                _ = isWhole(entry.id, GIT_OBJECT_BLOB, for: commit)
            }
        }
    }

    private mutating func isWhole(_ id: git_oid, _ kind: git_object_t, for commit: CommitID) -> Bool {
        guard withUnsafePointer(to: id, { git_odb_exists(repository.objects, $0) }) == 1 else {
            problems.append(.missing(hex: id.hex, neededBy: commit))
            return false
        }
        guard contents || kind != GIT_OBJECT_BLOB else { return true }
        let computed = try? repository.withObject(id, kind) { bytes throws(GitError) in
            var result = git_oid()
            try check(git_odb_hash(&result, bytes.baseAddress, bytes.count, kind), "hash an object")
            return result == id && (kind != GIT_OBJECT_TREE || RawTree(bytes) != nil)
        }
        if computed != true { problems.append(.damaged(hex: id.hex, neededBy: commit)) }
        return computed == true
    }
}
