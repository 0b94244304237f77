import FactoryCore

/// Makes the certificate of a landing, and the one commit for it, of what hub and journal hold and nothing else: the line
/// issues it, `verify` derives it anew.
struct CertificateWriter {
    /// The PR in its merge session.
    let pr: PullRequest
    /// The journal up to that session.
    let history: [RecordedEntry]
    let hub: any Hub
    let library: any Library

    /// The certificate of a candidate, of which this is what was tested under this floor.
    func certificate(
        _ candidate: Candidate, floor: String, tested: Tested, guards: [GuardVerdict]
    ) async throws -> Certificate {
        guard let plan = pr.approvedPlan else { throw StationError.missing(pr.planPath) }
        let change = try await hub.outline(from: candidate.mainTree, to: tested.tree)
        let conversation = Conversation(history: history)
        var certificate = Certificate(
            pr: pr, base: candidate.main, tree: tested.tree, change: try await hub.fingerprint(of: change.listing),
            plan: plan,
            floor: floor, checks: tested.checks, reviews: conversation.reviews, guards: guards,
            human: try await human(candidate), overrides: conversation.placed(pr.overrides))
        certificate.baseTests = tested.baseTests
        certificate.holdouts = tested.holdouts
        return certificate
    }

    /// The Done items that the spec keeps for a person.
    private func human(_ candidate: Candidate) async throws -> [String] {
        guard let text = try await hub.file(pr.specPath, in: candidate.headTree, limit: 1 << 20) else {
            throw StationError.missing(pr.specPath)
        }
        return try library.spec(text, at: pr.specPath).doneItems.filter(\.isHuman).map { "\($0.id): \($0.text)" }
    }

    /// The commit that would be on the main branch. Its date is that of the session's start, so that the same facts give
    /// the same commit.
    func squash(of certificate: Certificate, id: BlobID) throws -> CommitDraft {
        guard let session = pr.active else { throw StationError.noSession }
        let message = SquashMessage.text(
            pr, summary: Conversation(history: history).workSummary, certificate: id,
            reviewers: certificate.reviews.map(\.role))
        return CommitDraft(
            tree: certificate.tree, parents: [certificate.base], author: pr.author, message: message,
            time: session.startedAt)
    }
}
