import FactoryCore
import FactoryTestSupport
import Testing

struct ChargeTests {
    private func grant(night: BudgetSetting.Cap = .init(usd: 50, minutes: 600), spec: BudgetSetting.Cap = .init())
        throws -> Grant
    {
        let request = BudgetRequest(
            session: SessionName(pr: PRNumber(1), stage: .plan, attempt: 1),
            caps: BudgetSetting(night: night, spec: spec, stage: .init(usd: 10)), wall: 60, now: .noon,
            nightEnds: .noon + 1)
        guard case .granted(let grant, _) = try Ledger().answer(to: request) else { throw LedgerFault("refused") }
        return grant
    }

    private let price = Price(input: 2, output: 10)

    @Test func `a cost that was told is charged`() throws {
        let usage = Usage(inputTokens: 100, outputTokens: 10, costUSD: 1.25)
        let charge = try grant().charge(usage, seconds: 90, price: price)
        #expect(charge == Charge(Amount(micros: 1_250_000, tokens: 110, milliseconds: 90_000), basis: .reported))
    }

    @Test func `tokens are charged at the price of the model`() throws {
        let usage = Usage(inputTokens: 1_000_000, outputTokens: 100_000)
        let charge = try grant().charge(usage, seconds: 1, price: price)
        #expect(charge.amount.micros == 3_000_000 && charge.basis == .priced)
    }

    @Test func `a price of nothing is a price`() throws {
        let charge = try grant(night: .init(usd: 50)).charge(
            Usage(inputTokens: 5), seconds: 1, price: Price(input: 0, output: 0))
        #expect(charge.amount.micros == 0 && charge.basis == .priced)
    }

    @Test func `what nobody knows is bounded by the minutes`() throws {
        let charge = try grant().charge(.unknown, seconds: 1, price: nil)
        #expect(charge.amount == Amount(milliseconds: 1000) && charge.basis == .unknown && charge.note.isEmpty)
    }

    @Test(arguments: [
        Usage.unknown, Usage(costUSD: 0), Usage(inputTokens: 0, outputTokens: 0, costUSD: 0), Usage(costUSD: -1),
        Usage(costUSD: .nan), Usage(costUSD: .infinity), Usage(costUSD: 1e12), Usage(inputTokens: -5, costUSD: 1),
        Usage(inputTokens: 7),
    ])
    func `without a reading under a cap on money alone all is charged that was put aside`(_ usage: Usage) throws {
        let charge = try grant(night: .init(usd: 50)).charge(usage, seconds: 1, price: nil)
        #expect(charge.amount.micros == 10_000_000 && charge.basis == .reserved)
        #expect(charge.note.contains("charged all that was put aside"))
    }

    @Test func `a figure that is not believed is named`() throws {
        let charge = try grant().charge(Usage(costUSD: -3), seconds: 1, price: price)
        #expect(charge.note == "it reported a cost of -3.0 USD, which is not believed" && charge.amount.micros == 0)
    }

    @Test func `an unknown price is bounded by tokens where they are capped`() throws {
        let night = BudgetSetting.Cap(usd: 50, tokens: 1000)
        let read = try grant(night: night).charge(Usage(inputTokens: 7), seconds: 1, price: nil)
        #expect(read.amount == Amount(micros: 0, tokens: 7, milliseconds: 1000))
        let blind = try grant(night: night).charge(.unknown, seconds: 1, price: nil)
        #expect(blind.amount.micros == 10_000_000 && blind.amount.tokens == 1000)
    }

    @Test func `a running session is told apart by the cap that it passes`() throws {
        let grant = try grant(spec: .init(usd: 5, tokens: 50))
        #expect(grant.passed(Amount(micros: 5_000_000, tokens: 50)) == nil)
        #expect(grant.passed(Amount(micros: 5_000_001))?.rule == "spec-usd")
        #expect(grant.passed(Amount(tokens: 51))?.rule == "spec-tokens")
        #expect(grant.metered(Usage(costUSD: -1), price: nil) == nil)
        #expect(
            grant.metered(Usage(inputTokens: 1_000_000), price: price) == Amount(micros: 2_000_000, tokens: 1_000_000))
    }
}

struct PriceTableTests {
    @Test(arguments: [
        ("big-4", 1.0), ("big-4-turbo", 2.0), ("small", 3.0), ("a-mini-b-mini", 4.0), ("medium", nil), ("", nil),
    ])
    func `the first row that fits says the price`(_ model: String, _ input: Double?) {
        let rows = [("big-4", 1.0), ("big-*", 2.0), ("small", 3.0), ("*-mini", 4.0)]
        let table = PriceTable(
            asOf: "2026-11-25", rows: rows.map { .init(model: $0.0, price: Price(input: $0.1, output: 0)) })
        #expect(table.price(of: model)?.input == input)
    }

    @Test func `nothing is free for want of a price`() {
        #expect(PriceTable.shipped.price(of: "any") == nil && PriceTable.shipped.price(of: nil) == nil)
    }
}
