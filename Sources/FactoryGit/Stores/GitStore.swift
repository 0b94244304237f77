import FactoryCore

/// Hub and journal of one line behind the line's ports. One actor for both, because landing touches both.
package actor GitStore {
    let hub: Repository
    let journal: JournalStore
    /// The hub again, for what may be lost and repaired: the PRs' branches.
    let projections: Repository
    /// The full name of the main branch's ref.
    let main: String
    /// Told after each durable effect: its name, and the PR's number or 0.
    let effect: @Sendable (String, Int) -> Void
    /// The remote that everything is published to, where there is one.
    private(set) var publisher: (any Publisher)?
    /// Whether artifacts are kept beside the entries instead of in them, so that they are not published.
    private(set) var keepsArtifactsAside = false
    /// Newest entries that were read, by PR.
    var known: [PRNumber: Tip] = [:]
    /// The newest entry of the ledger that was read.
    var knownLedger: LedgerTip?
    /// The newest entry of the line's own record that was read.
    var knownStanding: StandingTip?
    /// Entries that were read, oldest first, of PRs that are on their way.
    var stories: [PRNumber: [RecordedEntry]] = [:]
    /// Whoever calls the store often, and runs on this too, calls it without changing threads.
    package nonisolated let executor = BlockingExecutor("factory.store")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the two repositories. Throws `GitError` when one cannot be opened.
    package init(
        hub: String, journal: String, durable: Bool = true,
        effect: @escaping @Sendable (String, Int) -> Void = { _, _ in }
    ) throws {
        self.hub = try Repository.open(hub, durable: durable)
        self.projections = try Repository.open(hub)
        self.journal = try JournalStore.open(journal, durable: durable)
        self.effect = effect
        main = try self.hub.headReference()
    }

    /// From here on what is recorded is published as well, and counts only if the remote takes it.
    package func publish(by publisher: any Publisher, withArtifacts: Bool) {
        self.publisher = publisher
        keepsArtifactsAside = !withArtifacts
    }

    /// What is missing or damaged among the objects behind the refs of both stores; with `contents` every file is read
    /// and hashed again.
    package func objectProblems(contents: Bool) throws -> [String] {
        let code = try hub.references(prefix: "refs/").map(\.target)
        let entries = try journal.repository.references(prefix: "refs/").map(\.target)
        return try hub.verifyObjects(from: code, contents: contents).map { "hub: \($0)" }
            + journal.repository.verifyObjects(from: entries, notIn: code, contents: contents).map { "journal: \($0)" }
    }
}
