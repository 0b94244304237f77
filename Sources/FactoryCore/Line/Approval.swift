/// What a person approved, and so what the approval is void without.
package enum Approvable: Hashable, Sendable {
    /// Spec and plan, by content: the implementer may begin.
    case plan(ApprovedPlan)
    /// The landing that a certificate stands for.
    case certificate(BlobID)
}

/// A person's approval that is in force.
package struct Approval: Hashable, Sendable {
    package var of: Approvable
    package var by: String
    package init(of: Approvable, by: String) {
        self.of = of
        self.by = by
    }
}

/// A certificate that was written and did not land: it waits for a person, or for a line that may land.
package struct Proposal: Hashable, Sendable {
    package var certification: Certification
    /// Only the degree of autonomy kept it from landing: `shadow`.
    package var isShadow: Bool
    package init(_ certification: Certification, isShadow: Bool) {
        self.certification = certification
        self.isShadow = isShadow
    }
}

extension PullRequest {
    /// The newest certificate that a person has approved, while that holds, and who it was.
    package var certificateApproval: (id: BlobID, by: String)? {
        for approval in approvals.reversed() {
            if case .certificate(let id) = approval.of { return (id, approval.by) }
        }
        return nil
    }

    /// Takes back what was said of landing this head.
    mutating func voidLanding() {
        (approvedHead, proposal) = (nil, nil)
        voidCertificates()
    }

    mutating func voidCertificates() {
        approvals.removeAll { if case .certificate = $0.of { true } else { false } }
    }

    mutating func voidPlan() {
        approvedPlan = nil
        approvals.removeAll { if case .plan = $0.of { true } else { false } }
    }

    /// Takes a person's approval of what waits for one. An entry of old names only the head.
    mutating func accept(_ what: Approvable?, head: CommitID, by person: String) throws(IllegalMove) {
        switch what {
        case .plan(let plan):
            guard reason?.stage == .planReview, plan == approvedPlan else {
                throw IllegalMove(state: state, what: "approved by a plan that is not the one that waits")
            }
            approvals.append(Approval(of: .plan(plan), by: person))
            end(in: .implementation)
        case .certificate(let id):
            guard reason?.stage == .merge, id == proposal?.certification.id else {
                throw IllegalMove(state: state, what: "approved by a certificate that is not the one that waits")
            }
            voidCertificates()
            approvals.append(Approval(of: .certificate(id), by: person))
            approvedHead = head
            end(in: .merge)
        case nil:
            guard reason?.stage != .planReview else {
                throw IllegalMove(state: state, what: "approved without naming the plan")
            }
            approvedHead = head
            end(in: .merge)
        }
    }
}
