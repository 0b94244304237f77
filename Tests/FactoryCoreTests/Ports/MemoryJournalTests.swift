import FactoryCore
import FactoryTestSupport
import Testing

struct MemoryJournalTests {
    @Test(arguments: JournalRule.allCases)
    func `the journal in memory keeps every rule of a journal`(_ rule: JournalRule) async throws {
        try await rule.check(MemoryJournal(), commit: .numbered(0xC1))
    }

    @Test(arguments: [JournalRule.refusesAStaleTip, .letsOneRivalWin])
    func `a journal that compares nothing is found out`(_ rule: JournalRule) async {
        await withKnownIssue { try await rule.check(Forgetful(), commit: .numbered(0xC1)) }
    }
}

/// Appends behind whatever is newest, whoever has read it.
private struct Forgetful: Journal {
    let memory = MemoryJournal()

    func list() async throws -> [Tip] { await memory.list() }
    func numbers() async throws -> [PRNumber] { await memory.numbers() }
    func tip(of number: PRNumber) async throws -> Tip? { await memory.tip(of: number) }
    func history(of number: PRNumber) async throws -> [RecordedEntry] { await memory.history(of: number) }
    func artifact(_ name: String, of entry: CommitID) async throws -> [UInt8]? {
        await memory.artifact(name, of: entry)
    }
    func open(_ number: PRNumber, _ opening: Opening, at: Timestamp, by: String) async throws -> Tip {
        try await memory.open(number, opening, at: at, by: by)
    }
    func append(_ entry: Entry, to tip: Tip, artifacts: [Artifact]) async throws -> Tip {
        while true {
            let newest = await memory.tip(of: tip.pr.number) ?? tip
            do { return try await memory.append(entry, to: newest, artifacts: artifacts) } catch is JournalConflict {}
        }
    }
}
