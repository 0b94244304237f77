extension Approvable {
    /// The one member that says what was approved.
    var object: JSONObject {
        switch self {
        case .plan(let plan): ["plan": plan.json]
        case .certificate(let id): ["certificate": id.json]
        }
    }

    /// Nil when no member says it, as in an entry of old.
    init?(_ reader: MemberReader) throws(CodecError) {
        if let id: BlobID = try reader.optionalID("certificate") {
            self = .certificate(id)
        } else if let plan: ApprovedPlan = try reader.optionalValue("plan") {
            self = .plan(plan)
        } else {
            return nil
        }
    }
}

extension Approval: JSONCodable {
    package var json: JSON { .object(of.object.merging(["by": .string(by)])) }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "approval")
        guard let of = try Approvable(reader) else { throw CodecError("", "it does not say what was approved") }
        self.init(of: of, by: try reader.text("by"))
    }
}

extension Proposal: JSONCodable {
    package var json: JSON {
        .object(["certification": certification.json, "shadow": isShadow ? .bool(true) : nil])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "proposal")
        self.init(try reader.value("certification"), isShadow: try reader.optional("shadow", \.bool) ?? false)
    }
}
