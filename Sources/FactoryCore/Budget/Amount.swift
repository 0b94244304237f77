/// What a budget counts.
package enum BudgetUnit: String, CaseIterable, Sendable {
    case usd, tokens, minutes
}

/// What a cap is on: one session of a stage, one spec with all its sessions, one night with all its specs.
package enum BudgetLevel: String, CaseIterable, Sendable {
    case stage, spec, night
}

/// Money, tokens and time. Whole numbers, so that sums are exact; they stop at the largest instead of overflowing.
package struct Amount: Hashable, Sendable {
    /// Millionths of a US dollar.
    package var micros: Int
    package var tokens: Int
    package var milliseconds: Int

    package init(micros: Int = 0, tokens: Int = 0, milliseconds: Int = 0) {
        self.micros = micros
        self.tokens = tokens
        self.milliseconds = milliseconds
    }

    package static let zero = Amount()

    /// How much of a unit: millionths of a dollar, tokens, or milliseconds.
    package subscript(unit: BudgetUnit) -> Int {
        get {
            switch unit {
            case .usd: micros
            case .tokens: tokens
            case .minutes: milliseconds
            }
        }
        set {
            switch unit {
            case .usd: micros = newValue
            case .tokens: tokens = newValue
            case .minutes: milliseconds = newValue
            }
        }
    }

    package static func + (a: Amount, b: Amount) -> Amount {
        var sum = Amount()
        for unit in BudgetUnit.allCases {
            let (total, overflow) = a[unit].addingReportingOverflow(b[unit])
            sum[unit] = overflow ? .max : total
        }
        return sum
    }

    package static func += (a: inout Amount, b: Amount) { a = a + b }
}

extension BudgetUnit {
    /// A figure as people write it, in the whole numbers that are counted with; 0 for what is no figure.
    package func counted(_ figure: Double) -> Int {
        let scaled =
            switch self {
            case .usd: figure * 1_000_000
            case .tokens: figure
            case .minutes: figure * 60_000
            }
        guard scaled.isFinite, scaled > 0 else { return scaled == .infinity ? .max : 0 }
        return Int(exactly: scaled.rounded()) ?? .max
    }

    /// The figure in words, such as `4.10 USD`, `12000 tokens`, `31 min`.
    package func text(_ count: Int) -> String {
        switch self {
        case .usd:
            // Rounded up: what was spent never looks like less than it is.
            let cents = count / 10_000 + (count % 10_000 > 0 ? 1 : 0)
            return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100) USD"
        case .tokens: return "\(count) tokens"
        case .minutes:
            let tenths = count / 6_000 + (count % 6_000 > 0 ? 1 : 0)
            return tenths % 10 == 0 ? "\(tenths / 10) min" : "\(tenths / 10).\(tenths % 10) min"
        }
    }
}

extension Amount {
    /// What is not nothing, in words.
    package var text: String {
        let parts = BudgetUnit.allCases.filter { self[$0] > 0 }.map { $0.text(self[$0]) }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }
}

extension BudgetSetting.Cap {
    /// The caps that are set, counted as amounts are.
    package var limits: [BudgetUnit: Int] {
        var limits: [BudgetUnit: Int] = [:]
        limits[.usd] = usd.map { BudgetUnit.usd.counted($0) }
        limits[.tokens] = tokens.map { max(0, $0) }
        limits[.minutes] = minutes.map { BudgetUnit.minutes.counted($0) }
        return limits
    }
}

extension BudgetSetting {
    /// The cap of a level.
    package subscript(level: BudgetLevel) -> Cap {
        switch level {
        case .stage: stage
        case .spec: spec
        case .night: night
        }
    }

    /// Whether nothing is capped, so that nothing needs to be counted.
    package var isUnlimited: Bool { BudgetLevel.allCases.allSatisfy { self[$0].limits.isEmpty } }
}
