import FactoryCore

/// The JSON schema of a role's result, for programs that hold their model to one. Strict readers want every member
/// required, so what may be left out may be null.
enum ResultSchema {
    static func text(for role: Role) -> String {
        (role.isReviewer ? reviewer : writer).text()
    }

    private static let writer = object([
        ("status", choice(["done", "question", "blocked"])), ("summary", text), ("question", optionalText),
    ])

    private static let reviewer = object([
        ("decision", choice(["APPROVE", "REQUEST_CHANGES", "QUESTION"])), ("summary", text),
        (
            "findings",
            list(
                object([
                    ("code", text), ("severity", choice(["blocker", "major", "minor"])), ("path", optionalText),
                    ("line", .object(["type": .of(["integer", "null"])])), ("message", text),
                ]))
        ),
        (
            "criteria",
            list(
                object([
                    ("id", text),
                    ("met", .object(["anyOf": .array([.object(["type": "boolean"]), choice(["human"])])])),
                    ("evidence", text),
                ]))
        ),
    ])

    private static let text = JSON.object(["type": "string"])
    private static let optionalText = JSON.object(["type": .of(["string", "null"])])
    private static func choice(_ words: [String]) -> JSON { .object(["type": "string", "enum": .of(words)]) }
    private static func list(_ item: JSON) -> JSON { .object(["type": "array", "items": item]) }

    private static func object(_ members: [(String, JSON)]) -> JSON {
        var properties = JSONObject()
        for (name, schema) in members { properties[name] = schema }
        return .object([
            "type": "object", "properties": .object(properties), "required": .of(members.map(\.0)),
            "additionalProperties": false,
        ])
    }
}
