extension Verdict: JSONCodable {
    package var json: JSON {
        .object([
            "decision": .string(decision.rawValue), "summary": .string(summary),
            "findings": .array(findings.map(\.json)), "criteria": .array(criteria.map(\.json)),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "verdict")
        self.init(
            decision: try reader.raw("decision"), summary: try reader.text("summary"),
            findings: try reader.values("findings"), criteria: try reader.values("criteria"))
    }
}

extension Finding: JSONCodable {
    package var json: JSON {
        .object([
            "code": .string(code), "severity": severity.jsonOrNil, "path": path.map { .string($0) },
            "line": line.map { .of($0) }, "message": .string(message),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "findings")
        self.init(
            code: try reader.text("code"), severity: try reader.text("severity"),
            path: try reader.optional("path", \.string), line: try reader.optional("line", \.int),
            message: try reader.string("message"))
    }
}

extension Criterion: JSONCodable {
    package var json: JSON {
        let met: JSON =
            switch met {
            case .yes: true
            case .no: false
            case .human: "human"
            }
        return .object(["id": .string(id), "met": met, "evidence": .string(evidence)])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "criteria")
        let met: Met = try reader.required("met") { value in
            switch value {
            case .bool(true): .yes
            case .bool(false): .no
            case .string("human"): .human
            case .null, .int, .double, .string, .array, .object: nil
            }
        }
        self.init(id: try reader.string("id"), met: met, evidence: try reader.text("evidence"))
    }
}

extension Usage: JSONCodable {
    package var json: JSON {
        .object([
            "inputTokens": inputTokens.map { .of($0) }, "outputTokens": outputTokens.map { .of($0) },
            "costUSD": costUSD.map { .double($0) },
        ])
    }

    /// Negative figures are refused: nobody pays the line for working.
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "usage")
        self.init(
            inputTokens: try reader.optional("inputTokens") { $0.int.flatMap { $0 < 0 ? nil : $0 } },
            outputTokens: try reader.optional("outputTokens") { $0.int.flatMap { $0 < 0 ? nil : $0 } },
            costUSD: try reader.optional("costUSD") { $0.number.flatMap { $0 < 0 ? nil : $0 } })
    }
}

extension Violation: JSONCodable {
    package var json: JSON {
        .object([
            "rule": .string(rule), "message": .string(message), "path": path.map { .string($0.description) },
            "line": line.map { .of($0) }, "subject": subject.map { .string($0) }, "content": content?.json,
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "violation")
        self.init(
            rule: try reader.string("rule"), message: try reader.text("message"),
            path: try reader.optional("path", \.string).map { RepoPath($0) }, line: try reader.optional("line", \.int),
            subject: try reader.optional("subject", \.string))
        content = try reader.optionalID("content")
    }
}

extension GuardVerdict: JSONCodable {
    package var json: JSON {
        .object([
            "rule": .string(rule), "level": .string(level.rawValue), "verdict": .string(verdict.rawValue),
            "objections": objections.jsonOrNil, "allowedBy": allowedBy.isEmpty ? nil : .of(allowedBy),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "guard")
        self.init(
            rule: try reader.string("rule"), level: try reader.raw("level"), verdict: try reader.raw("verdict"),
            objections: try reader.values("objections"), allowedBy: try reader.strings("allowedBy"))
    }
}

extension CheckResult: JSONCodable {
    package var json: JSON {
        .object([
            "name": .string(name), "exit": exit.map { .of($0) } ?? .null,
            "seconds": .double((seconds * 1000).rounded() / 1000), "first": first?.json,
            "flaky": isFlaky ? true : nil, "quarantine": quarantine.map { .string($0.description) },
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "check")
        self.init(
            name: try reader.string("name"), exit: try reader.optional("exit", \.int),
            seconds: try reader.optional("seconds", \.number) ?? 0)
        first = try reader.optionalValue("first")
        quarantine = try reader.optional("quarantine") { $0.string.flatMap { Day($0) } }
    }
}

extension CheckResult.Run: JSONCodable {
    package var json: JSON {
        .object([
            "exit": exit.map { .of($0) } ?? .null, "seconds": .double((seconds * 1000).rounded() / 1000),
        ])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "first")
        self.init(
            exit: try reader.optional("exit", \.int), seconds: try reader.optional("seconds", \.number) ?? 0)
    }
}
