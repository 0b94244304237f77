import FactoryCore

/// What a person's word changed: one line.
struct DecisionView: Sendable {
    let before: PullRequest
    let after: PullRequest
    let event: Event
    let by: String
    /// What else there is to say, a line each.
    var notes: [String] = []

    var text: String {
        let title = Wording.line(after.title, limit: 60)
        let line = "\(after.number) \(title): \(before.state.rawValue) → \(after.state.rawValue)"
        return ([line] + notes.map { "  \($0)" }).joined(separator: "\n")
    }

    var json: JSONObject {
        [
            "number": .of(after.number.value), "event": .string(event.kind), "from": .string(before.state.rawValue),
            "to": .string(after.state.rawValue), "head": .string(after.head.hex), "by": .string(by),
            "certificate": .orNull(certificate?.hex), "plan": .orNull(plan?.hex),
        ]
    }

    /// What an approval is bound to.
    private var certificate: BlobID? {
        if case .approved(_, _, .certificate(let id)?, _) = event { id } else { nil }
    }
    private var plan: BlobID? {
        if case .approved(_, _, .plan(let plan)?, _) = event { plan.plan } else { nil }
    }
}
