import FactoryCore

/// What a person's word changed: one line.
struct DecisionView: Sendable {
    let before: PullRequest
    let after: PullRequest
    let event: Event
    let by: String

    var text: String {
        let title = Wording.line(after.title, limit: 60)
        return "\(after.number) \(title): \(before.state.rawValue) → \(after.state.rawValue)"
    }

    var json: JSONObject {
        [
            "number": .of(after.number.value), "event": .string(event.kind), "from": .string(before.state.rawValue),
            "to": .string(after.state.rawValue), "head": .string(after.head.hex), "by": .string(by),
        ]
    }
}
