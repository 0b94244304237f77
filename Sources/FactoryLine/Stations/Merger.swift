import FactoryCore

/// Merge: candidate, checks where the candidate is not what was tested, guards, holdouts, certificate, landing.
struct Merger: Station {
    func work(_ shift: Shift) async throws -> StageResult {
        let candidate = try await Candidate.build(shift.pr, hub: shift.ports.hub)
        let tree: TreeID
        switch candidate.merge {
        case .conflict(let paths, _): return StageResult(.conflict(paths))
        case .clean(let joined): tree = joined
        }
        if tree == candidate.mainTree { return StageResult(.alreadyContained) }
        // Another floor has come with the main branch since the stage began: it is judged by that one.
        let floor = try await shift.ports.hub.floorVersion(in: candidate.mainTree)
        guard floor == shift.floor.version else { return StageResult(.lostSwap) }
        var result = try await tested(shift, tree, candidate)
        guard result.outcome == .green, let tested = result.tested else { return result }
        let (judgement, policy) = try await LandingJudge(shift).judge(candidate, tree: tree, tested: tested)
        result.warnings = judgement.warnings
        guard judgement.parking.isEmpty else {
            result.outcome = .guardTripped(judgement.parking)
            return result
        }
        // Before a person is asked: what fails them needs no approval.
        let holdouts = try await shift.ports.holdouts.holdouts(of: shift.pr.number)
        try await tryHoldouts(holdouts, shift, candidate, tested, &result)
        guard result.outcome == .green, let tested = result.tested else { return result }
        let verdicts = judgement.verdicts(under: policy)
        result.outcome = try await conclude(shift, candidate, tested, verdicts, holdouts)
        return result
    }

    /// Runs the holdouts, unless just these have passed on this tree.
    private func tryHoldouts(
        _ set: HoldoutSet, _ shift: Shift, _ candidate: Candidate, _ tested: Tested, _ result: inout StageResult
    ) async throws {
        guard !set.arePassed(by: tested.holdouts) else { return }
        result.tested?.holdouts = []
        guard !set.holdouts.isEmpty else { return }
        let run = try await HoldoutRun(
            shift: shift, tree: tested.tree, main: candidate.main, holdouts: set.holdouts
        ).perform()
        result.tested?.holdouts = run.results
        guard let outcome = run.outcome else { return }
        result.outcome = outcome
        result.artifacts = run.artifacts
    }

    /// The tree as it was found green, under this floor: by the CI gate, or by checks run now.
    private func tested(_ shift: Shift, _ tree: TreeID, _ candidate: Candidate) async throws -> StageResult {
        var result = StageResult(.green)
        if let tested = try await Self.known(tree, of: shift.pr, under: shift.floor, shift.ports) {
            result.tested = tested
            return result
        }
        result = try await Trial(shift: shift, tree: tree, main: candidate.main, base: candidate.mainTree).perform()
        if result.outcome == .red { result.outcome = .redCandidate }
        return result
    }

    /// What the checks said of exactly this tree, under this floor; nil: they have to run. Green that a quarantine
    /// was needed for ends with it.
    private static func known(
        _ tree: TreeID, of pr: PullRequest, under floor: Floor, _ ports: LinePorts
    ) async throws -> Tested? {
        guard let tested = pr.tested, tested.isProof, tested.tree == tree else { return nil }
        let today = Day(ports.clock.now())
        guard tested.checks.allSatisfy({ $0.passes(on: today) }),
            try await ports.floors.floor(at: tested.floor).version == floor.version
        else { return nil }
        return tested
    }

    /// Whether the PR's candidate would have to be tested if it were to land now.
    static func needsChecks(_ pr: PullRequest, _ ports: LinePorts) async throws -> Bool {
        let candidate = try await Candidate.build(pr, hub: ports.hub)
        guard case .clean(let tree) = candidate.merge, tree != candidate.mainTree else { return false }
        let floor = try await ports.floors.floor(at: candidate.main)
        return try await known(tree, of: pr, under: floor, ports) == nil
    }

    /// Certifies what passed, and puts it on the main branch unless a person has to agree first. Then the certificate is
    /// what that person is shown.
    private func conclude(
        _ shift: Shift, _ candidate: Candidate, _ tested: Tested, _ guards: [GuardVerdict], _ holdouts: HoldoutSet
    ) async throws -> Outcome {
        let hub = shift.ports.hub
        let history = try await shift.ports.journal.history(of: shift.pr.number)
        let writer = CertificateWriter(pr: shift.pr, history: history, hub: hub, library: shift.ports.library)
        let certificate = try await writer.certificate(
            candidate, floor: shift.floor.version, tested: tested, guards: guards)
        let paths = try await hub.outline(from: candidate.mainTree, to: tested.tree).paths
        let gate = LandingGate(pr: shift.pr, configuration: shift.floor.configuration, history: history)
        let hold = gate.hold(certificate, paths: paths)
        let fresh = tested == shift.pr.tested ? nil : tested
        let certified = try await certify(shift, certificate, writer, tested: fresh, holdouts: holdouts.id)
        if let hold { return hold }
        return try await LandingAttempt(ports: shift.ports, tested: tested.tree).perform(certified)
    }

    /// Writes the squash and journals the certificate for it.
    private func certify(
        _ shift: Shift, _ certificate: Certificate, _ writer: CertificateWriter, tested: Tested?, holdouts: CommitID?
    ) async throws -> Tip {
        let hub = shift.ports.hub
        let id = try await hub.fingerprint(of: certificate.json.bytes())
        let squash = try await hub.commit(writer.squash(of: certificate, id: id))
        var certification = Certification(id: id, squash: squash, base: certificate.base)
        certification.holdouts = holdouts
        let event = Event.certified(
            token: shift.start.token, certification, certificate: certificate.json, tested: tested)
        return try await Recorder(journal: shift.ports.journal, clock: shift.ports.clock)
            .append(event, to: shift.tip, token: shift.start.token)
    }
}
