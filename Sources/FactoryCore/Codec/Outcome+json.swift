extension Outcome: JSONCodable {
    package var json: JSON {
        var object: JSONObject = ["name": .string(name)]
        switch self {
        case .conflict(let paths): object["paths"] = .of(paths.map(\.description))
        case .failed(let failure, let message):
            object["failure"] = .string(failure.rawValue)
            object["message"] = .string(message)
        case .deferred(let deferral):
            object["because"] = .string(deferral.kind.rawValue)
            object["until"] = deferral.until.json
            object["message"] = .string(deferral.message)
        case .question(let text), .blocked(let text), .approvalNeeded(let text), .wouldLand(let text):
            object["message"] = .string(text)
        case .guardTripped(let violations), .budgetSpent(let violations):
            object["violations"] = .array(violations.map(\.json))
        case .landed(let commit): object["commit"] = commit.json
        case .redHoldouts(let ids): object["holdouts"] = .of(ids)
        case .delivered, .approved, .green, .changesRequested, .red, .redCandidate, .interrupted, .lostSwap,
            .alreadyContained, .baseLost:
            break
        }
        return .object(object)
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "outcome")
        let name = try reader.string("name")
        switch name {
        case "conflict": self = .conflict(try reader.strings("paths").map { RepoPath($0) })
        case "failed": self = .failed(try reader.raw("failure"), try reader.text("message"))
        case "deferred":
            self = .deferred(
                Deferral(
                    kind: try reader.raw("because"), until: try reader.time("until"),
                    message: try reader.text("message")))
        case "question": self = .question(try reader.text("message"))
        case "blocked": self = .blocked(try reader.text("message"))
        case "approval-needed": self = .approvalNeeded(try reader.text("message"))
        case "would-land": self = .wouldLand(try reader.text("message"))
        case "guard-tripped": self = .guardTripped(try reader.values("violations"))
        case "budget-spent": self = .budgetSpent(try reader.values("violations"))
        case "landed": self = .landed(try reader.id("commit"))
        case "red-holdouts": self = .redHoldouts(try reader.strings("holdouts"))
        default:
            let plain: [Outcome] = [
                .delivered, .approved, .green, .changesRequested, .red, .redCandidate, .interrupted, .lostSwap,
                .alreadyContained, .baseLost,
            ]
            guard let known = plain.first(where: { $0.name == name }) else {
                throw CodecError("outcome", "\"\(name)\" is not known here")
            }
            self = known
        }
    }
}

extension Reason: JSONCodable {
    package var json: JSON {
        .object([
            "kind": .string(kind.rawValue), "rule": .string(rule), "message": .string(message),
            "evidence": evidence.jsonOrNil, "stage": stage.map { .string($0.rawValue) },
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "reason")
        self.init(
            kind: try reader.raw("kind"), rule: try reader.text("rule"), message: try reader.text("message"),
            evidence: try reader.values("evidence"),
            stage: try reader.optional("stage") { $0.string.flatMap { Stage(rawValue: $0) } })
    }
}

extension Move: JSONCodable {
    package var json: JSON {
        .object([
            "to": .string(to.rawValue), "reason": reason?.json, "resume": resume.map { .string($0.rawValue) },
            "notBefore": notBefore?.json,
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "move")
        self.init(
            to: try reader.raw("to"), reason: try reader.optionalValue("reason"),
            resume: try reader.optional("resume") { $0.string.flatMap { State(rawValue: $0) } },
            notBefore: try reader.optional("notBefore") { $0.string.flatMap { Timestamp($0) } })
    }
}
