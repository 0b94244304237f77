import FactoryCore
import FactoryGit
import FactoryTestSupport
import Testing

struct JournalConformanceTests {
    @Test(arguments: JournalRule.allCases)
    func `the journal in git keeps every rule of a journal`(_ rule: JournalRule) async throws {
        let sandbox = try Sandbox()
        let root = try commit("Begin", ["README": "hello\n"], in: sandbox.hub)
        try await rule.check(try sandbox.store(), commit: root)
    }

    @Test(arguments: JournalRule.allCases)
    func `what one handle has written another one reads`(_ rule: JournalRule) async throws {
        let sandbox = try Sandbox()
        let root = try commit("Begin", ["README": "hello\n"], in: sandbox.hub)
        let journal = Alternating(first: try sandbox.store(), second: try sandbox.store())
        try await rule.check(journal, commit: root)
    }
}

extension Sandbox {
    /// Both repositories behind the line's ports, as a process of its own would open them.
    fileprivate func store() throws -> GitStore { try GitStore(hub: hubPath, journal: journalPath, durable: false) }
}

/// Writes through one handle and reads through another, as two processes would.
private struct Alternating: Journal {
    let first: GitStore
    let second: GitStore

    func list() async throws -> [Tip] { try await second.list() }
    func numbers() async throws -> [PRNumber] { try await second.numbers() }
    func tip(of number: PRNumber) async throws -> Tip? { try await second.tip(of: number) }
    func history(of number: PRNumber) async throws -> [RecordedEntry] { try await second.history(of: number) }
    func open(_ number: PRNumber, _ opening: Opening, at: Timestamp, by: String) async throws -> Tip {
        try await first.open(number, opening, at: at, by: by)
    }
    func append(_ entry: Entry, to tip: Tip, artifacts: [Artifact]) async throws -> Tip {
        try await first.append(entry, to: tip, artifacts: artifacts)
    }
    func artifact(_ name: String, of entry: CommitID) async throws -> [UInt8]? {
        try await second.artifact(name, of: entry)
    }
}
