extension HoldoutResult: JSONCodable {
    package var json: JSON {
        .object(["id": .string(id), "hash": hash.json, "passed": .bool(passed)])
    }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "holdout")
        self.init(
            id: try reader.string("id"), hash: try reader.id("hash"), passed: try reader.required("passed", \.bool))
    }
}

/// What is stored of a holdout beside its files.
package struct HoldoutOrder: Hashable, Sendable, JSONCodable {
    /// A line for `sh -c`.
    package var run: String
    /// In seconds.
    package var timeout: Double

    package init(run: String, timeout: Double) {
        self.run = run
        self.timeout = timeout
    }

    package var json: JSON { .object(["v": 1, "run": .string(run), "timeout": .double(timeout)]) }

    package init(json: JSON) throws(CodecError) {
        let reader = try MemberReader(json, "holdout")
        self.init(run: try reader.string("run"), timeout: try reader.required("timeout", \.number))
    }
}
