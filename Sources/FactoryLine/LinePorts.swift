package import FactoryCore

/// All that the line needs from outside.
package struct LinePorts: Sendable {
    package var journal: any Journal
    package var ledger: any LedgerBook
    package var standing: any StandingBook
    package var hub: any Hub
    package var holdouts: any HoldoutBook
    package var holdoutTable: any HoldoutTable
    package var workshop: any Workshop
    package var agents: any AgentRunner
    package var commands: any CommandRunner
    package var prompts: any PromptWriter
    package var floors: any FloorReader
    package var library: any Library
    package var leases: any Leases
    package var clock: any WallClock
    package var upstream: (any UpstreamLink)?
    /// The checks of the repository on a forge; nil without one.
    package var candidateChecks: (any CandidateChecks)?
    /// The directory for prompts, results and logs, one folder a session.
    package var folder: String
    package var observe: @Sendable (LineEvent) -> Void

    package init(
        journal: any Journal, ledger: any LedgerBook, standing: any StandingBook, hub: any Hub,
        holdouts: any HoldoutBook,
        holdoutTable: any HoldoutTable, workshop: any Workshop, agents: any AgentRunner, commands: any CommandRunner,
        prompts: any PromptWriter, floors: any FloorReader, library: any Library,
        leases: any Leases, clock: any WallClock, upstream: (any UpstreamLink)? = nil, folder: String,
        observe: @escaping @Sendable (LineEvent) -> Void = { _ in }
    ) {
        self.journal = journal
        self.ledger = ledger
        self.standing = standing
        self.hub = hub
        self.holdouts = holdouts
        self.holdoutTable = holdoutTable
        self.workshop = workshop
        self.agents = agents
        self.commands = commands
        self.prompts = prompts
        self.floors = floors
        self.library = library
        self.leases = leases
        self.clock = clock
        self.upstream = upstream
        self.folder = folder
        self.observe = observe
    }

    /// Where the files of one session stand.
    func sessionFolder(_ pr: PRNumber, _ stage: Stage, _ attempt: Int) -> String {
        "\(folder)/\(pr.value)/\(stage.rawValue)-\(attempt)"
    }
}

extension LinePorts {
    /// Shows a PR on its branch. A failed projection loses no fact: it is repaired when the PR is next looked at.
    func show(_ pr: PullRequest, over known: CommitID? = nil) async {
        do {
            try await hub.project(pr, over: known)
        } catch {
            observe(.warning("the branch of \(pr.number) does not show its head yet: \(error)"))
        }
    }
}

extension LinePorts {
    /// Takes away what shows the candidates of PRs that have ended. What stays is taken away the next time.
    func retireCandidates() async {
        guard let candidateChecks else { return }
        do {
            let ended = try await journal.list().map(\.pr).filter(\.state.isFinal).map(\.number)
            try await candidateChecks.retire(Set(ended))
        } catch {
            observe(.warning("branches of candidates that have ended are still there: \(error)"))
        }
    }
}

extension Start {
    /// The session's name, which is also that of its folder and of its saved work.
    var session: String { "\(stage.rawValue)-\(attempt)" }
}

/// What the line tells while it works.
package enum LineEvent: Sendable {
    case started(PullRequest, Stage, attempt: Int)
    case finished(PullRequest, Stage, Outcome, seconds: Double)
    case output(PRNumber, Stage, [UInt8])
    case landed(PullRequest)
    case recovered(PullRequest, String)
    case warning(String)
    /// Nothing is admitted and nothing lands until a person starts the line.
    case stopped(Standing)
}

/// Why the whole line stops and asks a person.
package enum LineStopped: Error, CustomStringConvertible {
    /// What landed is not what was tested.
    case landedTreeDiffers(PRNumber, landed: TreeID, tested: TreeID)
    /// No check is configured, so nothing could be called green.
    case noChecks
    case noAgent(Role)

    package var description: String {
        switch self {
        case .landedTreeDiffers(let number, let landed, let tested):
            "\(number) landed as tree \(landed.short), but tree \(tested.short) was tested: look at the main branch "
                + "before anything else lands"
        case .noChecks:
            "no check is configured, so nothing could ever be called green: name at least one under `checks:` in "
                + ".factory/config.yml, commit it and push it to the hub's main branch"
        case .noAgent(let role):
            "no agent is configured for the \(role.rawValue): set `agents: { default: { command: … } }` in "
                + ".factory/config.yml, commit it and push it to the hub's main branch"
        }
    }
}
