/// The record of every PR: append-only, one compare-and-swap per entry.
package protocol Journal: Sendable {
    /// All PRs that are not archived, by number.
    func list() async throws -> [Tip]
    /// The numbers of all PRs, archived ones as well.
    func numbers() async throws -> [PRNumber]
    /// One PR as it stands, archived or not; nil when there is none of that number.
    func tip(of number: PRNumber) async throws -> Tip?
    /// All entries of a PR, oldest first.
    func history(of number: PRNumber) async throws -> [RecordedEntry]
    /// Opens a PR. Throws `JournalConflict` when the number is taken, and `RecordRefused`.
    func open(_ number: PRNumber, _ opening: Opening, at: Timestamp, by: String) async throws -> Tip
    /// Appends an entry behind `tip`. Throws `JournalConflict` when another entry came first, and `IllegalMove` when
    /// the event does not belong here. Throws `RecordRefused` when the record is published and the remote does not take
    /// it: then the entry does not stand here either.
    func append(_ entry: Entry, to tip: Tip, artifacts: [Artifact]) async throws -> Tip
    /// The bytes of an artifact of an entry; nil when it has none of that name.
    func artifact(_ name: String, of entry: CommitID) async throws -> [UInt8]?
}

/// A PR as its newest entry tells.
package struct Tip: Hashable, Sendable {
    package var id: CommitID
    package var pr: PullRequest
    package init(id: CommitID, pr: PullRequest) {
        self.id = id
        self.pr = pr
    }
}

/// One entry as it stands in the journal.
package struct RecordedEntry: Sendable {
    package var id: CommitID
    /// The sentence for people.
    package var subject: String
    package var entry: Entry
    /// The folded state that was stored with it.
    package var state: PullRequest
    package init(id: CommitID, subject: String, entry: Entry, state: PullRequest) {
        self.id = id
        self.subject = subject
        self.entry = entry
        self.state = state
    }
}

/// A file kept with an entry.
package struct Artifact: Hashable, Sendable {
    package var name: String
    package var bytes: [UInt8]
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// Another entry came first: read again, then decide again.
package struct JournalConflict: Error, Hashable, CustomStringConvertible {
    package let number: PRNumber
    package init(number: PRNumber) { self.number = number }
    package var description: String { "\(number) has changed meanwhile" }
}
