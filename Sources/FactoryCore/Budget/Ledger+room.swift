/// A session that wants to start, and the caps that it has to fit under.
package struct BudgetRequest: Sendable {
    package var session: SessionName
    package var caps: BudgetSetting
    /// Seconds that the session may take by `limits.stage`.
    package var wall: Double
    package var now: Timestamp
    /// When a night that is opened for it ends.
    package var nightEnds: Timestamp

    package init(
        session: SessionName, caps: BudgetSetting, wall: Double, now: Timestamp, nightEnds: Timestamp
    ) {
        self.session = session
        self.caps = caps
        self.wall = wall
        self.now = now
        self.nightEnds = nightEnds
    }
}

/// Leave to start a session: what it may use, and which level allows no more.
package struct Grant: Hashable, Sendable {
    package var reservation: Reservation
    package var caps: BudgetSetting
    /// The most that it may use of each unit that is capped; of time always.
    package var allowed: [BudgetUnit: Int]
    /// The level whose cap makes it so.
    package var bound: [BudgetUnit: BudgetLevel]

    /// Seconds that the session may take.
    package var wall: Double { Double(allowed[.minutes] ?? 0) / 1000 }
}

/// A cap that leaves no room.
package struct Shortage: Hashable, Sendable {
    package var level: BudgetLevel
    package var unit: BudgetUnit
    package var cap: Int
    /// What ended sessions were charged.
    package var used: Int

    package init(level: BudgetLevel, unit: BudgetUnit, cap: Int, used: Int) {
        self.level = level
        self.unit = unit
        self.cap = cap
        self.used = used
    }

    /// The rule in short, such as `spec-usd`.
    package var rule: String { "\(level.rawValue)-\(unit.rawValue)" }

    /// `the night's cap is spent: 50.20 USD of 50.00 USD`.
    package var text: String {
        let whose =
            switch level {
            case .stage: "the cap of a session"
            case .spec: "the spec's cap"
            case .night: "the night's cap"
            }
        return "\(whose) is spent: \(unit.text(used)) of \(unit.text(cap))"
    }
}

/// What a request is answered with.
package enum BudgetAnswer: Hashable, Sendable {
    /// It may start once the event stands in the ledger; nil: it stands there already.
    case granted(Grant, LedgerEvent?)
    /// There is room only when sessions that run now have used less than was put aside for them.
    case full(Shortage)
    /// There is none.
    case spent(Shortage)
}

extension Ledger {
    /// Whether a session may start. `settling` are sessions that have ended and go into the same event.
    package func answer(
        to request: BudgetRequest, settling: [Settlement] = []
    ) throws(LedgerFault) -> BudgetAnswer {
        var event = LedgerEvent(at: request.now)
        event.settled = settling.filter { reservation(of: $0.session) != nil }
        if needsNight(at: request.now) {
            event.opened = Night(id: (night?.id ?? 0) + 1, openedAt: request.now, until: request.nightEnds)
        }
        let ledger = try applying(event)
        if let shortage = ledger.shortage(request) { return .spent(shortage) }
        if let known = ledger.reservation(of: request.session) {
            return .granted(ledger.grant(known, request), event.settled.isEmpty ? nil : event)
        }
        for level in BudgetLevel.allCases {
            for (unit, cap) in request.caps[level].limits.sorted(by: { $0.key.rawValue < $1.key.rawValue })
            where ledger.left(level, unit, cap, request.session) < unit.least {
                let used = ledger.used(level, request.session.pr)[unit]
                return .full(Shortage(level: level, unit: unit, cap: cap, used: used))
            }
        }
        var wanted = Reservation(session: request.session, night: ledger.night?.id ?? 0, amount: .zero)
        for (unit, count) in ledger.grant(wanted, request).allowed { wanted.amount[unit] = count }
        event.reserved = wanted
        return .granted(ledger.grant(wanted, request), event)
    }

    /// Whether the next reservation opens a night.
    package func needsNight(at now: Timestamp) -> Bool { night.map { now >= $0.until } ?? true }

    /// The first cap that ended sessions have used up, the narrowest level first.
    private func shortage(_ request: BudgetRequest) -> Shortage? {
        for level in BudgetLevel.allCases {
            let used = used(level, request.session.pr)
            if let found = Self.shortage(level, request.caps, used) { return found }
        }
        return nil
    }

    /// The night's cap that is used up; nil while there is room, and when the night is over.
    package func nightShortage(_ caps: BudgetSetting, at now: Timestamp) -> Shortage? {
        Self.shortage(.night, caps, needsNight(at: now) ? .zero : night?.settled ?? .zero)
    }

    private static func shortage(_ level: BudgetLevel, _ caps: BudgetSetting, _ used: Amount) -> Shortage? {
        let limits = caps[level].limits
        for unit in BudgetUnit.allCases {
            guard let cap = limits[unit], cap - min(cap, used[unit]) < unit.least else { continue }
            return Shortage(level: level, unit: unit, cap: cap, used: used[unit])
        }
        return nil
    }

    /// What ended sessions were charged to a level. Sessions of a stage each begin at nothing.
    private func used(_ level: BudgetLevel, _ pr: PRNumber) -> Amount {
        switch level {
        case .stage: .zero
        case .spec: settled(of: pr)
        case .night: night?.settled ?? .zero
        }
    }

    /// What a cap leaves for a session beside what was charged and what is put aside for others.
    private func left(_ level: BudgetLevel, _ unit: BudgetUnit, _ cap: Int, _ session: SessionName) -> Int {
        let others = reservations.filter { other in
            switch level {
            case .stage: false
            case .spec: other.session.pr == session.pr && other.session != session
            case .night: other.night == night?.id && other.session != session
            }
        }
        let taken = others.map(\.amount).reduce(used(level, session.pr), +)
        return cap - min(cap, taken[unit])
    }

    private func grant(_ reservation: Reservation, _ request: BudgetRequest) -> Grant {
        var grant = Grant(
            reservation: reservation, caps: request.caps,
            allowed: [.minutes: BudgetUnit.minutes.counted(request.wall / 60)], bound: [.minutes: .stage])
        for level in BudgetLevel.allCases {
            for (unit, cap) in request.caps[level].limits {
                let left = left(level, unit, cap, request.session)
                guard left < grant.allowed[unit] ?? .max else { continue }
                (grant.allowed[unit], grant.bound[unit]) = (left, level)
            }
        }
        // What was put aside before is not made more by asking again.
        for (unit, count) in grant.allowed where reservation.amount[unit] > 0 {
            grant.allowed[unit] = min(count, reservation.amount[unit])
        }
        return grant
    }
}

extension BudgetUnit {
    /// Less than this is nothing left: a session would be started only to be stopped.
    fileprivate var least: Int {
        switch self {
        case .usd: 10_000
        case .tokens: 1
        case .minutes: 1000
        }
    }
}
