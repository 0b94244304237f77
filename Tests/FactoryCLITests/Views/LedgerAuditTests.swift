import FactoryCore
import FactoryForge
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryCLI

/// What `verify` says of a ledger that somebody has touched.
struct LedgerAuditTests {
    private let session = SessionName(pr: PRNumber(7), stage: .plan, attempt: 1)

    private func reserved(at time: Timestamp = .noon) -> LedgerEvent {
        var event = LedgerEvent(at: time)
        event.opened = Night(id: 1, openedAt: .noon, until: .noon + 86_400)
        event.reserved = Reservation(session: session, night: 1, amount: Amount(micros: 5_000_000))
        return event
    }

    private func settled(_ micros: Int) -> LedgerEvent {
        var event = LedgerEvent(at: .noon)
        event.settled = [Settlement(session: session, charge: Charge(Amount(micros: micros), basis: .reported))]
        return event
    }

    /// A factory with a session that was charged a dollar by its journal.
    private func office() async throws -> Office {
        let office = try await Office()
        _ = try await office.work(.plan, .delivered, try await office.submit()) { finish in
            finish.charge = Charge(Amount(micros: 1_000_000), basis: .reported)
        }
        return office
    }

    private func append(_ event: LedgerEvent, in office: Office) async throws {
        _ = try await office.store.append(event, to: try await office.store.ledger())
    }

    @Test func `a ledger that agrees with the journals is as recorded`() async throws {
        let office = try await office()
        try await append(reserved(), in: office)
        #expect(try await office.run("verify").code == .ok)
        try await append(settled(1_000_000), in: office)
        let said = try await office.run("verify", "--json")
        #expect(said.code == .ok, "\(said.data)")
        #expect(try JSON(parsing: Array(said.data.utf8))["ledgerEntries"]?.int == 2)
    }

    @Test func `another charge than the journal's is found`() async throws {
        let office = try await office()
        try await append(reserved(), in: office)
        try await append(settled(1), in: office)
        let said = try await office.run("verify")
        #expect(said.code == .failed && said.data.contains("charges #7 plan 1"), "\(said.data)")
    }

    @Test func `a session that the ledger does not know is found`() async throws {
        let office = try await office()
        let said = try await office.run("verify")
        #expect(said.code == .failed && said.data.contains("does not know #7 plan 1"), "\(said.data)")
    }

    @Test func `a state that the events do not give is found`() async throws {
        let office = try await office()
        try await append(reserved(), in: office)
        let store = try JournalStore.open(office.home.journal)
        var state = try await office.store.ledger().ledger.applying(settled(1_000_000))
        state.night?.settled = .zero
        let body = LedgerRecord(event: settled(1_000_000), state: state).json.bytes()
        _ = try store.appendToLedger(
            JournalDraft(subject: "Settled", body: body, at: .noon), expecting: try store.ledgerTip())
        let said = try await office.run("verify")
        #expect(said.code == .failed && said.data.contains("stores another state"), "\(said.data)")
    }

    @Test func `an event that does not belong is found`() async throws {
        let office = try await office()
        try await append(reserved(), in: office)
        try await append(settled(1_000_000), in: office)
        let store = try JournalStore.open(office.home.journal)
        let body = LedgerRecord(event: settled(9), state: try await office.store.ledger().ledger).json.bytes()
        _ = try store.appendToLedger(
            JournalDraft(subject: "Settled", body: body, at: .noon), expecting: try store.ledgerTip())
        let said = try await office.run("verify")
        #expect(said.data.contains("does not belong there") && said.data.contains("twice"), "\(said.data)")
    }
}
