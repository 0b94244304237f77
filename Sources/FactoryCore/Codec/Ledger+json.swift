// Dollars and seconds in the ledger are decimal numbers, for people; they are read back to the same whole numbers.

extension Amount: JSONCodable {
    package var json: JSON {
        .object([
            "usd": micros == 0 ? nil : .double(Double(micros) / 1_000_000), "tokens": tokens == 0 ? nil : .of(tokens),
            "seconds": milliseconds == 0 ? nil : .double(Double(milliseconds) / 1000),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "amount")
        self.init(
            micros: BudgetUnit.usd.counted(try reader.optional("usd", \.number) ?? 0),
            tokens: max(0, try reader.optional("tokens", \.int) ?? 0),
            milliseconds: BudgetUnit.minutes.counted((try reader.optional("seconds", \.number) ?? 0) / 60))
    }
}

extension Charge: JSONCodable {
    package var json: JSON {
        var object = amount.json.object ?? JSONObject()
        object["basis"] = .string(basis.rawValue)
        object["note"] = note.jsonOrNil
        return .object(object)
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "charge")
        self.init(try Amount(json: json), basis: try reader.raw("basis"), note: try reader.text("note"))
    }
}

extension SessionName {
    var members: JSONObject {
        ["pr": .of(pr.value), "stage": .string(stage.rawValue), "attempt": .of(attempt)]
    }

    init(_ reader: MemberReader) throws(CodecError) {
        self.init(
            pr: PRNumber(try reader.int("pr")), stage: try reader.raw("stage"), attempt: try reader.int("attempt"))
    }
}

extension Reservation: JSONCodable {
    package var json: JSON {
        .object(session.members.merging(["night": .of(night)]).merging(amount.json.object ?? JSONObject()))
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "reservation")
        self.init(session: try SessionName(reader), night: try reader.int("night"), amount: try Amount(json: json))
    }
}

extension Settlement: JSONCodable {
    package var json: JSON { .object(session.members.merging(charge.json.object ?? JSONObject())) }

    package init(json: JSON) throws(CodecError) {
        self.init(session: try SessionName(MemberReader(json, "settlement")), charge: try Charge(json: json))
    }
}

extension Night: JSONCodable {
    package var json: JSON {
        .object([
            "id": .of(id), "opened": openedAt.json, "until": until.json,
            "settled": settled == .zero ? nil : settled.json, "sessions": sessions == 0 ? nil : .of(sessions),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "night")
        self.init(id: try reader.int("id"), openedAt: try reader.time("opened"), until: try reader.time("until"))
        settled = try reader.optionalValue("settled") ?? .zero
        sessions = try reader.optional("sessions", \.int) ?? 0
    }
}

extension LedgerEvent: JSONCodable {
    package var json: JSON {
        .object([
            "settled": settled.jsonOrNil, "opened": opened?.json,
            "forgotten": forgotten.isEmpty ? nil : .array(forgotten.map { .of($0.value) }),
            "reserved": reserved?.json, "at": at.json, "by": .string(by),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "event")
        self.init(at: try reader.time("at"), by: try reader.string("by"))
        settled = try reader.values("settled")
        opened = try reader.optionalValue("opened")
        forgotten = try reader.items("forgotten") { $0.int.map { PRNumber($0) } }
        reserved = try reader.optionalValue("reserved")
    }
}

extension Ledger: JSONCodable {
    package var json: JSON {
        let accounts = specs.sorted { $0.key < $1.key }.map { number, stages in
            var object = JSONObject()
            for stage in Stage.allCases { object[stage.rawValue] = stages[stage]?.json }
            return JSON.object(["pr": .of(number.value), "stages": .object(object)])
        }
        return .object([
            "night": night?.json, "reserved": reservations.jsonOrNil,
            "specs": accounts.isEmpty ? nil : .array(accounts),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "ledger")
        self.init()
        night = try reader.optionalValue("night")
        reservations = try reader.values("reserved")
        for account in try reader.optional("specs", \.array) ?? [] {
            let reader = try MemberReader(account, "account")
            let stages = try MemberReader(reader.required("stages") { $0 }, "stages")
            for stage in Stage.allCases {
                let amount: Amount? = try stages.optionalValue(stage.rawValue)
                specs[PRNumber(try reader.int("pr")), default: [:]][stage] = amount
            }
        }
    }
}

/// The body of one commit of the ledger: the event, and the ledger as it stands after it.
package struct LedgerRecord: Hashable, Sendable, JSONCodable {
    package static let version = 1
    package var event: LedgerEvent
    package var state: Ledger

    package init(event: LedgerEvent, state: Ledger) {
        self.event = event
        self.state = state
    }

    package var json: JSON { .object(["v": .of(Self.version), "event": event.json, "state": state.json]) }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "ledger entry")
        event = try reader.value("event")
        state = try reader.value("state")
    }

    /// Reads a body. Throws when it is no JSON or not an entry of the ledger.
    package init(parsing body: [UInt8]) throws(CodecError) {
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: body) } catch {
            throw CodecError("ledger entry", error.description)
        }
        try self.init(json: json)
    }
}
