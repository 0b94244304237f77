package import FactoryCore

extension JournalStore {
    static let holdoutPrefix = "refs/factory/holdout/"

    /// The ref of a spec's holdouts: a chain of trees, each with a directory for every holdout in force.
    package static func holdoutRef(_ number: PRNumber) -> String { holdoutPrefix + String(number.value) }

    /// Moves a spec's holdouts on to a commit, while nothing else can happen to its pull request: `check` is asked then.
    /// Throws `.lostSwap` when they are not where the caller read them.
    func moveHoldouts(
        of number: PRNumber, from expected: CommitID?, to commit: CommitID, check: () throws -> Void
    ) throws {
        let ref = Self.holdoutRef(number)
        let locks = try RefLocks(repository, [Self.ref(number), ref])
        try locks.verify(ref, is: expected)
        try check()
        locks.set(ref, to: commit)
        try locks.commit()
    }
}
