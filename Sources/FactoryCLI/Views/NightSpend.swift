import FactoryCore

/// What the open night has spent, beside its cap.
struct NightSpend: Sendable {
    let night: Night
    /// What is put aside for sessions that have not been settled.
    let reserved: Amount
    let caps: BudgetSetting
    /// The cap that is spent; nil while there is room.
    let shortage: Shortage?

    /// Nil when no night is open, or when nothing caps one.
    init?(_ ledger: Ledger, _ caps: BudgetSetting, at now: Timestamp) {
        guard let night = ledger.night, !ledger.needsNight(at: now), !caps.night.limits.isEmpty else { return nil }
        self.night = night
        self.caps = caps
        reserved = ledger.reservations.filter { $0.night == night.id }.map(\.amount).reduce(.zero, +)
        shortage = ledger.nightShortage(caps, at: now)
    }

    /// `night 3 has spent 12.50 USD of 50.00 USD and 120 min of 600 min`.
    var sentence: String {
        let limits = caps.night.limits
        let parts = BudgetUnit.allCases.compactMap { unit in
            limits[unit].map { "\(unit.text(night.settled[unit])) of \(unit.text($0))" }
        }
        return "night \(night.id) has spent \(Wording.list(parts))"
    }

    /// What to say when the cap is spent, and what to do about it.
    func spent(_ time: LocalTime) -> String? {
        shortage.map { "\($0.text); \(Self.next(night.until, time))" }
    }

    /// When it goes on.
    static func next(_ until: Timestamp, _ time: LocalTime) -> String {
        "the next night begins \(time.text(until)), or with `factory run --new-night`"
    }

    var json: JSON {
        .object([
            "id": .of(night.id), "opened": .string(night.openedAt.iso), "until": .string(night.until.iso),
            "sessions": .of(night.sessions), "settled": Self.json(night.settled), "reserved": Self.json(reserved),
            "cap": .object([
                "usd": caps.night.usd.map { .double($0) } ?? .null,
                "tokens": caps.night.tokens.map { .of($0) } ?? .null,
                "minutes": caps.night.minutes.map { .double($0) } ?? .null,
            ]),
            "spent": .orNull(shortage?.rule),
        ])
    }

    /// All three figures, whether or not they are nothing.
    static func json(_ amount: Amount) -> JSON {
        .object([
            "usd": .double(Double(amount.micros) / 1_000_000), "tokens": .of(amount.tokens),
            "seconds": .double(Double(amount.milliseconds) / 1000),
        ])
    }
}

extension Story {
    /// What sessions were charged, oldest first.
    var charges: [(session: String, charge: Charge)] {
        ended.compactMap { item in item.finish.charge.map { (item.finish.session, $0) } }
    }

    /// What a person should know about these figures, a line each.
    var chargeNotes: [String] {
        charges.filter { !$0.charge.note.isEmpty }.map { session, charge in
            "\(session): \(charge.amount.text); \(Wording.line(charge.note, limit: 200))"
        }
    }

    var chargesJSON: JSON {
        .array(
            charges.map { session, charge in
                let about: JSONObject = [
                    "session": .string(session), "basis": .string(charge.basis.rawValue), "note": .string(charge.note),
                ]
                return .object(about.merging(NightSpend.json(charge.amount).object ?? JSONObject()))
            })
    }
}
