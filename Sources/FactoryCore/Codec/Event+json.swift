extension Entry: JSONCodable {
    /// The event with its time and author; what a newer version added is kept.
    package var json: JSON {
        var object = event.object
        object["at"] = at.json
        object["by"] = .string(by)
        return .object(object.merging(extra))
    }

    /// An event of a kind, or with a payload, that this version does not know is kept as it is.
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "event")
        let kind = try reader.string("kind")
        let event = (try? Event(kind: kind, reader)) ?? .unknown(kind: kind, reader.object.without(["at", "by"]))
        self.init(event, at: try reader.time("at"), by: try reader.text("by"))
        extra = reader.object.without(
            Set((event.object.members + [.init(key: "at", value: .null)]).map(\.key) + ["by"]))
    }
}

extension Event {
    /// The kind's name in the journal.
    package var kind: String {
        switch self {
        case .opened: "opened"
        case .amended: "amended"
        case .pushed: "pushed"
        case .started: "started"
        case .finished: "finished"
        case .certified: "certified"
        case .landed: "landed"
        case .reverting: "reverting"
        case .reverted: "reverted"
        case .approved: "approved"
        case .answered: "answered"
        case .retried: "retried"
        case .resumed: "resumed"
        case .parked: "parked"
        case .closed: "closed"
        case .noted: "noted"
        case .unknown(let kind, _): kind
        }
    }

    var object: JSONObject {
        var object: JSONObject = ["kind": .string(kind)]
        switch self {
        case .opened(let opening), .amended(let opening): object = object.merging(opening.object)
        case .pushed(let head, let base, let to):
            object["head"] = head.json
            object["base"] = base.json
            object["to"] = .string(to.rawValue)
        case .started(let start): object = object.merging(start.object)
        case .finished(let finish): object = object.merging(finish.object)
        case .certified(let token, let certification, let certificate, let tested):
            object["token"] = .string(token)
            object["certification"] = certification.json
            object["certificate"] = certificate
            object["tested"] = tested?.json
        case .landed(let commit), .reverted(let commit): object["commit"] = commit.json
        case .reverting(let certification, let certificate, let note):
            object["certification"] = certification.json
            object["certificate"] = certificate
            object["note"] = note.jsonOrNil
        case .approved(let overrides, let head, let what, let objections):
            object["overrides"] = overrides.isEmpty ? nil : .of(overrides)
            object["head"] = head.json
            object["objections"] = objections.jsonOrNil
            if let what { object = object.merging(what.object) }
        case .answered(let text), .noted(let text): object["text"] = .string(text)
        case .retried(let to, let note), .resumed(let to, let note):
            object["to"] = .string(to.rawValue)
            object["note"] = note.jsonOrNil
        case .parked(let note), .closed(let note): object["note"] = note.jsonOrNil
        case .unknown(_, let rest): object = object.merging(rest)
        }
        return object
    }

    init(kind: String, _ reader: MemberReader) throws(CodecError) {
        switch kind {
        case "opened": self = .opened(try Opening(reader))
        case "amended": self = .amended(try Opening(reader))
        case "pushed":
            self = .pushed(head: try reader.id("head"), base: try reader.id("base"), to: try reader.raw("to"))
        case "started": self = .started(try Start(reader))
        case "finished": self = .finished(try Finish(reader))
        case "certified":
            self = .certified(
                token: try reader.string("token"), try reader.value("certification"),
                certificate: reader.object["certificate"] ?? .null, tested: try reader.optionalValue("tested"))
        case "landed": self = .landed(try reader.id("commit"))
        case "approved":
            self = .approved(
                overrides: try reader.strings("overrides"), head: try reader.id("head"), of: try Approvable(reader),
                seeing: try reader.values("objections"))
        case "reverted": self = .reverted(try reader.id("commit"))
        case "reverting":
            self = .reverting(
                try reader.value("certification"), certificate: reader.object["certificate"] ?? .null,
                note: try reader.text("note"))
        case "answered": self = .answered(try reader.text("text"))
        case "noted": self = .noted(try reader.text("text"))
        case "retried": self = .retried(to: try reader.raw("to"), note: try reader.text("note"))
        case "resumed": self = .resumed(to: try reader.raw("to"), note: try reader.text("note"))
        case "parked": self = .parked(note: try reader.text("note"))
        case "closed": self = .closed(note: try reader.text("note"))
        default: self = .unknown(kind: kind, reader.object.without(["at", "by"]))
        }
    }
}

extension Opening {
    var object: JSONObject {
        [
            "spec": .string(specPath.text), "title": .string(title), "specKind": .string(kind),
            "priority": priority == 0 ? nil : .of(priority),
            "dependsOn": dependsOn.isEmpty ? nil : .array(dependsOn.map { .of($0) }),
            "stream": stream.map { .string($0) }, "author": author.json, "head": head.json, "base": base.json,
        ]
    }

    init(_ reader: MemberReader) throws(CodecError) {
        self.init(
            specPath: RepoPath(try reader.string("spec")), title: try reader.string("title"),
            kind: try reader.string("specKind"), priority: try reader.optional("priority", \.int) ?? 0,
            dependsOn: try reader.items("dependsOn", \.int), stream: try reader.optional("stream", \.string),
            author: try reader.value("author"), head: try reader.id("head"), base: try reader.id("base"))
    }
}

extension Start {
    var object: JSONObject {
        [
            "stage": .string(stage.rawValue), "attempt": .of(attempt), "token": .string(token), "head": head.json,
            "base": base.json, "floor": floor.json, "plan": plan?.json,
        ]
    }

    init(_ reader: MemberReader) throws(CodecError) {
        self.init(
            stage: try reader.raw("stage"), attempt: try reader.int("attempt"), token: try reader.string("token"),
            head: try reader.id("head"), base: try reader.id("base"), floor: try reader.id("floor"))
        plan = try reader.optionalID("plan")
    }
}

extension Finish {
    var object: JSONObject {
        [
            "stage": .string(stage.rawValue), "attempt": .of(attempt), "token": .string(token),
            "outcome": outcome.json, "move": move.json, "head": head?.json, "base": base?.json,
            "approvedPlan": approvedPlan?.json, "plannedFiles": plannedFiles.map { .of($0) },
            "tested": tested?.json, "verdict": verdict?.json, "checks": checks.jsonOrNil,
            "warnings": warnings.jsonOrNil,
            "summary": summary.jsonOrNil, "usage": usage == .unknown ? nil : usage.json,
            "charge": charge?.json, "seconds": .double((seconds * 1000).rounded() / 1000),
            "rescue": rescue?.json,
        ]
    }

    init(_ reader: MemberReader) throws(CodecError) {
        self.init(
            token: try reader.string("token"), stage: try reader.raw("stage"), attempt: try reader.int("attempt"),
            outcome: try reader.value("outcome"), move: try reader.value("move"))
        head = try reader.optionalID("head")
        base = try reader.optionalID("base")
        approvedPlan = try reader.optionalValue("approvedPlan")
        plannedFiles = reader.object["plannedFiles"] == nil ? nil : try reader.strings("plannedFiles")
        tested = try reader.optionalValue("tested")
        verdict = try reader.optionalValue("verdict")
        checks = try reader.values("checks")
        warnings = try reader.values("warnings")
        summary = try reader.text("summary")
        usage = try reader.optionalValue("usage") ?? .unknown
        charge = try reader.optionalValue("charge")
        seconds = try reader.optional("seconds", \.number) ?? 0
        rescue = try reader.optionalID("rescue")
    }
}
