import FactoryCore
import FactoryTestSupport
import Testing

struct MemoryJournalTests {
    @Test(arguments: JournalRule.allCases)
    func `the journal in memory keeps every rule of a journal`(_ rule: JournalRule) async throws {
        try await rule.check(MemoryJournal(), commit: .numbered(0xC1))
    }
}
