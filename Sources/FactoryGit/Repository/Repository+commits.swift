import CGit2
package import FactoryCore

extension Repository {
    /// Writes a commit and moves no ref.
    package func commit(_ draft: CommitDraft) throws(GitError) -> CommitID {
        CommitID(try write(draft.encoded, as: GIT_OBJECT_COMMIT))
    }

    /// What a commit says.
    ///
    /// Throws `.notFound` when there is no such commit.
    package func info(_ commit: CommitID) throws(GitError) -> CommitInfo {
        let handle = try lookup(commit)
        defer { git_commit_free(handle) }
        let parents = (0..<git_commit_parentcount(handle)).compactMap { index in
            git_commit_parent_id(handle, index).map { CommitID($0.pointee) }
        }
        return CommitInfo(
            tree: TreeID(git_commit_tree_id(handle).pointee), parents: parents,
            author: Signature(git_commit_author(handle)), committer: Signature(git_commit_committer(handle)),
            message: git_commit_message_raw(handle).map(Self.bytes) ?? [])
    }

    /// The tree of a commit.
    package func tree(of commit: CommitID) throws(GitError) -> TreeID {
        let handle = try lookup(commit)
        defer { git_commit_free(handle) }
        return TreeID(git_commit_tree_id(handle).pointee)
    }

    func lookup(_ commit: CommitID) throws(GitError) -> OpaquePointer {
        var id = try git_oid(commit)
        var handle: OpaquePointer?
        let code = git_commit_lookup(&handle, self.handle, &id)
        guard code == 0, let handle else { throw GitError.last(code, "the commit \(commit.hex)") }
        return handle
    }

    static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        var length = 0
        while text[length] != 0 { length += 1 }
        return Array(UnsafeRawBufferPointer(start: text, count: length))
    }
}

extension Signature {
    init(_ signature: UnsafePointer<git_signature>?) {
        guard let value = signature?.pointee else {
            self.init(name: "", email: "", when: Timestamp(seconds: 0))
            return
        }
        self.init(
            name: value.name.map { String(cString: $0) } ?? "", email: value.email.map { String(cString: $0) } ?? "",
            when: Timestamp(seconds: value.when.time), offsetMinutes: Int(value.when.offset))
    }
}
