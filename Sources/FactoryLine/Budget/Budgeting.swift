import FactoryCore

/// There is no room for a session, or the line stops while it waits for some: the worker lets go of its PR, which is
/// none the worse for it.
struct NoRoom: Error {
    let tip: Tip
}

/// What comes before a session: room under the caps.
struct Budgeting {
    let ports: LinePorts
    let till: Till
    let floor: Floor

    /// What a session may do about money.
    enum Leave {
        /// Nothing is capped, or no agent works the stage.
        case free
        case granted(Purse)
        /// The PR parks: the rule with its figures, then what was spent by stage.
        case spent([Violation])

        var purse: Purse? { if case .granted(let purse) = self { purse } else { nil } }
    }

    /// Waits for room while only running sessions take it up. Throws `NoRoom` when the night is spent.
    func leave(_ tip: Tip, _ stage: Stage) async throws -> Leave {
        guard let role = stage.role, !floor.configuration.budget.isUnlimited else { return .free }
        let session = tip.pr.nextSession(stage)
        while true {
            switch try await till.reserve(session, floor.configuration) {
            case .granted(let grant, _):
                let model = floor.configuration.agent(for: role)?.model
                return .granted(Purse(grant, price: floor.prices.price(of: model)))
            case .spent(let shortage):
                if shortage.level == .night { throw NoRoom(tip: tip) }
                return .spent(try await evidence(shortage, tip.pr.number))
            case .full:
                if Task.isCancelled { throw NoRoom(tip: tip) }
                try await Recovery(ports: ports, till: till).settleMoney()
                await ports.clock.sleep(seconds: 0.5)
            }
        }
    }

    /// Why the PR parks: the cap, and what was spent where, the session that ends now included.
    private func evidence(
        _ shortage: Shortage, _ number: PRNumber, adding last: (stage: Stage, amount: Amount)? = nil
    ) async throws -> [Violation] {
        var spent = Dictionary(try await till.spent(by: number).map { ($0.stage, $0.amount) }) { first, _ in first }
        if let last { spent[last.stage, default: .zero] += last.amount }
        let stages = spent.sorted { $0.key < $1.key }.map { stage, amount in
            Violation(rule: stage.rawValue, message: amount.text)
        }
        var shortage = shortage
        if shortage.level == .spec {
            shortage.cap = floor.configuration.budget.spec.limits[shortage.unit] ?? shortage.cap
            shortage.used = spent.values.reduce(.zero, +)[shortage.unit]
        }
        return [Violation(rule: shortage.rule, message: shortage.text)] + stages
    }
}

extension Budgeting {
    /// The end of a session with its figures: what the spec has spent, where its cap has ended it.
    func completed(_ outcome: Outcome, _ number: PRNumber, _ stage: Stage, _ purse: Purse?) async throws -> Outcome {
        guard case .budgetSpent = outcome, let purse, let stopped = purse.stopped else { return outcome }
        return .budgetSpent(try await evidence(stopped, number, adding: (stage, purse.charge.amount)))
    }
}

extension PullRequest {
    /// The name of the session that a stage would have next.
    func nextSession(_ stage: Stage) -> SessionName {
        SessionName(pr: number, stage: stage, attempt: counts[stage, default: Counts()].attempts + 1)
    }
}
