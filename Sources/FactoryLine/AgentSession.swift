import FactoryCore

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
            limits: shift.floor.configuration.limits, done: gatherer.spec.doneItems,
            onOutput: { observe(.output(number, stage, $0)) })
        let report = await shift.ports.agents.run(job)
        return (report, try await lane.inspect(), gatherer.spec)
    }

    /// The outcome that the session's end alone decides, or nil when the tree or the verdict has to.
    func outcome(of report: AgentReport) -> Outcome? {
        switch report.result {
        case .failed(let failure, let message): .failed(failure, message)
        case .deferred(let deferral): .deferred(deferral)
        case .cancelled: .stopped(at: shift.ports.clock.now())
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
        guard !inspection.change.files.isEmpty, inspection.problems.isEmpty else {
            try await lane.reset()
            return nil
        }
        let tree = try await lane.snapshot()
        let attempt = "\(shift.start.stage.rawValue)-\(shift.start.attempt)"
        return try await shift.ports.hub.rescue(tree, of: shift.pr, attempt: attempt)
    }
}

extension Outcome {
    /// The line was told to stop: not the PR's fault, and nothing to wait for.
    static func stopped(at now: Timestamp) -> Outcome {
        .deferred(Deferral(kind: .stopped, until: now, message: "the line was stopped while the stage ran"))
    }
}
