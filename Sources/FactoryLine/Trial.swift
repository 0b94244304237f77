import FactoryCore

/// What a candidate has to pass before anybody is asked about it: its own checks, and where it changes what the main
/// branch tests with, the same checks with the main branch's tests in place of its own.
struct Trial {
    let shift: Shift
    let tree: TreeID
    /// The commit of the main branch that the checks are chosen by.
    let main: CommitID
    /// What the change is measured from.
    let base: TreeID

    func perform() async throws -> StageResult {
        if let fault = try await shift.ports.floors.fault(in: tree) { return Self.stranded(fault) }
        let run = try await GateRun(shift: shift, tree: tree, main: main).perform()
        var result = StageResult(run.outcome)
        result.checks = run.results
        result.summary = run.summary
        result.artifacts = run.artifacts
        guard run.outcome == .green else { return result }
        result.tested = Tested(tree: tree, floor: shift.floor.commit, checks: run.results)
        return try await judgeTests(result)
    }

    /// Checks run under the main branch's floor, so they would be green; and what landed would be the last to land.
    private static func stranded(_ fault: String) -> StageResult {
        var result = StageResult(.red)
        result.summary = "with this on the main branch the line could not go on: \(fault)"
        result.artifacts = [Artifact(name: CheckRun.failureArtifact, bytes: Array((result.summary + "\n").utf8))]
        return result
    }

    private func judgeTests(_ green: StageResult) async throws -> StageResult {
        let touched = try await shift.ports.hub.outline(from: base, to: tree).files
        guard touched.contains(where: { $0.before != nil || TestFile($0.path, content: nil) == .steering }) else {
            return green
        }
        let spec = try await shift.ports.library.approvedSpec(of: shift.pr, in: shift.ports.hub)
        let change = try await shift.ports.hub.change(from: base, to: tree)
        let plan = BaseTests(of: change, allowed: Leave(spec))
        var result = green
        var violations = plan.violations
        var log: [UInt8] = []
        if !plan.paths.isEmpty {
            let run = try await runBaseTests(plan)
            switch run.report.outcome {
            case .green: break
            case .red:
                violations += plan.objections(because: run.report.summary)
                log = run.report.artifacts.first?.bytes ?? []
                result.summary = "with the main branch's tests: \(run.report.summary)"
            case .delivered, .approved, .changesRequested, .conflict, .redCandidate, .failed, .deferred, .interrupted,
                .lostSwap, .alreadyContained, .baseLost, .question, .blocked, .guardTripped, .budgetSpent,
                .approvalNeeded, .wouldLand, .landed, .redHoldouts:
                return StageResult(run.report.outcome)
            }
            result.tested?.baseTests = BaseTestResult(tree: run.tree, checks: run.report.results)
        }
        violations = try await shift.guardPolicy(at: shift.pr.head).judge(change.placing(violations)).parking
        guard !violations.isEmpty else { return result }
        result.outcome = .guardTripped(violations)
        let told = violations.map { "- \($0.message)\n" }.joined() + (log.isEmpty ? "" : "\n")
        result.artifacts = [Artifact(name: CheckRun.failureArtifact, bytes: Array(told.utf8) + log)]
        return result
    }

    private func runBaseTests(_ plan: BaseTests) async throws -> (tree: TreeID, report: CheckRun.Report) {
        let restored = try await shift.ports.hub.overlaying(plan.paths, from: base, onto: tree)
        var run = CheckRun(shift: shift, tree: restored, main: main)
        run.chosenBy = tree
        run.logs = shift.logs.ofBaseTests
        return (restored, try await run.perform())
    }
}
