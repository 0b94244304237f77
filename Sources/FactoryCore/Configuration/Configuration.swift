/// What `.factory/config.yml` says, with every default filled in. Read from the hub's main branch, never from a PR.
package struct Configuration: Hashable, Sendable {
    /// PRs worked on at once; the default is 1.
    package var concurrency: Int = 1
    /// Check runs at once, over all PRs; nil: as many as PRs are worked.
    package var checkSlots: Int?
    /// How each role is filled. A role that is not named uses `default`.
    package var agents: [Role: AgentSetting] = [:]
    package var defaultAgent: AgentSetting?
    /// Commands that make a fresh lane ready for agents and checks, such as `npm ci`.
    package var setup: [SetupStep] = []
    /// Ignored paths of a lane that survive its reset: caches, such as `node_modules`.
    package var keep: [String] = []
    /// The commands that decide whether a candidate is green. Without one the line does not start.
    package var checks: [Check] = []
    /// Checks whose answer does not count for a while; one always counts.
    package var quarantine: [Quarantine] = []
    package var limits = Limits()
    package var retries = RetryPolicy()
    package var budget = BudgetSetting()
    package var stop = StopSetting()
    /// When `run --watch` may admit; nil: always.
    package var night: NightWindow?
    /// Paths that no PR may touch, beside the built-in ones.
    package var protected: [Glob] = []
    package var guards = GuardSettings()
    package var autonomy: Autonomy = .full
    /// Where a person is asked beside that.
    package var gates: [Gate] = []
    /// What a person's approval of a landing stands for.
    package var approval: ApprovalTerms = .certificate
    package var sandbox = SandboxSetting()
    package var upstream: Upstream?
    /// The repository on GitHub; nil: the embedded forge.
    package var forge: ForgeSetting?

    package init() {}

    /// Check runs at once, over all PRs.
    package var checkRunsAtOnce: Int { checkSlots ?? concurrency }

    /// The agent that fills a role, or nil when neither it nor a default is named.
    package func agent(for role: Role) -> AgentSetting? { agents[role] ?? defaultAgent }
}

/// Who works a stage: four roles, each in a fresh session.
package enum Role: String, CaseIterable, Sendable {
    case planner
    case planReviewer = "plan-reviewer"
    case implementer
    case codeReviewer = "code-reviewer"

    /// A reviewer judges and writes nothing; a writer changes the tree.
    package var isReviewer: Bool { self == .planReviewer || self == .codeReviewer }
}

/// The agent of one role: a command of one's own or a known CLI's profile.
package struct AgentSetting: Hashable, Sendable {
    /// The program and its arguments (the command agent), or nil when a profile is named.
    package var command: [String]?
    /// The name of a known CLI, such as `codex`.
    package var profile: String?
    /// The model that the profile's CLI is asked for.
    package var model: String?
    /// Names of variables that are passed on from the line's own environment.
    package var environment: [String] = []
    /// Whether the CLI's own login files are laid out for it.
    package var login: Bool = false
    /// Hosts that the agent may reach through the line's proxy, beside those that its profile names.
    package var hosts: [String] = []

    package init(command: [String]? = nil) { self.command = command }
}

/// One command that makes a lane ready.
package struct SetupStep: Hashable, Sendable {
    package var run: String
    /// Whether it may use the network.
    package var network: Bool = false

    package init(run: String) { self.run = run }
}

/// One named command that must exit with 0 on the candidate.
package struct Check: Hashable, Sendable {
    package var name: String
    /// A line for `sh -c`.
    package var run: String
    /// Seconds; the default is 20 minutes.
    package var timeout: Double = 20 * 60
    /// The directory to run in, relative to the repository's root.
    package var directory: String = "."
    /// The check runs when the change touches one of these.
    package var paths: [Glob] = [Glob("**")]
    /// Names of variables that are passed on from the line's own environment.
    package var environment: [String] = []
    /// Files the check leaves for people, kept with its log.
    package var artifacts: [Glob] = []

    package init(name: String, run: String) {
        self.name = name
        self.run = run
    }
}

/// What bounds a stage and a change.
package struct Limits: Hashable, Sendable {
    /// Wall time of one stage, in seconds; the default is 45 minutes.
    package var stage: Double = 45 * 60
    /// Seconds without any progress after which a stage counts as stalled; the default is 10 minutes.
    package var idle: Double = 10 * 60
    /// Added and removed lines of a change, above which it parks; the default is 2,000.
    package var diffLines: Int = 2000
    /// Files of a change, above which it parks; the default is 60.
    package var diffFiles: Int = 60

    package init() {}
}

/// How often the line tries again before it asks a person. Counts hold for the PR's life.
package struct RetryPolicy: Hashable, Sendable {
    /// Returns each sending stage may ask for; the default is 2.
    package var planReview: Int = 2
    package var implementationCI: Int = 2
    package var codeReview: Int = 2
    package var merge: Int = 2
    /// Fresh sessions after failed ones, per stage; the default is 2.
    package var stage: Int = 2

    package init() {}

    /// How often `stage` may send a PR back; writers send nothing back.
    package func returns(of stage: Stage) -> Int {
        switch stage {
        case .plan, .implementation: 0
        case .planReview: planReview
        case .implementationCI: implementationCI
        case .codeReview: codeReview
        case .merge: merge
        }
    }
}

/// Caps on money, tokens and minutes of agents; nil: no cap of that kind. The defaults let an evening's work through
/// and stop what runs away.
package struct BudgetSetting: Hashable, Sendable {
    /// One cap of each kind; the default is none.
    package struct Cap: Hashable, Sendable {
        package var usd: Double?
        package var tokens: Int?
        package var minutes: Double?
        package init(usd: Double? = nil, tokens: Int? = nil, minutes: Double? = nil) {
            self.usd = usd
            self.tokens = tokens
            self.minutes = minutes
        }
    }
    /// All specs of a night.
    package var night = Cap(usd: 50, minutes: 600)
    /// All sessions of a spec.
    package var spec = Cap(usd: 25, minutes: 240)
    /// One session.
    package var stage = Cap(usd: 10)
    package init() {}

    /// No cap at all.
    package static let unlimited = BudgetSetting(night: Cap(), spec: Cap(), stage: Cap())

    package init(night: Cap, spec: Cap, stage: Cap) {
        self.night = night
        self.spec = spec
        self.stage = stage
    }
}

/// A daily window in local time, which may span midnight.
package struct NightWindow: Hashable, Sendable {
    /// Minutes since midnight.
    package var starts: Int
    /// Minutes since midnight.
    package var ends: Int

    package init(starts: Int, ends: Int) {
        self.starts = starts
        self.ends = ends
    }

    /// Whether a time of day lies inside; start and end alike means the whole day.
    package func contains(minuteOfDay: Int) -> Bool {
        if starts == ends { return true }
        return starts < ends
            ? (starts..<ends).contains(minuteOfDay)
            : minuteOfDay >= starts || minuteOfDay < ends
    }
}

/// How far the line may go on its own.
package enum Autonomy: String, CaseIterable, Sendable {
    /// Everything but landing.
    case shadow
    /// Lands after a person's `approve`.
    case gate
    /// Lands small changes on its own, the others after `approve`.
    case lowRisk = "low-risk"
    /// Lands whatever passes.
    case full
}

/// How agents and checks are fenced.
package struct SandboxSetting: Hashable, Sendable {
    /// What fences: whatever is there, bubblewrap or nothing.
    package enum Kind: String, CaseIterable, Sendable { case auto, bubblewrap, none }
    /// What can be reached: nothing, the hosts that the proxy lets through, or all that the host reaches.
    package enum Network: String, CaseIterable, Sendable { case none, proxy, host }
    package var kind: Kind = .auto
    package var agents: Network = .proxy
    package var checks: Network = .none
    /// Hosts that agents and checks may reach through the proxy, beside those of each agent.
    package var hosts: [String] = []
    /// Paths of the machine that are shown read-only, beside the system and the toolchains in `PATH`; `~/` is the home.
    package var read: [String] = []
    package var limits = Bounds()
    package init() {}

    /// What an agent may reach.
    package func reach(of agent: AgentSetting) -> Reach {
        switch agents {
        case .none: .nothing
        case .proxy: .hosts(hosts + agent.hosts)
        case .host: .machine
        }
    }

    /// What a check may reach, and a setup step that asks for no network.
    package var reachOfChecks: Reach {
        switch checks {
        case .none: .nothing
        case .proxy: .hosts(hosts)
        case .host: .machine
        }
    }

    /// What a setup step may reach. One that asks for the network gets the world, but not this machine.
    package func reach(of step: SetupStep) -> Reach {
        step.network && reachOfChecks != .machine ? .world : reachOfChecks
    }
}

/// What a session may reach over the network.
package enum Reach: Hashable, Sendable {
    case nothing
    /// The named hosts, through the line's proxy.
    case hosts([String])
    /// Every host that has a name and is not on this machine or in its own network, through the line's proxy.
    case world
    /// All that the machine reaches, itself included.
    case machine
}

/// A remote of the user's clone that is the source of the main branch.
package struct Upstream: Hashable, Sendable {
    package var remote: String
    /// Whether landed commits are pushed there; the default is no.
    package var push: Bool

    package init(remote: String, push: Bool = false) {
        self.remote = remote
        self.push = push
    }
}
