import CGit2
package import FactoryCore

/// One event in the story of a PR.
package struct JournalRecord: Hashable, Sendable {
    package let id: CommitID
    /// The record before; nil for the first.
    package let previous: CommitID?
    /// The commit of the product that the record speaks of.
    ///
    /// Nil for the first record, so that its history never runs into the product's; its body says it.
    package let about: CommitID?
    /// One line for people.
    package let subject: String
    /// What the writer put there, byte for byte.
    package let body: [UInt8]
    /// The files of the event, one directory deep.
    package let artifacts: TreeID
    /// To the second.
    package let time: Timestamp
}

/// A record that is not written yet.
package struct JournalDraft: Sendable {
    /// One line for people; line ends become spaces.
    package var subject: String
    /// Opaque here; without zero bytes, which git forbids.
    package var body: [UInt8]
    /// Files of the event; names without slashes.
    ///
    /// None cost nothing.
    package var artifacts: [(name: String, bytes: [UInt8])]
    /// The commit of the product that the record speaks of.
    package var about: CommitID?
    package var at: Timestamp

    package init(
        subject: String, body: [UInt8], artifacts: [(name: String, bytes: [UInt8])] = [], about: CommitID? = nil,
        at: Timestamp
    ) {
        self.subject = subject
        self.body = body
        self.artifacts = artifacts
        self.about = about
        self.at = at
    }
}

extension JournalStore {
    /// The record at a commit.
    package func read(_ commit: CommitID) throws(GitError) -> JournalRecord {
        let info = try repository.info(commit)
        let end = info.message.firstIndex(of: UInt8(ascii: "\n")) ?? info.message.endIndex
        return JournalRecord(
            id: commit, previous: info.parents.first, about: info.parents.count > 1 ? info.parents[1] : nil,
            subject: String(decoding: info.message[..<end], as: UTF8.self),
            body: Array(info.message[end...].dropFirst(2)), artifacts: info.tree, time: info.committer.when)
    }

    /// The records of a PR, oldest first; none when it has no journal.
    package func history(_ number: PRNumber) throws(GitError) -> [JournalRecord] {
        guard let tip = try tip(number) else { return [] }
        return try history(upTo: tip)
    }

    /// The records that lead to one, oldest first, itself included.
    package func history(upTo tip: CommitID) throws(GitError) -> [JournalRecord] {
        var records = [try read(tip)]
        while let previous = records.last?.previous { records.append(try read(previous)) }
        return records.reversed()
    }

    /// A file of a record, at most `limit` bytes; nil when it has none of that name.
    package func artifact(
        _ name: String, in record: JournalRecord, limit: Int = 64 << 20
    ) throws(GitError) -> [UInt8]? {
        guard let entry = try repository.entry(at: RepoPath(name), in: record.artifacts) else { return nil }
        return try repository.read(entry.blob, limit: limit)
    }

    /// Appends a record, if the newest one still is the one that the caller read: one compare-and-swap, one transition.
    ///
    /// `expecting` nil: the PR has no journal yet. Returns the new record's id. Throws `.lostSwap` when someone else was
    /// faster, and `.notFound` when the commit it speaks of is not in the store.
    package func append(
        _ number: PRNumber, expecting: CommitID?, _ draft: JournalDraft
    ) throws(GitError) -> CommitID {
        let record = try write(draft, after: expecting)
        try move(number, from: expecting, to: record)
        return record
    }

    /// Appends several records in one swap, in order: all of them or none, and cheaper than one by one.
    ///
    /// Returns their ids. Throws as for a single one.
    package func append(
        _ number: PRNumber, expecting: CommitID?, _ drafts: [JournalDraft]
    ) throws(GitError) -> [CommitID] {
        var records: [CommitID] = []
        for draft in drafts { records.append(try write(draft, after: records.last ?? expecting)) }
        if let last = records.last { try move(number, from: expecting, to: last) }
        return records
    }

    /// Writes a record without moving the PR's ref to it: for landing, which moves two refs together.
    package func write(_ draft: JournalDraft, after previous: CommitID?) throws(GitError) -> CommitID {
        if let about = draft.about, try !repository.contains(about) {
            throw GitError.notFound("the commit \(about.hex), of which '\(draft.subject)' speaks,")
        }
        let identity = Signature(name: "Factory", email: "factory@localhost", when: draft.at)
        let subject = String(draft.subject.map { $0.isNewline ? " " : $0 })
        return try repository.commit(
            CommitDraft(
                tree: try tree(of: draft.artifacts),
                parents: previous.map { [$0] + (draft.about.map { [$0] } ?? []) } ?? [],
                author: identity, committer: identity, message: Array((subject + "\n\n").utf8) + draft.body))
    }

    private func tree(of artifacts: [(name: String, bytes: [UInt8])]) throws(GitError) -> TreeID {
        var edits: [(RepoPath, TreeEdit)] = []
        for (name, bytes) in artifacts {
            edits.append((RepoPath(name), .set(.file, try repository.write(blob: bytes))))
        }
        return try repository.updating(.empty, edits)
    }

    /// Moves the PR's ref; one that was archived comes back.
    private func move(_ number: PRNumber, from expected: CommitID?, to record: CommitID) throws(GitError) {
        let ref = Self.ref(number)
        let locks = try RefLocks(repository, [ref])
        let actual = try tip(number)
        guard actual == expected else { throw GitError.lostSwap(ref: ref, actual: actual) }
        locks.set(ref, to: record)
        try locks.commit()
    }
}
