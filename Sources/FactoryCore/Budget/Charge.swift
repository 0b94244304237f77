/// What a session is charged, and what that figure rests on.
package struct Charge: Hashable, Sendable {
    /// Where the money comes from.
    package enum Basis: String, CaseIterable, Sendable {
        /// The agent told what it cost.
        case reported
        /// The agent told its tokens, and the price of the model is known.
        case priced
        /// Nobody knows what it cost: other caps bound it.
        case unknown
        /// Nobody knows, and nothing else bounds it: all that was put aside for it.
        case reserved
        /// It never ran.
        case none
    }
    package var amount: Amount
    package var basis: Basis
    /// What a person should know about the figure; mostly empty.
    package var note: String

    package init(_ amount: Amount, basis: Basis, note: String = "") {
        self.amount = amount
        self.basis = basis
        self.note = note
    }

    /// A session that never ran.
    package static let nothing = Charge(.zero, basis: .none)

    /// A session that died: nobody knows what it used, so it is all that it might have.
    package static func worst(of reservation: Reservation) -> Charge {
        Charge(reservation.amount, basis: .reserved, note: "the line died: charged all that was put aside for it")
    }
}

extension Usage {
    /// Beyond these a figure is a mistake.
    private static let mostTokens = 1_000_000_000_000
    private static let mostUSD = 1_000_000.0

    /// What can be believed of it: all or nothing. `doubt` says why not.
    package var believed: (usage: Usage, doubt: String?) {
        for tokens in [inputTokens, outputTokens].compactMap({ $0 }) where !(0...Self.mostTokens).contains(tokens) {
            return (.unknown, "it reported \(tokens) tokens, which is not believed")
        }
        if let costUSD, !(0...Self.mostUSD).contains(costUSD) {
            return (.unknown, "it reported a cost of \(costUSD) USD, which is not believed")
        }
        return (self, nil)
    }

    /// Tokens in and out; nil when it tells of none.
    package var tokens: Int? {
        let (total, overflow) = (inputTokens ?? 0).addingReportingOverflow(outputTokens ?? 0)
        return total == 0 ? nil : overflow ? .max : total
    }

    /// The money: as it was told, or from tokens and price. A cost of nothing is what programs tell of a model whose
    /// price they do not know, so it is taken for not told.
    func money(_ price: Price?) -> (micros: Int, basis: Charge.Basis)? {
        if let costUSD, costUSD > 0 { return (max(1, BudgetUnit.usd.counted(costUSD)), .reported) }
        guard let price, tokens != nil else { return nil }
        let cost = Double(inputTokens ?? 0) * price.input + Double(outputTokens ?? 0) * price.output
        return (BudgetUnit.usd.counted(cost / 1_000_000), .priced)
    }
}

extension Grant {
    /// What a session is charged that took so long and told this. `price` is that of its model, where it is known.
    package func charge(_ usage: Usage, seconds: Double, price: Price?, doubt: String? = nil) -> Charge {
        let (usage, ownDoubt) = usage.believed
        var notes = [doubt ?? ownDoubt].compactMap { $0 }
        let money = usage.money(price)
        var amount = Amount(milliseconds: BudgetUnit.minutes.counted(seconds / 60))
        amount.micros = money?.micros ?? 0
        amount.tokens = usage.tokens ?? 0
        var basis = money?.basis ?? .unknown
        let read = [BudgetUnit.usd: money != nil, .tokens: usage.tokens != nil]
        for unit in [BudgetUnit.usd, .tokens] where read[unit] == false && standsAlone(unit, read) {
            amount[unit] = reservation.amount[unit]
            if unit == .usd { basis = .reserved }
            notes.append("it told no \(unit == .usd ? "cost" : "tokens"): charged all that was put aside for it")
        }
        return Charge(amount, basis: basis, note: notes.joined(separator: "; "))
    }

    /// Whether spec or night cap this unit and nothing else that is read. A session is always bounded in time.
    private func standsAlone(_ unit: BudgetUnit, _ read: [BudgetUnit: Bool]) -> Bool {
        [BudgetLevel.spec, .night].contains { level in
            let limits = caps[level].limits
            return limits[unit] != nil && limits[.minutes] == nil
                && !limits.keys.contains { $0 != unit && read[$0] == true }
        }
    }

    /// What a session has used so far, as far as it can be metered; nil when its figures are not believed.
    package func metered(_ usage: Usage, price: Price?) -> Amount? {
        let (usage, doubt) = usage.believed
        guard doubt == nil else { return nil }
        return Amount(micros: usage.money(price)?.micros ?? 0, tokens: usage.tokens ?? 0)
    }

    /// The cap that a running session has passed; nil while it may go on.
    package func passed(_ used: Amount) -> Shortage? {
        for unit in BudgetUnit.allCases where unit != .minutes {
            guard let allowed = allowed[unit], let level = bound[unit], used[unit] > allowed else { continue }
            return Shortage(level: level, unit: unit, cap: allowed, used: used[unit])
        }
        return nil
    }

    /// The session's own cap that its charge is beyond; nil when it kept to it.
    package func overdrawn(by charge: Charge) -> Shortage? {
        let limits = caps.stage.limits
        for unit in [BudgetUnit.usd, .tokens] {
            guard let cap = limits[unit], charge.amount[unit] > cap else { continue }
            return Shortage(level: .stage, unit: unit, cap: cap, used: charge.amount[unit])
        }
        return nil
    }
}
