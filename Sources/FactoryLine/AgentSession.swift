import FactoryCore
import Synchronization

/// One fresh session of an agent in a lane, and what is left of it.
struct AgentSession {
    let shift: Shift
    let role: Role
    let lane: any Lane

    /// Lays the tree out and makes it ready, runs the agent, looks at the lane.
    func run() async throws -> (report: AgentReport, inspection: Inspection, spec: Spec) {
        guard let setting = shift.floor.configuration.agent(for: role) else { throw LineStopped.noAgent(role) }
        let gatherer = try await MaterialGatherer(shift)
        let prompt = try shift.ports.prompts.prompt(
            role, template: shift.floor.prompts[role] ?? "", material: try await gatherer.material())
        try await SetupRun(shift: shift, lane: lane).prepareForAgent()
        let files = try await shift.ports.floors.commandFiles(setting.command ?? [], at: shift.floor.commit)
        let (number, stage, observe) = (shift.pr.number, shift.start.stage, shift.ports.observe)
        let job = AgentJob(
            role: role, setting: setting, profile: setting.profile.flatMap { shift.floor.profiles[$0] }, pr: shift.pr,
            attempt: shift.start.attempt, prompt: prompt,
            directory: lane.directory, folder: shift.folder, commandFiles: files, marker: shift.start.token,
            limits: shift.floor.configuration.limits, sandbox: shift.floor.configuration.sandbox,
            done: gatherer.spec.doneItems,
            onOutput: { observe(.output(number, stage, $0)) })
        let report = await perform(job)
        if report.laneWasReadOnly { await lane.reclaim() }
        return (report, try await lane.inspect(), gatherer.spec)
    }

    /// Runs the agent within what its purse allows, and ends it when it has used more.
    private func perform(_ job: AgentJob) async -> AgentReport {
        guard let purse = shift.purse else { return await shift.ports.agents.run(job) }
        var job = job
        let stop = Stop()
        job.limits.stage = min(job.limits.stage, purse.grant.wall)
        job.onUsage = { if purse.note($0) { stop.now() } }
        let task = Task { [agents = shift.ports.agents, job] in await agents.run(job) }
        stop.attach { task.cancel() }
        let report = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return purse.judge(report)
    }

    /// The outcome that the session's end alone decides, or nil when the tree or the verdict has to.
    func outcome(of report: AgentReport) -> Outcome? {
        switch report.result {
        case .failed(let failure, let message): .failed(failure, message)
        case .deferred(let deferral): .deferred(deferral)
        case .cancelled: .stopped(at: shift.ports.clock.now())
        case .outOfBudget(let shortage):
            shortage.level == .night
                ? .stopped(at: shift.ports.clock.now(), because: shortage.leftover)
                : .budgetSpent([Violation(rule: shortage.rule, message: shortage.text)])
        case .writer(let result): Self.outcome(of: result)
        case .reviewer: nil
        }
    }

    private static func outcome(of result: WriterResult?) -> Outcome? {
        switch result?.status {
        case .question: .question(result?.question ?? result?.summary ?? "")
        case .blocked: .blocked(result?.question ?? result?.summary ?? "")
        case .done, nil: nil
        }
    }

    /// Saves what the lane holds, if it holds anything new, and brings the lane back.
    func rescue(_ inspection: Inspection) async throws -> CommitID? {
        guard let tree = try await keep(inspection) else { return nil }
        return try await rescue(tree, inspection)
    }

    /// Saves a tree that was made of what the lane held.
    func rescue(_ tree: TreeID, _ inspection: Inspection) async throws -> CommitID {
        try await shift.ports.hub.rescue(
            tree, of: shift.pr, attempt: shift.start.session, lacking: inspection.losses)
    }

    /// Stores what the lane holds and brings the lane back; nil when there is nothing new.
    func keep(_ inspection: Inspection) async throws -> TreeID? {
        let tree = inspection.isUntouched ? nil : try await lane.store(inspection)
        try await lane.reset()
        return tree == shift.tree ? nil : tree
    }
}

extension Lane {
    /// Stores what `inspect` found: all of it, or where a tree cannot hold all of it, the rest.
    func store(_ inspection: Inspection) async throws -> TreeID {
        inspection.problems.isEmpty ? try await snapshot() : try await salvage()
    }
}

extension Inspection {
    /// What a tree that was stored of it lacks, a sentence for each.
    var losses: [String] { problems.map(\.message) + leftOut }
}

extension Outcome {
    /// The line was told to stop: not the PR's fault, and nothing to wait for.
    static func stopped(
        at now: Timestamp, because message: String = "the line was stopped while the stage ran"
    ) -> Outcome {
        .deferred(Deferral(kind: .stopped, until: now, message: message))
    }
}

extension Shortage {
    /// What the night had left for a session, and what that used of it.
    fileprivate var leftover: String {
        "the night had \(unit.text(cap)) left, the session used \(unit.text(used)): it was ended"
    }
}

/// Ends a session that has begun, or that begins after it was told to end.
private final class Stop: Sendable {
    private let state = Mutex((isCalled: false, end: (@Sendable () -> Void)?.none))

    func now() {
        state.withLock { state in
            state.isCalled = true
            return state.end
        }?()
    }

    func attach(_ end: @escaping @Sendable () -> Void) {
        let isCalled = state.withLock { state in
            state.end = end
            return state.isCalled
        }
        if isCalled { end() }
    }
}
