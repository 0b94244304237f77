import FactoryCore
import FactoryTestSupport
import Testing

struct LedgerTests {
    private static let caps = BudgetSetting(
        night: .init(usd: 20, minutes: 100), spec: .init(usd: 12), stage: .init(usd: 10))

    private func session(_ pr: Int, _ attempt: Int = 1, _ stage: Stage = .plan) -> SessionName {
        SessionName(pr: PRNumber(pr), stage: stage, attempt: attempt)
    }

    private func answer(
        _ ledger: Ledger, _ session: SessionName, caps: BudgetSetting = caps, at now: Timestamp = .noon
    ) throws -> BudgetAnswer {
        try ledger.answer(
            to: BudgetRequest(session: session, caps: caps, wall: 2700, now: now, nightEnds: now + 86_400))
    }

    /// The ledger after a session that was charged so many dollars.
    private func spent(_ usd: Double, _ session: SessionName, _ ledger: Ledger = Ledger()) throws -> Ledger {
        let reserved = try reserve(session, ledger)
        var event = LedgerEvent(at: .noon)
        let amount = Amount(micros: BudgetUnit.usd.counted(usd), milliseconds: 60_000)
        event.settled = [Settlement(session: session, charge: Charge(amount, basis: .reported))]
        return try reserved.applying(event)
    }

    private func reserve(_ session: SessionName, _ ledger: Ledger, at now: Timestamp = .noon) throws -> Ledger {
        guard case .granted(_, let event?) = try answer(ledger, session, at: now) else {
            throw LedgerFault("nothing was granted")
        }
        return try ledger.applying(event)
    }

    @Test func `a session may use what the tightest cap leaves`() throws {
        guard case .granted(let first, _) = try answer(Ledger(), session(1)) else { throw LedgerFault("refused") }
        #expect(first.allowed == [.usd: 10_000_000, .minutes: 2_700_000])
        #expect(first.bound == [.usd: .stage, .minutes: .stage] && first.wall == 2700)
        guard case .granted(let second, _) = try answer(spent(9, session(1)), session(1, 2)) else {
            throw LedgerFault("refused")
        }
        #expect(second.allowed[.usd] == 3_000_000 && second.bound[.usd] == .spec)
    }

    @Test func `minutes that are left bound the wall`() throws {
        let caps = BudgetSetting(night: .init(minutes: 10), spec: .init(), stage: .init())
        guard case .granted(let grant, _) = try answer(spent(1, session(1)), session(2), caps: caps) else {
            throw LedgerFault("refused")
        }
        #expect(grant.wall == 540 && grant.bound[.minutes] == .night)
    }

    @Test func `a spec that has spent its cap gets no session, another one does`() throws {
        let ledger = try spent(12.5, session(1))
        let shortage = Shortage(level: .spec, unit: .usd, cap: 12_000_000, used: 12_500_000)
        #expect(try answer(ledger, session(1, 2)) == .spent(shortage))
        #expect(shortage.rule == "spec-usd" && shortage.text == "the spec's cap is spent: 12.50 USD of 12.00 USD")
        guard case .granted = try answer(ledger, session(2)) else { throw LedgerFault("refused") }
    }

    @Test func `what runs takes up room, and leaves it again`() throws {
        let two = try reserve(session(2), reserve(session(1), Ledger()))
        guard case .full(let shortage) = try answer(two, session(3)) else { throw LedgerFault("not full") }
        #expect(shortage.rule == "night-usd")
        var event = LedgerEvent(at: .noon)
        event.settled = [Settlement(session: session(1), charge: .nothing)]
        guard case .granted = try answer(two.applying(event), session(3)) else { throw LedgerFault("refused") }
    }

    @Test func `less than a cent is nothing left`() throws {
        let caps = BudgetSetting(night: .init(usd: 5), spec: .init(), stage: .init())
        guard case .spent = try answer(spent(4.995, session(1)), session(2), caps: caps) else {
            throw LedgerFault("granted")
        }
    }

    @Test func `settling and reserving are one event`() throws {
        let ledger = try reserve(session(1), Ledger())
        let settled = Settlement(session: session(1), charge: Charge(Amount(micros: 2_000_000), basis: .reported))
        let request = BudgetRequest(
            session: session(1, 1, .planReview), caps: Self.caps, wall: 60, now: .noon, nightEnds: .noon + 1)
        guard case .granted(_, let event?) = try ledger.answer(to: request, settling: [settled]) else {
            throw LedgerFault("refused")
        }
        #expect(
            event.sentence
                == "Settled #1 plan 1 at 2.00 USD; reserved 10.00 USD, 1 min for #1 plan-review 1")
        let next = try ledger.applying(event)
        #expect(next.reservations.map(\.session) == [session(1, 1, .planReview)])
        #expect(next.night?.settled == Amount(micros: 2_000_000) && next.night?.id == 1)
    }

    @Test func `midnight, a restart and a clock that is set back stay in the night`() throws {
        let evening = Timestamp("2026-11-21T22:00:00Z") ?? .noon
        let ledger = try reserve(session(1), Ledger(), at: evening)
        for later in [10_800.0, 82_800, -3600, -34_560_000] {
            #expect(try reserve(session(2), ledger, at: evening + later).night?.id == 1)
        }
        #expect(try reserve(session(2), ledger, at: evening + 86_400).night?.id == 2)
    }

    @Test func `a session that lasts into another night is charged to its own`() throws {
        let ledger = try reserve(session(2), reserve(session(1), Ledger()), at: .noon + 90_000)
        var event = LedgerEvent(at: .noon + 90_001)
        event.settled = [Settlement(session: session(1), charge: Charge(Amount(micros: 7), basis: .reported))]
        let next = try ledger.applying(event)
        #expect(next.night?.settled == .zero && next.settled(of: PRNumber(1)) == Amount(micros: 7))
    }

    @Test(arguments: [(18 * 60, 1440), (10 * 60, 8 * 60), (17 * 60 + 59, 1), (7 * 60, 11 * 60), (0, 18 * 60)])
    func `with a window a night ends when the next one starts`(_ minute: Int, _ ahead: Int) {
        let window = NightWindow(starts: 18 * 60, ends: 8 * 60)
        #expect(Night.ends(openedAt: .noon + 30, window: window, minuteOfDay: minute) == .noon + Double(ahead) * 60)
    }

    @Test func `an event that does not belong is refused`() throws {
        let ledger = try reserve(session(1), Ledger())
        var twice = LedgerEvent(at: .noon)
        twice.reserved = ledger.reservations[0]
        #expect(throws: LedgerFault.self) { try ledger.applying(twice) }
        var unknown = LedgerEvent(at: .noon)
        unknown.settled = [Settlement(session: session(9), charge: .nothing)]
        #expect(throws: LedgerFault.self) { try ledger.applying(unknown) }
        var leap = LedgerEvent(at: .noon)
        leap.opened = Night(id: 3, openedAt: .noon, until: .noon)
        #expect(throws: LedgerFault.self) { try ledger.applying(leap) }
    }

    @Test func `an entry is written as it is read`() throws {
        var event = LedgerEvent(at: .noon + 0.25)
        event.settled = [
            Settlement(
                session: session(1),
                charge: Charge(Amount(micros: 1, tokens: 2, milliseconds: 3), basis: .priced, note: "n"))
        ]
        event.opened = Night(id: 4, openedAt: .noon, until: .noon + 60)
        event.forgotten = [PRNumber(8)]
        event.reserved = Reservation(session: session(2), night: 4, amount: Amount(micros: 1_500_000))
        var state = try spent(1.25, session(3))
        state.reservations = [event.reserved].compactMap { $0 }
        let record = LedgerRecord(event: event, state: state)
        #expect(try LedgerRecord(parsing: record.json.bytes()) == record)
        #expect(
            String(decoding: state.json.bytes(), as: UTF8.self)
                == #"{"night":{"id":1,"opened":"2026-11-21T12:00:00.000Z","until":"2026-11-22T12:00:00.000Z","#
                + #""settled":{"usd":1.25,"seconds":60.0},"sessions":1},"reserved":[{"pr":2,"stage":"plan","#
                + #""attempt":1,"night":4,"usd":1.5}],"specs":[{"pr":3,"stages":{"plan":{"usd":1.25,"seconds":60.0}}}]}"#
        )
    }
}
