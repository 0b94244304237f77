import CGit2
package import FactoryCore

extension Repository {
    /// Stores a file's content.
    package func write(blob bytes: [UInt8]) throws(GitError) -> BlobID {
        BlobID(try write(bytes, as: GIT_OBJECT_BLOB))
    }

    func write(_ bytes: [UInt8], as kind: git_object_t) throws(GitError) -> git_oid {
        var id = git_oid()
        let code = bytes.withUnsafeBytes { git_odb_write(&id, looseObjects, $0.baseAddress, $0.count, kind) }
        try check(code, "write an object to \(path)")
        try settleObject(id)
        return id
    }

    /// A file's content.
    ///
    /// Throws `.tooLarge` when it has more than `limit` bytes: its size is looked at first.
    package func read(_ blob: BlobID, limit: Int) throws(GitError) -> [UInt8] {
        let size = try size(of: blob)
        guard size <= limit else { throw GitError.tooLarge("the file \(blob.short)", size: size, limit: limit) }
        return try withObject(git_oid(blob), GIT_OBJECT_BLOB) { Array($0) }
    }

    /// A file's size in bytes, without reading all of it.
    package func size(of blob: BlobID) throws(GitError) -> Int {
        var id = try git_oid(blob)
        var size = 0
        var kind = GIT_OBJECT_INVALID
        try check(git_odb_read_header(&size, &kind, objects, &id), "the object \(blob.hex)")
        guard kind == GIT_OBJECT_BLOB else { throw GitError.notFound("a file with the id \(blob.hex)") }
        return size
    }

    /// Whether the store, or one it borrows from, has an object of that id.
    package func contains(_ id: some ObjectID) throws(GitError) -> Bool {
        var id = try git_oid(id)
        return git_odb_exists(objects, &id) == 1
    }

    /// The raw content of an object of that kind.
    func withObject<Result>(
        _ id: git_oid, _ kind: git_object_t, _ body: (UnsafeRawBufferPointer) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        var id = id
        var object: OpaquePointer?
        try check(git_odb_read(&object, objects, &id), "the object \(id.hex)")
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == kind else {
            throw GitError.failed("read the object \(id.hex)", "it is of another kind")
        }
        return try body(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }

    /// The id that a file of these bytes has, stored or not.
    package func hash(blob bytes: [UInt8]) throws(GitError) -> BlobID {
        BlobID(try hash(bytes, as: GIT_OBJECT_BLOB))
    }

    /// The id that a commit has, stored or not.
    package func hash(commit draft: CommitDraft) throws(GitError) -> CommitID {
        CommitID(try hash(draft.encoded, as: GIT_OBJECT_COMMIT))
    }

    private func hash(_ bytes: [UInt8], as kind: git_object_t) throws(GitError) -> git_oid {
        var id = git_oid()
        try check(git_odb_hash(&id, bytes, bytes.count, kind), "hash \(bytes.count) bytes")
        return id
    }
}
