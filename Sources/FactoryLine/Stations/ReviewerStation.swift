import FactoryCore

/// What both reviewers have in common: a session in a lane that must come back untouched, and a verdict.
struct ReviewerStation {
    let shift: Shift
    let role: Role

    func work() async throws -> StageResult {
        let lane = try await shift.acquireLane()
        do {
            let result = try await work(in: lane)
            await shift.ports.workshop.release(lane)
            return result
        } catch {
            await shift.ports.workshop.release(lane)
            throw error
        }
    }

    private func work(in lane: any Lane) async throws -> StageResult {
        let session = AgentSession(shift: shift, role: role, lane: lane)
        let (report, inspection, _) = try await session.run()
        var result = judge(report, inspection, session)
        if !inspection.isUntouched { try await lane.reset() }
        result.usage = report.usage
        if result.verdict == nil, !report.tail.isEmpty {
            result.artifacts = [Artifact(name: "transcript.txt", bytes: Array(report.tail.utf8))]
        }
        return result
    }

    private func judge(_ report: AgentReport, _ inspection: Inspection, _ session: AgentSession) -> StageResult {
        if !inspection.isUntouched { return StageResult(objection(to: inspection)) }
        guard case .reviewer(let verdict) = report.result else {
            return StageResult(session.outcome(of: report) ?? .failed(.invalidResult, "the reviewer left no verdict"))
        }
        var result = StageResult(Self.outcome(of: verdict))
        result.verdict = verdict
        result.summary = verdict.summary
        return result
    }

    /// A reviewer writes nothing. What is protected parks, anything else is a failed session.
    private func objection(to inspection: Inspection) -> Outcome {
        var context = GuardContext(specPath: shift.pr.specPath, planPath: shift.pr.planPath)
        context.protected = shift.floor.configuration.protected
        let protected = ProtectedPath().judge(inspection.change, in: context)
        if !protected.isEmpty { return .guardTripped(protected) }
        let paths = inspection.change.paths + inspection.problems.compactMap(\.path)
        return .failed(
            .forbiddenChange,
            "a reviewer writes nothing, but this changed: \(paths.prefix(5).map(\.description).joined(separator: ", "))"
        )
    }

    private static func outcome(of verdict: Verdict) -> Outcome {
        switch verdict.decision {
        case .approve: .approved
        case .requestChanges: .changesRequested
        case .question: .question(verdict.summary)
        }
    }
}
