package import FactoryCore

extension JournalStore {
    /// The ref of the line's own record: one chain for the whole factory, an entry an event.
    package static let standingRef = "refs/factory/line"

    /// The newest entry; nil before the first.
    package func standingTip() throws(GitError) -> CommitID? { try repository.resolve(Self.standingRef) }

    /// The entries, oldest first.
    package func standingHistory() throws(GitError) -> [JournalRecord] {
        guard let tip = try standingTip() else { return [] }
        return try history(upTo: tip)
    }

    /// Appends an entry, if the newest one still is the one that the caller read. Throws `.lostSwap` when not.
    ///
    /// A landing holds the same lock: an entry that was appended is older than no landing that comes after it.
    package func appendToStanding(_ draft: JournalDraft, expecting: CommitID?) throws(GitError) -> CommitID {
        let record = try write(draft, after: expecting)
        try repository.move(Self.standingRef, from: expecting, to: record)
        return record
    }
}
