/// Runs an agent in a fresh session.
package protocol AgentRunner: Sendable {
    func run(_ job: AgentJob) async -> AgentReport
}

/// All that a session is told.
package struct AgentJob: Sendable {
    package var role: Role
    package var setting: AgentSetting
    /// The known program that the setting names; nil for a command of one's own.
    package var profile: AgentProfile?
    package var pr: PRNumber
    package var attempt: Int
    package var specPath: RepoPath
    package var planPath: RepoPath
    package var prompt: String
    /// The lane's directory.
    package var directory: String
    /// A directory outside the lane, for prompt, result and transcript.
    package var folder: String
    /// Where files that the command names stand, by their path in the repository.
    package var commandFiles: [String: String]
    /// Marks every process of the session.
    package var marker: String
    package var limits: Limits
    package var sandbox: SandboxSetting
    /// Ids of the Done items, in order, with whether a person must judge them: what a verdict must answer.
    package var done: [DoneItem]
    /// How often the provider has put this PR off in a row.
    package var deferrals: Int
    /// Called with output as it comes.
    package var onOutput: @Sendable ([UInt8]) -> Void
    /// Called with what the session has used so far, all in all, whenever its output tells. The line ends the session
    /// when a cap is passed, so whoever runs agents calls this as soon as it knows.
    package var onUsage: @Sendable (Usage) -> Void = { _ in }

    package init(
        role: Role, setting: AgentSetting, profile: AgentProfile? = nil, pr: PullRequest, attempt: Int, prompt: String,
        directory: String, folder: String, commandFiles: [String: String], marker: String, limits: Limits,
        sandbox: SandboxSetting, done: [DoneItem],
        onOutput: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) {
        self.role = role
        self.setting = setting
        self.profile = profile
        self.deferrals = pr.waiting?.count ?? 0
        self.pr = pr.number
        self.attempt = attempt
        self.specPath = pr.specPath
        self.planPath = pr.planPath
        self.prompt = prompt
        self.directory = directory
        self.folder = folder
        self.commandFiles = commandFiles
        self.marker = marker
        self.limits = limits
        self.sandbox = sandbox
        self.done = done
        self.onOutput = onOutput
    }

    /// The hosts that the session may reach: those that the setting names, and those that its profile needs.
    package var hosts: [String] { setting.hosts + (profile?.hosts ?? []) }
}

/// How a session ended.
package struct AgentReport: Sendable {
    /// What the session gave.
    package enum Result: Sendable {
        /// A writer's own words; nil when it left none. Whether it did its work only the tree tells.
        case writer(WriterResult?)
        case reviewer(Verdict)
        case failed(Failure, String)
        case deferred(Deferral)
        /// The line itself ended it.
        case cancelled
        /// The line ended it because a cap of the spec or of the night was reached; no runner says so.
        case outOfBudget(Shortage)
    }
    package var result: Result
    package var usage: Usage
    /// Why what it told of its usage cannot be used; nil when there is nothing wrong with it.
    package var doubt: String?
    /// In seconds.
    package var seconds: Double
    /// The last lines of its output.
    package var tail: String
    /// Whether the session could not write to the lane.
    package var laneWasReadOnly = false

    package init(result: Result, usage: Usage = .unknown, seconds: Double = 0, tail: String = "") {
        self.result = result
        self.usage = usage
        self.seconds = seconds
        self.tail = tail
    }
}

/// Runs a configured command: a check or a setup step.
package protocol CommandRunner: Sendable {
    func run(_ job: CommandJob) async -> CommandReport
    /// Adds a line of the line's own to the log of a command.
    func remark(_ text: String, in log: String) async
}

/// A line for `sh -c` and where to run it.
package struct CommandJob: Sendable {
    package var run: String
    /// The lane's directory.
    package var lane: String
    /// Where it runs: the lane's directory or one below it.
    package var directory: String
    /// In seconds.
    package var timeout: Double
    package var environment: [String]
    package var marker: String
    /// Where the whole log goes, when there is output.
    package var log: String
    package var sandbox: SandboxSetting
    package var reach: Reach
    /// Directories that it sees read-only beside the lane.
    package var reading: [String] = []
    /// Variables of its own.
    package var variables: [String: String] = [:]

    package init(
        run: String, lane: String, directory: String, timeout: Double, environment: [String], marker: String,
        log: String, sandbox: SandboxSetting, reach: Reach
    ) {
        self.run = run
        self.lane = lane
        self.directory = directory
        self.timeout = timeout
        self.environment = environment
        self.marker = marker
        self.log = log
        self.sandbox = sandbox
        self.reach = reach
    }
}

/// How a command ended.
package struct CommandReport: Sendable {
    /// How it came to its end.
    package enum Ending: Hashable, Sendable {
        /// With this code; 128 + n for signal n.
        case exited(Int)
        case timedOut
        case cancelled
        /// It could not be started.
        case failed(String)
    }
    package var ending: Ending
    /// Head and tail of what it printed.
    package var output: [UInt8]
    /// What a person would look at first: the failing lines, then the end.
    package var excerpt: String
    package var seconds: Double

    package init(ending: Ending, output: [UInt8], excerpt: String, seconds: Double) {
        self.ending = ending
        self.output = output
        self.excerpt = excerpt
        self.seconds = seconds
    }
}
