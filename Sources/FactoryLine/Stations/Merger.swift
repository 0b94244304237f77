import FactoryCore

/// Merge: candidate, checks where the candidate is not what was tested, guards, certificate, landing.
struct Merger: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        let candidate = try await Candidate.build(shift.pr, hub: shift.ports.hub)
        let tree: TreeID
        switch candidate.merge {
        case .conflict(let paths, _): return StageResult(.conflict(paths))
        case .clean(let joined): tree = joined
        }
        if tree == candidate.mainTree { return StageResult(.alreadyContained) }
        var result = try await tested(shift, tree, candidate)
        guard let tested = result.tested else { return result }
        if let stop = try await objection(shift, candidate, tree) {
            result.outcome = stop
            return result
        }
        result.outcome = try await land(shift, candidate, tested)
        return result
    }

    /// The tree as it was found green, under this floor: by the CI gate, or by checks run now.
    private func tested(_ shift: Shift, _ tree: TreeID, _ candidate: Candidate) async throws -> StageResult {
        var result = StageResult(.green)
        if let tested = shift.pr.tested, tested.tree == tree,
            try await shift.ports.floors.floor(at: tested.floor).version == shift.floor.version
        {
            result.tested = tested
            return result
        }
        let run = try await GateRun(shift: shift, tree: tree, main: candidate.main).perform()
        result.outcome = run.outcome == .red ? .redCandidate : run.outcome
        result.checks = run.results
        result.summary = run.summary
        result.artifacts = run.artifacts
        if run.outcome == .green {
            result.tested = Tested(tree: tree, floor: shift.floor.commit, checks: run.results)
        }
        return result
    }

    private func objection(_ shift: Shift, _ candidate: Candidate, _ tree: TreeID) async throws -> Outcome? {
        let judge = LandingJudge(pr: shift.pr, floor: shift.floor, hub: shift.ports.hub)
        let violations = try await judge.violations(candidate, tree: tree)
        if !violations.isEmpty { return .guardTripped(violations) }
        guard shift.pr.approvedHead != shift.pr.head else { return nil }
        if shift.pr.isFloor { return .approvalNeeded("a change of the floor lands only after a person's approval") }
        switch shift.floor.configuration.autonomy {
        case .full: return nil
        case .gate, .lowRisk, .shadow:
            return .approvalNeeded("`autonomy: gate` asks for a person's approval before landing")
        }
    }

    /// Writes the squash, certifies it, and puts it on the main branch.
    private func land(_ shift: Shift, _ candidate: Candidate, _ tested: Tested) async throws -> Outcome {
        guard let plan = shift.pr.approvedPlan else { throw StationError.missing(shift.pr.planPath) }
        let hub = shift.ports.hub
        let conversation = Conversation(history: try await shift.ports.journal.history(of: shift.pr.number))
        let certificate = Certificate(
            pr: shift.pr, base: candidate.main, tree: tested.tree, plan: plan, floor: shift.floor.version,
            checks: tested.checks, reviews: conversation.reviews, guards: LandingJudge.rules)
        let id = try await hub.fingerprint(of: certificate.json.bytes())
        let message = SquashMessage.text(
            shift.pr, summary: conversation.workSummary, certificate: id,
            reviewers: certificate.reviews.map(\.role))
        let now = shift.ports.clock.now()
        let squash = try await hub.commit(
            CommitDraft(
                tree: tested.tree, parents: [candidate.main], author: shift.pr.author, message: message, time: now))
        let certification = Certification(id: id, squash: squash, base: candidate.main)
        let recorder = Recorder(journal: shift.ports.journal, clock: shift.ports.clock)
        let certified = try await recorder.append(
            .certified(token: shift.start.token, certification, certificate: certificate.json), to: shift.tip,
            token: shift.start.token)
        return try await LandingAttempt(ports: shift.ports, tested: tested.tree).perform(certified)
    }
}
