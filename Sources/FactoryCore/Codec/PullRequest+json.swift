extension PullRequest: JSONCodable {
    /// The names of all members this version knows.
    private static let known: Set<String> = [
        "number", "spec", "title", "kind", "priority", "dependsOn", "author", "state", "head", "base", "opened",
        "updated", "stream", "plannedFiles", "counts", "active", "reason", "resume", "notBefore", "waiting",
        "contended", "approvedPlan",
        "tested",
        "reviewedHead", "certificate", "overrides", "warnings", "approvedHead", "approvals", "proposal",
        "withheld", "withheldBase", "landed", "revert", "reverted", "usage",
    ]

    package var json: JSON {
        let counts = JSONObject(self.counts)
        let object: JSONObject = [
            "number": .of(number.value), "spec": .string(specPath.text), "title": .string(title),
            "kind": .string(kind), "priority": priority == 0 ? nil : .of(priority),
            "dependsOn": dependsOn.isEmpty ? nil : .array(dependsOn.map { .of($0) }),
            "stream": stream.map { .string($0) }, "author": author.json, "state": .string(state.rawValue),
            "head": head.json, "base": base.json, "opened": openedAt.json,
            "updated": updatedAt.json, "counts": counts.isEmpty ? nil : .object(counts), "active": active?.json,
            "reason": reason?.json, "resume": resume.map { .string($0.rawValue) }, "notBefore": notBefore?.json,
            "waiting": waiting?.json, "contended": contendedSince?.json, "approvedPlan": approvedPlan?.json,
            "plannedFiles": plannedFiles.isEmpty ? nil : .of(plannedFiles), "tested": tested?.json,
            "reviewedHead": reviewedHead?.json, "certificate": certificate?.json,
            "overrides": overrides.jsonOrNil, "warnings": warnings.jsonOrNil,
            "approvedHead": approvedHead?.json, "approvals": approvals.jsonOrNil,
            "proposal": proposal?.json, "withheld": withheld?.json, "withheldBase": withheldBase?.json,
            "landed": landed?.json, "revert": revert?.json, "reverted": reverted?.json,
            "usage": usage == .unknown ? nil : usage.json,
        ]
        return .object(object.merging(extra))
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "state")
        let opening = Opening(
            specPath: RepoPath(try reader.string("spec")), title: try reader.string("title"),
            kind: try reader.string("kind"), priority: try reader.optional("priority", \.int) ?? 0,
            dependsOn: try reader.items("dependsOn", \.int), stream: try reader.optional("stream", \.string),
            author: try reader.value("author"), head: try reader.id("head"), base: try reader.id("base"))
        self.init(opening, number: PRNumber(try reader.int("number")), at: try reader.time("opened"))
        updatedAt = try reader.time("updated")
        state = try reader.raw("state")
        counts = try Self.counts(reader)
        active = try reader.optionalValue("active")
        reason = try reader.optionalValue("reason")
        resume = try reader.optional("resume") { $0.string.flatMap { State(rawValue: $0) } }
        notBefore = try reader.optional("notBefore") { $0.string.flatMap { Timestamp($0) } }
        waiting = try reader.optionalValue("waiting")
        contendedSince = try reader.optional("contended") { $0.string.flatMap { Timestamp($0) } }
        approvedPlan = try reader.optionalValue("approvedPlan")
        plannedFiles = try reader.strings("plannedFiles")
        tested = try reader.optionalValue("tested")
        reviewedHead = try reader.optionalID("reviewedHead")
        certificate = try reader.optionalValue("certificate")
        overrides = try reader.values("overrides")
        warnings = try reader.values("warnings")
        approvedHead = try reader.optionalID("approvedHead")
        approvals = try reader.values("approvals")
        proposal = try reader.optionalValue("proposal")
        withheld = try reader.optionalID("withheld")
        withheldBase = try reader.optionalID("withheldBase")
        landed = try reader.optionalID("landed")
        revert = try reader.optionalValue("revert")
        reverted = try reader.optionalID("reverted")
        usage = try reader.optionalValue("usage") ?? .unknown
        extra = reader.object.without(Self.known)
    }

    private static func counts(_ reader: MemberReader) throws(CodecError) -> [Stage: Counts] {
        var result: [Stage: Counts] = [:]
        for member in try reader.optional("counts", \.object)?.members ?? [] {
            guard let stage = Stage(rawValue: member.key) else {
                throw CodecError("counts", "\"\(member.key)\" is not known here")
            }
            do { result[stage] = try Counts(json: member.value) } catch {
                throw error.inside(member.key).inside("counts")
            }
        }
        return result
    }
}

extension JSONObject {
    /// Counts by stage, in the order of the line.
    fileprivate init(_ counts: [Stage: Counts]) {
        self.init()
        for stage in Stage.allCases { self[stage.rawValue] = counts[stage]?.json }
    }
}

extension Counts: JSONCodable {
    package var json: JSON {
        .object([
            "attempts": .of(attempts), "returns": returns == 0 ? nil : .of(returns),
            "failures": failures == 0 ? nil : .of(failures),
            "interruptions": interruptions == 0 ? nil : .of(interruptions),
        ])
    }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "counts")
        attempts = try reader.int("attempts")
        returns = try reader.optional("returns", \.int) ?? 0
        failures = try reader.optional("failures", \.int) ?? 0
        interruptions = try reader.optional("interruptions", \.int) ?? 0
    }
}

extension Person: JSONCodable {
    package var json: JSON { .object(["name": .string(name), "email": .string(email)]) }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "author")
        self.init(name: try reader.string("name"), email: try reader.text("email"))
    }
}

extension Session: JSONCodable {
    package var json: JSON {
        .object([
            "token": .string(token), "stage": .string(stage.rawValue), "attempt": .of(attempt),
            "since": startedAt.json,
        ])
    }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "active")
        self.init(
            token: try reader.string("token"), stage: try reader.raw("stage"), attempt: try reader.int("attempt"),
            startedAt: try reader.time("since"))
    }
}

extension Waiting: JSONCodable {
    package var json: JSON {
        .object(["since": since.json, "count": .of(count), "costUSD": costUSD == 0 ? nil : .double(costUSD)])
    }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "waiting")
        self.init(
            since: try reader.time("since"), count: try reader.int("count"),
            costUSD: try reader.optional("costUSD", \.number) ?? 0)
    }
}

extension ApprovedPlan: JSONCodable {
    package var json: JSON { .object(["spec": spec.json, "plan": plan.json]) }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "approvedPlan")
        self.init(spec: try reader.id("spec"), plan: try reader.id("plan"))
    }
}

extension Tested: JSONCodable {
    package var json: JSON {
        .object([
            "tree": tree.json, "floor": floor.json, "checks": checks.jsonOrNil, "baseTests": baseTests?.json,
            "holdouts": holdouts.jsonOrNil,
        ])
    }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "tested")
        self.init(tree: try reader.id("tree"), floor: try reader.id("floor"), checks: try reader.values("checks"))
        baseTests = try reader.optionalValue("baseTests")
        holdouts = try reader.values("holdouts")
    }
}

extension BaseTestResult: JSONCodable {
    package var json: JSON { .object(["tree": tree.json, "checks": checks.jsonOrNil]) }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "baseTests")
        self.init(tree: try reader.id("tree"), checks: try reader.values("checks"))
    }
}

extension Certification: JSONCodable {
    package var json: JSON {
        .object([
            "id": id.json, "squash": squash.json, "base": base.json, "holdouts": holdouts?.json,
            "route": route.map { .string($0.rawValue) },
        ])
    }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "certificate")
        self.init(id: try reader.id("id"), squash: try reader.id("squash"), base: try reader.id("base"))
        holdouts = try reader.optionalID("holdouts")
        route = try reader.optional("route", \.string).flatMap { ForgeSetting.Route(rawValue: $0) }
    }
}

extension Override: JSONCodable {
    package var json: JSON {
        .object([
            "rule": .string(rule), "by": .string(by), "head": head?.json, "objections": objections.jsonOrNil,
            "partial": isPartial ? .bool(true) : nil,
        ])
    }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "overrides")
        self.init(rule: try reader.string("rule"), by: try reader.text("by"), head: try reader.optionalID("head"))
        objections = try reader.values("objections")
        isPartial = try reader.optional("partial", \.bool) ?? false
    }
}

extension Override.Objection: JSONCodable {
    package var json: JSON {
        .object([
            "rule": .string(rule), "path": path.map { .string($0.description) },
            "subject": subject.map { .string($0) }, "content": content?.json,
        ])
    }
    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "objections")
        self.init(
            Violation(
                rule: try reader.string("rule"), message: "",
                path: try reader.optional("path", \.string).map { RepoPath($0) },
                subject: try reader.optional("subject", \.string)))
        content = try reader.optionalID("content")
    }
}
