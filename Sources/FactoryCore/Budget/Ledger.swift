/// The name of one session of an agent. The same session always has the same name, so that reserving twice is once.
package struct SessionName: Hashable, Sendable, CustomStringConvertible {
    package var pr: PRNumber
    package var stage: Stage
    /// From 1, over the PR's whole life.
    package var attempt: Int

    package init(pr: PRNumber, stage: Stage, attempt: Int) {
        self.pr = pr
        self.stage = stage
        self.attempt = attempt
    }

    package var description: String { "\(pr) \(stage.rawValue) \(attempt)" }
}

/// What is put aside for a session before it starts: the most that it may use.
package struct Reservation: Hashable, Sendable {
    package var session: SessionName
    /// The night that it is charged to, however long it lasts.
    package var night: Int
    /// Of a unit that nothing caps, nothing is put aside.
    package var amount: Amount

    package init(session: SessionName, night: Int, amount: Amount) {
        self.session = session
        self.night = night
        self.amount = amount
    }
}

/// A session's end in the ledger: its reservation goes, its charge stays.
package struct Settlement: Hashable, Sendable {
    package var session: SessionName
    package var charge: Charge

    package init(session: SessionName, charge: Charge) {
        self.session = session
        self.charge = charge
    }
}

/// A stretch of work under one cap. It has a number and no date: what begins a new one are the rules of `Night.ends`
/// and a person, never midnight or a restart.
package struct Night: Hashable, Sendable {
    /// From 1; the next night has the next one.
    package var id: Int
    package var openedAt: Timestamp
    /// From then on the next reservation opens another night.
    package var until: Timestamp
    /// What its ended sessions were charged.
    package var settled = Amount.zero
    /// Its ended sessions.
    package var sessions = 0

    package init(id: Int, openedAt: Timestamp, until: Timestamp) {
        self.id = id
        self.openedAt = openedAt
        self.until = until
    }

    /// When a night that is opened now ends: when the next window starts, or after 24 hours where there is no window.
    package static func ends(openedAt now: Timestamp, window: NightWindow?, minuteOfDay: Int) -> Timestamp {
        guard let window else { return now + 86_400 }
        let ahead = ((window.starts - minuteOfDay) % 1440 + 1440) % 1440
        let minute = Timestamp(milliseconds: now.milliseconds - now.milliseconds % 60_000)
        return minute + Double(ahead == 0 ? 1440 : ahead) * 60
    }
}

/// Money as it stands, folded from the ledger's events: the night, what is put aside, and what each spec has used.
/// Nights that are over are not in it.
package struct Ledger: Hashable, Sendable {
    /// The newest night; nil before the first.
    package var night: Night?
    /// In the order they were made.
    package var reservations: [Reservation] = []
    /// What the ended sessions of specs were charged, by stage.
    package var specs: [PRNumber: [Stage: Amount]] = [:]

    package init() {}

    /// What a spec's ended sessions were charged.
    package func settled(of pr: PRNumber) -> Amount { (specs[pr] ?? [:]).values.reduce(.zero, +) }

    package func reservation(of session: SessionName) -> Reservation? {
        reservations.first { $0.session == session }
    }

    /// The ledger after an event. Throws when the event does not belong here.
    package func applying(_ event: LedgerEvent) throws(LedgerFault) -> Ledger {
        var next = self
        for settlement in event.settled { try next.settle(settlement) }
        if let opened = event.opened {
            guard opened.id == (night?.id ?? 0) + 1, opened.settled == .zero, opened.sessions == 0 else {
                throw LedgerFault("night \(opened.id) does not follow night \(night?.id ?? 0)")
            }
            next.night = opened
        }
        for number in event.forgotten { next.specs[number] = nil }
        if let reserved = event.reserved {
            guard reserved.night == next.night?.id else {
                throw LedgerFault("\(reserved.session) is reserved for night \(reserved.night), which is not open")
            }
            guard next.reservation(of: reserved.session) == nil else {
                throw LedgerFault("\(reserved.session) is reserved already")
            }
            next.reservations.append(reserved)
        }
        return next
    }

    private mutating func settle(_ settlement: Settlement) throws(LedgerFault) {
        guard let index = reservations.firstIndex(where: { $0.session == settlement.session }) else {
            throw LedgerFault("nothing is reserved for \(settlement.session)")
        }
        let reservation = reservations.remove(at: index)
        let (session, amount) = (settlement.session, settlement.charge.amount)
        if amount != .zero { specs[session.pr, default: [:]][session.stage, default: .zero] += amount }
        if night?.id == reservation.night {
            night?.settled += amount
            night?.sessions += 1
        }
    }
}

/// What happened to the money, in one step: sessions were settled, a night was opened, a session was reserved for.
/// One event is one commit of the ledger, so a session that follows another costs one.
package struct LedgerEvent: Hashable, Sendable {
    package var settled: [Settlement] = []
    package var opened: Night?
    /// Specs that are done with, and whose accounts are dropped.
    package var forgotten: [PRNumber] = []
    package var reserved: Reservation?
    package var at: Timestamp
    package var by: String

    package init(at: Timestamp, by: String = "factory") {
        self.at = at
        self.by = by
    }

    package var isEmpty: Bool { settled.isEmpty && opened == nil && forgotten.isEmpty && reserved == nil }

    /// The event as one sentence for people: the subject of its commit.
    package var sentence: String {
        var parts = settled.map { "settled \($0.session) at \($0.charge.amount.text)" }
        if let opened { parts.append("opened night \(opened.id)") }
        if let reserved { parts.append("reserved \(reserved.amount.text) for \(reserved.session)") }
        if parts.isEmpty { parts = ["closed accounts of \(forgotten.count) specs"] }
        let text = parts.joined(separator: "; ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}

/// An event that the ledger does not allow.
package struct LedgerFault: Error, Hashable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
