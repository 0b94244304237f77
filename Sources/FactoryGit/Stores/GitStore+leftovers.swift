package import FactoryCore

extension GitStore {
    /// Removes locks on refs that killed writers have left in either store, and names them. Somebody else who does it
    /// at this moment is left to it.
    @discardableResult
    package func clearLeftovers() throws -> [String] {
        var removed: [String] = []
        for store in [hub, journal.repository] {
            guard let lock = try store.maintenanceLock() else { continue }
            removed += try store.breakLeftoverLocks(under: lock, grace: Self.grace)
        }
        return removed
    }

    /// Objects of either store that a power cut has cut off, and that must not be read.
    package func brokenObjects() throws -> [String] {
        try hub.brokenLooseObjects().map { "hub: \($0)" }
            + journal.repository.brokenLooseObjects().map { "journal: \($0)" }
    }

    /// Moves such objects aside, and gives the files that are left of them. What nobody needs yet can be stored again then.
    package func setAsideBrokenObjects() throws -> [String] {
        try [hub, journal.repository].flatMap { try $0.setAsideBrokenObjects() }
    }

    /// Git itself holds such a lock for milliseconds; in seconds.
    private static let grace = 0.2

    /// Does it again when only a leftover lock was in the way.
    func clearingLeftovers<Result>(_ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch GitError.locked {
            guard try !clearLeftovers().isEmpty else { throw GitError.locked("a ref of \(hub.path) or the journal") }
            return try work()
        }
    }

    /// Keeps a commit beside the record, under a name that is given only once.
    package func keep(_ commit: CommitID, of number: PRNumber, as name: String) throws {
        try journal.rescue(number, attempt: name, commit: commit)
    }

    /// What was saved of a PR's sessions, by the session's name.
    package func rescued(of number: PRNumber) throws -> [(session: String, commit: CommitID)] {
        let prefix = JournalStore.rescueRef(number, attempt: "")
        return try journal.repository.references(prefix: prefix).map {
            (String($0.name.dropFirst(prefix.count)), $0.target)
        }
    }
}
