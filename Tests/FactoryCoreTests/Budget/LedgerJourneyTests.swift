import FactoryCore
import FactoryTestSupport
import Testing

/// Sessions that start, end, cost more than they may and die, in an order that no author would think of.
struct LedgerJourneyTests {
    /// Lines at work on one ledger, each reading the newest entry before it writes.
    private struct Journey {
        var random: SeededGenerator
        let caps: BudgetSetting
        let workers: Int
        /// The most that a session that cannot be metered uses beyond what was put aside for it.
        let beyond: Int
        var ledger = Ledger()
        var running: [Grant] = []
        var dead: [Reservation] = []
        var settled: [SessionName: Int] = [:]
        var attempts: [PRNumber: Int] = [:]
        var now = Timestamp.noon

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            workers = 1 + random.below(4)
            beyond = random.pick([0, 3_000_000])
            caps = BudgetSetting(
                night: .init(usd: Double(5 + random.below(60)), tokens: random.pick([nil, 400_000]), minutes: 600),
                spec: .init(usd: random.pick([nil, Double(1 + random.below(25))]), minutes: random.pick([nil, 240])),
                stage: random.pick([.init(), .init(usd: Double(1 + random.below(10)))]))
        }

        func request(_ session: SessionName) -> BudgetRequest {
            BudgetRequest(session: session, caps: caps, wall: 2700, now: now, nightEnds: now + 86_400)
        }

        mutating func step() throws {
            now = now + (Double(random.below(900)) - 60)
            switch random.below(10) {
            case 0...4: try reserve()
            case 5...7: try settle()
            case 8: crash()
            default: try recover()
            }
        }

        private mutating func reserve() throws {
            guard running.count + dead.count < workers else { return }
            let number = PRNumber(1 + random.below(6))
            guard !running.contains(where: { $0.reservation.session.pr == number }) else { return }
            attempts[number, default: 0] += 1
            let session = SessionName(pr: number, stage: .implementation, attempt: attempts[number] ?? 1)
            guard case .granted(let grant, let event?) = try ledger.answer(to: request(session)) else { return }
            ledger = try ledger.applying(event)
            running.append(grant)
            let again = try ledger.answer(to: request(session))
            #expect(again == .granted(grant, nil), "asking twice changes something")
        }

        private mutating func settle() throws {
            guard !running.isEmpty else { return }
            let grant = running.remove(at: random.below(running.count))
            var amount = Amount.zero
            for (unit, count) in grant.allowed { amount[unit] = random.below(count + 1) }
            amount.micros += beyond == 0 ? 0 : random.below(beyond)
            try end(grant.reservation, Charge(amount, basis: .reported))
        }

        private mutating func crash() {
            dead += running.map(\.reservation)
            running = []
        }

        private mutating func recover() throws {
            for reservation in dead { try end(reservation, .worst(of: reservation)) }
            dead = []
        }

        private mutating func end(_ reservation: Reservation, _ charge: Charge) throws {
            var event = LedgerEvent(at: now)
            event.settled = [Settlement(session: reservation.session, charge: charge)]
            ledger = try ledger.applying(event)
            settled[reservation.session, default: 0] += 1
            #expect(throws: LedgerFault.self) { try ledger.applying(event) }
        }

        func expectWithinCaps() {
            let overshoot = workers * beyond
            for unit in BudgetUnit.allCases {
                let more = unit == .usd ? overshoot : 0
                if let cap = caps.night.limits[unit], let night = ledger.night {
                    let aside = ledger.reservations.filter { $0.night == night.id }.map(\.amount).reduce(.zero, +)
                    #expect(night.settled[unit] + aside[unit] <= cap + more)
                }
                guard let cap = caps.spec.limits[unit] else { continue }
                for number in 1...6 {
                    let pr = PRNumber(number)
                    let aside = ledger.reservations.filter { $0.session.pr == pr }.map(\.amount).reduce(.zero, +)
                    #expect(ledger.settled(of: pr)[unit] + aside[unit] <= cap + (unit == .usd ? beyond : 0))
                }
            }
            #expect(settled.values.allSatisfy { $0 == 1 })
        }
    }

    @Test(arguments: 1...200)
    func `what is spent and put aside stays within the caps and the stated overshoot`(_ seed: Int) throws {
        var journey = Journey(seed: UInt64(seed))
        for _ in 0..<150 {
            try journey.step()
            journey.expectWithinCaps()
        }
        let record = LedgerRecord(event: LedgerEvent(at: journey.now), state: journey.ledger)
        #expect(try LedgerRecord(parsing: record.json.bytes()) == record)
    }
}
