import FactoryCore

extension Examination {
    /// The caps, how far they can be overshot, and where nothing is capped.
    func budget(_ floor: Floor) -> [DoctorVerb.Finding] {
        let configuration = floor.configuration
        let caps = configuration.budget
        guard !caps.isUnlimited else {
            return [
                .init(
                    verdict: .warn, what: "nothing is capped: an agent that runs away is bounded by counts only",
                    fix: "take the empty levels out of `budget:` in .factory/config.yml, or give them figures")
            ]
        }
        var findings: [DoctorVerb.Finding] = [
            .init(
                verdict: .pass,
                what: "caps: " + BudgetLevel.allCases.reversed().compactMap { caps.text($0) }.joined(separator: "; ")),
            .init(verdict: .pass, what: overshoot(configuration)),
        ]
        if caps.night.limits.isEmpty {
            findings.append(
                .init(
                    verdict: .warn, what: "the night has no cap: as many specs as are queued may each spend theirs",
                    fix: "set `budget: { night: { usd: 50, minutes: 600 } }` in .factory/config.yml"))
        }
        return findings + blind(floor)
    }

    private func overshoot(_ configuration: Configuration) -> String {
        let workers = Wording.count(configuration.concurrency, "running session")
        let stage = configuration.budget.stage
        let wall = min(configuration.limits.stage, (stage.minutes ?? .infinity) * 60)
        return
            "at most \(workers) may go on beyond a cap: one that tells its usage while it runs is ended at once, any "
            + "other after \(Wording.duration(wall)) at the latest"
    }

    /// Roles that nobody can put a price on before they have told one.
    private func blind(_ floor: Floor) -> [DoctorVerb.Finding] {
        let caps = floor.configuration.budget
        let alone = [BudgetLevel.spec, .night].filter { caps[$0].usd != nil && caps[$0].minutes == nil }
        let roles = Role.allCases.filter {
            floor.prices.price(of: floor.configuration.agent(for: $0)?.model) == nil
        }
        guard !alone.isEmpty, !roles.isEmpty else { return [] }
        let levels = Wording.list(alone.map(\.rawValue))
        return [
            .init(
                verdict: .warn,
                what: "\(levels): only money is capped, and a session that tells no cost is charged all that was put "
                    + "aside for it (\(Wording.list(roles.map(\.rawValue))))",
                fix: "cap minutes as well, have the agents tell what they cost, or name prices in .factory/prices.yml")
        ]
    }
}

extension BudgetSetting {
    /// `night 50.00 USD, 600 min`; nil where nothing is capped.
    fileprivate func text(_ level: BudgetLevel) -> String? {
        let limits = self[level].limits
        let parts = BudgetUnit.allCases.compactMap { unit in limits[unit].map { unit.text($0) } }
        let name = level == .stage ? "session" : level.rawValue
        return parts.isEmpty ? nil : "\(name) \(parts.joined(separator: ", "))"
    }
}
