import FactoryCore

/// What planner and implementer have in common: a session, then a look at the tree, then a commit.
struct WriterStation {
    let shift: Shift
    let role: Role
    /// Whether this role may change the path.
    let mayChange: @Sendable (FileChange) -> Bool
    /// What is wrong with the delivery beyond that, or nil.
    let objection: @Sendable (Inspection, Spec) -> String?

    func work() async throws -> StageResult {
        let lane = try await shift.acquireLane()
        do {
            let result = try await work(in: lane)
            await shift.ports.workshop.release(lane)
            return result
        } catch {
            // With a full disk the work could not be stored; the next run will.
            if error.isDiskFull {
                await shift.ports.workshop.abandon(lane)
            } else {
                await shift.ports.workshop.release(lane)
            }
            throw error
        }
    }

    private func work(in lane: any Lane) async throws -> StageResult {
        let session = AgentSession(shift: shift, role: role, lane: lane)
        let (report, inspection, spec) = try await session.run()
        var result = try await judge(report, inspection, spec, session)
        result.usage = report.usage
        result.leftOut = inspection.leftOut
        if result.outcome != .delivered, !report.tail.isEmpty {
            result.artifacts = [Artifact(name: "transcript.txt", bytes: Array(report.tail.utf8))]
        }
        if case .writer(let words?) = report.result, result.summary.isEmpty { result.summary = words.summary }
        return result
    }

    private func judge(
        _ report: AgentReport, _ inspection: Inspection, _ spec: Spec, _ session: AgentSession
    ) async throws -> StageResult {
        let violations = try await objections(to: inspection)
        if !violations.isEmpty {
            var result = StageResult(.guardTripped(violations))
            result.rescue = try await withhold(inspection, session)
            // What was joined with the main branch stands on it, should a person let it go on.
            if !shift.conflict.isEmpty { result.base = shift.floor.commit }
            return result
        }
        if let outcome = session.outcome(of: report) ?? wrongDelivery(inspection, spec) {
            var result = StageResult(outcome)
            result.rescue = try await session.rescue(inspection)
            return result
        }
        return try await deliver(session)
    }

    /// Guards that judge at the snapshot. Once one of them parks all are asked, so that a person sees everything.
    private func objections(to inspection: Inspection) async throws -> [Violation] {
        let context = GuardContext(shift.pr, under: shift.floor.configuration)
        let change = inspection.change
        let early = change.placing(Guards.judge(change, in: context, by: Guards.atSnapshot))
        if early.isEmpty { return inspection.problems }
        let policy = try await shift.guardPolicy(at: nil)
        if policy.judge(early).parking.isEmpty { return inspection.problems }
        let all = change.placing(Guards.judge(change, in: context, by: policy.asked(Guards.all)))
        return policy.judge(all).parking + inspection.problems
    }

    private func wrongDelivery(_ inspection: Inspection, _ spec: Spec) -> Outcome? {
        let forbidden = inspection.change.files.filter { !mayChange($0) }.map(\.path.description)
        if !forbidden.isEmpty {
            return .failed(
                .forbiddenChange, "the \(role.rawValue) may not change \(forbidden.prefix(5).joined(separator: ", "))")
        }
        if inspection.change.files.isEmpty, shift.conflict.isEmpty {
            return .failed(.noChange, "the \(role.rawValue) left the tree as it was")
        }
        return objection(inspection, spec).map { .failed(.noChange, $0) }
    }

    private func deliver(_ session: AgentSession) async throws -> StageResult {
        let shown = try await session.lane.snapshot()
        var result = StageResult(.delivered)
        result.head = try await commit(restoringInstructions(in: shown))
        if !shift.conflict.isEmpty { result.base = shift.floor.commit }
        return result
    }

    /// Work that a guard stopped: kept, as far as a tree can hold it, as a commit that an override can make the head.
    private func withhold(_ inspection: Inspection, _ session: AgentSession) async throws -> CommitID? {
        guard let shown = try await session.keep(inspection) else { return nil }
        let commit = try await commit(restoringInstructions(in: shown))
        _ = try await session.rescue(shift.ports.hub.tree(of: commit), inspection)
        return commit
    }

    /// Instruction files were laid out from the main branch; the commit keeps the PR's own.
    private func restoringInstructions(in shown: TreeID) async throws -> TreeID {
        guard shift.plain != shift.tree else { return shown }
        let hidden = try await shift.ports.hub.outline(from: shift.plain, to: shift.tree).paths
        return try await shift.ports.hub.overlaying(hidden, from: shift.plain, onto: shown)
    }

    private func commit(_ tree: TreeID) async throws -> CommitID {
        let parents = shift.conflict.isEmpty ? [shift.start.head] : [shift.start.head, shift.floor.commit]
        let what = role == .planner ? "Plan" : "Implement"
        return try await shift.ports.hub.commit(
            CommitDraft(
                tree: tree, parents: parents, author: .factory,
                message: "\(what) \(shift.pr.name) (attempt \(shift.start.attempt))\n",
                time: shift.ports.clock.now()))
    }
}
