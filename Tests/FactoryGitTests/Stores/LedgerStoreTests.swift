import FactoryCore
import FactoryGit
import FactoryTestSupport
import Testing

struct LedgerStoreTests {
    private func stores() throws -> (Sandbox, GitStore, GitStore) {
        let sandbox = try Sandbox()
        _ = try commit("Begin", ["README": "hello\n"], in: sandbox.hub)
        func store() throws -> GitStore {
            try GitStore(hub: sandbox.hubPath, journal: sandbox.journalPath, durable: false)
        }
        return (sandbox, try store(), try store())
    }

    private func request(_ number: Int) -> BudgetRequest {
        BudgetRequest(
            session: SessionName(pr: PRNumber(number), stage: .plan, attempt: 1),
            caps: BudgetSetting(night: .init(usd: 10), spec: .init(), stage: .init(usd: 1)), wall: 60, now: .noon,
            nightEnds: .noon + 86_400)
    }

    @Test func `what one handle has written another one reads`() async throws {
        let (sandbox, first, second) = try stores()
        let empty = try await first.ledger()
        #expect(empty == LedgerTip(id: nil, ledger: Ledger()))
        guard case .granted(_, let event?) = try empty.ledger.answer(to: request(1)) else {
            throw LedgerFault("refused")
        }
        let tip = try await first.append(event, to: empty)
        #expect(try await second.ledger() == tip)
        let history = try await second.ledgerHistory()
        #expect(history.map(\.event) == [event] && history.map(\.state) == [tip.ledger])
        await #expect(throws: LedgerConflict()) { _ = try await second.append(event, to: empty) }
        await #expect(throws: LedgerFault.self) { _ = try await second.append(event, to: tip) }
        withExtendedLifetime(sandbox) {}
    }

    @Test(.timeLimit(.minutes(1)))
    func `rivals together get what the night has, and no more`() async throws {
        let (sandbox, first, second) = try stores()
        let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...24 {
                let store = number % 2 == 0 ? first : second
                group.addTask {
                    while true {
                        let tip = try await store.ledger()
                        guard case .granted(_, let event?) = try tip.ledger.answer(to: request(number)) else {
                            return false
                        }
                        do { _ = try await store.append(event, to: tip) } catch is LedgerConflict { continue }
                        return true
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(granted == 10)
        #expect(try await first.ledger().ledger.reservations.count == 10)
        withExtendedLifetime(sandbox) {}
    }
}
