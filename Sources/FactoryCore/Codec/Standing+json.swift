extension Standing.Stop: JSONCodable {
    package var json: JSON {
        .object([
            "kind": .string(kind.rawValue), "message": message.jsonOrNil, "evidence": evidence.jsonOrNil,
            "at": at.json, "by": .string(by), "now": isUrgent ? .bool(true) : nil,
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "stop")
        self.init(
            try reader.raw("kind"), try reader.text("message"), evidence: try reader.values("evidence"),
            at: try reader.time("at"), by: try reader.string("by"))
        isUrgent = try reader.optional("now", \.bool) ?? false
    }
}

extension Standing.Probe: JSONCodable {
    package var json: JSON {
        .object([
            "commit": commit.json, "tree": tree.json, "floor": .string(floor), "green": .bool(isGreen),
            "checks": checks.jsonOrNil, "runs": .of(runs), "summary": summary.jsonOrNil,
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "probe")
        self.init(
            commit: try reader.id("commit"), tree: try reader.id("tree"), floor: try reader.string("floor"),
            isGreen: try reader.required("green", \.bool), checks: try reader.values("checks"),
            runs: try reader.optional("runs", \.int) ?? 1, summary: try reader.text("summary"))
    }
}

extension Standing: JSONCodable {
    package var json: JSON {
        .object([
            "stops": stops.jsonOrNil, "probe": probe?.json, "probes": probes == 0 ? nil : .of(probes),
            "started": startedAt?.json, "accepted": accepted?.json,
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "standing")
        self.init()
        stops = try reader.values("stops")
        probe = try reader.optionalValue("probe")
        probes = try reader.optional("probes", \.int) ?? 0
        startedAt = try reader.optional("started") { $0.string.flatMap { Timestamp($0) } }
        accepted = try reader.optionalID("accepted")
    }
}

extension StandingEvent: JSONCodable {
    package var json: JSON {
        var object: JSONObject
        switch what {
        case .stopped(let stop): object = ["kind": "stopped", "stop": stop.json]
        case .started(let note, let accepted):
            object = ["kind": "started", "note": note.jsonOrNil, "accepted": accepted?.json]
        case .probed(let probe): object = ["kind": "probed", "probe": probe.json]
        }
        object["at"] = at.json
        object["by"] = .string(by)
        return .object(object)
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "event")
        let what: What
        switch try reader.string("kind") {
        case "stopped": what = .stopped(try reader.value("stop"))
        case "started": what = .started(note: try reader.text("note"), accepted: try reader.optionalID("accepted"))
        case "probed": what = .probed(try reader.value("probe"))
        case let kind: throw CodecError("kind", "\"\(kind)\" is not known here")
        }
        self.init(what, at: try reader.time("at"), by: try reader.string("by"))
    }
}

/// The body of one commit of the line's record: the event, and the standing after it.
package struct StandingRecord: Hashable, Sendable, JSONCodable {
    package static let version = 1
    package var event: StandingEvent
    package var state: Standing

    package init(event: StandingEvent, state: Standing) {
        self.event = event
        self.state = state
    }

    package var json: JSON { .object(["v": .of(Self.version), "event": event.json, "state": state.json]) }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "entry of the line")
        event = try reader.value("event")
        state = try reader.value("state")
    }

    /// Reads a body. Throws when it is no JSON or not an entry of the line's record.
    package init(parsing body: [UInt8]) throws(CodecError) {
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: body) } catch {
            throw CodecError("entry of the line", error.description)
        }
        try self.init(json: json)
    }
}
