package import FactoryCore

extension JournalStore {
    /// The ref of the ledger: one chain for the whole factory, an entry an event.
    package static let ledgerRef = "refs/factory/ledger"

    /// The newest entry; nil before the first.
    package func ledgerTip() throws(GitError) -> CommitID? { try repository.resolve(Self.ledgerRef) }

    /// The entries, oldest first.
    package func ledgerHistory() throws(GitError) -> [JournalRecord] {
        guard let tip = try ledgerTip() else { return [] }
        return try history(upTo: tip)
    }

    /// Appends an entry, if the newest one still is the one that the caller read. Throws `.lostSwap` when not.
    package func appendToLedger(_ draft: JournalDraft, expecting: CommitID?) throws(GitError) -> CommitID {
        let record = try write(draft, after: expecting)
        try repository.move(Self.ledgerRef, from: expecting, to: record)
        return record
    }
}
