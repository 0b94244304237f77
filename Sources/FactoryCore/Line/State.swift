/// Where a PR stands; the label `state:<raw value>` shows it to people.
package enum State: String, CaseIterable, Sendable {
    /// Waits for admission. A person's `submit` brings a PR here, the scheduler takes it on.
    case queued
    /// The planner writes the plan.
    case plan
    /// An independent reviewer judges the plan.
    case planReview = "plan-review"
    /// The implementer changes the code.
    case implementation
    /// The configured checks run on the candidate.
    case implementationCI = "implementation-ci"
    /// An independent reviewer judges the change.
    case codeReview = "code-review"
    /// Guards, certificate, landing.
    case merge
    /// Parked: a person is needed, `reason` says why. Nothing but a person's command moves it on.
    case needsAttention = "needs-attention"
    /// Landed on the main branch. Final.
    case merged
    /// Given up by a person. Final.
    case closed

    package var isFinal: Bool { self == .merged || self == .closed }

    /// The stage that is worked in this state, or nil where nothing is worked.
    package var stage: Stage? { Stage(rawValue: rawValue) }
}

/// The six stages that are worked, in their order.
package enum Stage: String, CaseIterable, Sendable, Comparable {
    case plan
    case planReview = "plan-review"
    case implementation
    case implementationCI = "implementation-ci"
    case codeReview = "code-review"
    case merge

    /// The state in which this stage is worked.
    package var state: State {
        switch self {
        case .plan: .plan
        case .planReview: .planReview
        case .implementation: .implementation
        case .implementationCI: .implementationCI
        case .codeReview: .codeReview
        case .merge: .merge
        }
    }

    /// The role that works it, or nil for the stages that the line works itself.
    package var role: Role? {
        switch self {
        case .plan: .planner
        case .planReview: .planReviewer
        case .implementation: .implementer
        case .codeReview: .codeReviewer
        case .implementationCI, .merge: nil
        }
    }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    package static func < (a: Stage, b: Stage) -> Bool { a.order < b.order }
}
