import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryLine
import FactoryProcess
import Glibc

/// `doctor --prove-cap`: lets a scripted agent run away in a factory made for it, and looks whether the cap stops it.
/// Nothing of the person's own factory is touched, and no model is called.
struct CapProof {
    let context: Context

    /// What the agent costs a session, and what the night and the spec may cost.
    private static let (price, cap) = (1.0, 3.0)

    func perform() async -> [DoctorVerb.Finding] {
        do {
            return [
                try await prove("the night's cap", "night: { usd: \(Self.cap) }, spec: {}, stage: {}", parks: false),
                try await prove("the spec's cap", "night: {}, spec: { usd: \(Self.cap) }, stage: {}", parks: true),
                try await prove("the cap of a session", "night: {}, spec: {}, stage: { usd: 0.5 }", parks: true),
            ]
        } catch {
            return [.init(verdict: .fail, what: "the caps could not be proven: \(error)", fix: "git --version")]
        }
    }

    private func prove(_ name: String, _ budget: String, parks: Bool) async throws -> DoctorVerb.Finding {
        let scratch = try await Scratch(context, budget: budget)
        // A second start must not begin at nothing.
        for _ in 1...2 { try await scratch.run() }
        let (sessions, spent, pr) = try await scratch.outcome()
        let told = "\(Wording.count(sessions, "session")) at \(Wording.cost(Self.price)), \(spent.text) in the ledger"
        let isParked = pr?.state == .needsAttention
        let place = isParked ? "parked by \(pr?.reason?.rule ?? "?")" : "not parked"
        guard sessions == 3, spent.micros == 3_000_000, isParked == parks else {
            return .init(
                verdict: .fail, what: "\(name) did not stop an agent that runs away: \(told), \(place)",
                fix: "do not let the line run unattended, and report this")
        }
        return .init(verdict: .pass, what: "\(name) stopped an agent that runs away: \(told), \(place)")
    }
}

/// A factory that is gone with this value.
private final class Scratch: Sendable {
    private let directory: TemporaryDirectory
    private let context: Context
    private let silence: NullDevice

    init(_ context: Context, budget: String) async throws {
        directory = try TemporaryDirectory("factory-proof")
        silence = try NullDevice()
        let root = directory.path + "/app"
        var environment = [
            "HOME": directory.path, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Proof", "GIT_AUTHOR_EMAIL": "proof@localhost", "GIT_COMMITTER_NAME": "Proof",
            "GIT_COMMITTER_EMAIL": "proof@localhost",
        ]
        environment["PATH"] = context.environment["PATH"]
        self.context = Context(
            directory: root, environment: environment,
            output: Output(environment: environment, data: silence.descriptor, talk: silence.descriptor),
            clock: context.clock)
        try Files.makeDirectory(root + "/tools")
        try Files.makeDirectory(root + "/specs")
        let git = GitProgram(runner: try ProcessRunner(), environment: environment, directory: root)
        try await git.run(["init", "-q", "-b", "main"])
        try Files.write(Self.agent, to: root + "/tools/agent.sh")
        try await git.run(["add", "-A"])
        try await git.run(["commit", "-q", "-m", "Begin"])
        try await say(["init", "--at", directory.path + "/factory", "--agent", "sh tools/agent.sh"])
        try Files.write(Self.configuration(budget), to: root + "/.factory/config.yml")
        try await git.run(["add", "-A"])
        try await git.run(["commit", "-q", "-m", "Work with a factory"])
        try await git.run(["push", "-q", "factory", "main"])
        try Files.write(Self.spec, to: root + "/specs/0001-run-away.md")
        try await say(["submit", "specs/0001-run-away.md"])
    }

    private func say(_ words: [String]) async throws {
        let code = await FactoryProgram.run(words, context)
        guard code == .ok else { throw CommandFailure("`factory \(words[0])` failed in \(directory.path)") }
    }

    /// Works until nothing can move.
    func run() async throws {
        let workplace = try Workplace(context)
        let ports = workplace.ports(upstream: nil, observe: { _ in })
        try await Line(ports, executor: workplace.store.executor, options: Line.Options(patience: 0)).run()
    }

    /// Sessions that were started, what the spec has spent, and where its PR stands.
    func outcome() async throws -> (sessions: Int, spent: Amount, pr: PullRequest?) {
        let store = try Workplace(context).store
        let starts = try Files.text(directory.path + "/starts") ?? ""
        let spent = try await store.ledger().ledger.settled(of: PRNumber(1))
        var money = Amount()
        money.micros = spent.micros
        return (starts.split(separator: "\n").count, money, try await store.tip(of: PRNumber(1))?.pr)
    }

    /// A planner that always has a plan, and a reviewer that is never content: every session succeeds.
    private static let agent = #"""
        echo "$FACTORY_ROLE" >> "$HOME/starts"
        usage='"usage":{"costUSD":1,"inputTokens":900,"outputTokens":100}'
        if [ "$FACTORY_ROLE" = planner ]; then
            printf '# Plan\n\nTry %s.\n' "$FACTORY_ATTEMPT" > "$FACTORY_PLAN"
            printf '{"status":"done","summary":"planned",%s}' "$usage" > "$FACTORY_RESULT"
        else
            criteria='"criteria":[{"id":"D1","met":true,"evidence":"seen"}]'
            printf '{"decision":"REQUEST_CHANGES","summary":"again",%s,%s}' "$criteria" "$usage" > "$FACTORY_RESULT"
        fi

        """#

    private static func configuration(_ budget: String) -> String {
        """
        version: 1
        agents:
          default: { command: [sh, tools/agent.sh] }
        checks:
          - { name: test, run: "true" }
        retries: { plan-review: 100 }
        sandbox: { kind: none }
        budget: { \(budget) }

        """
    }

    private static let spec = """
        # Run away

        ## Problem

        Nothing ever ends.

        ## Done

        - It ends.

        """
}

/// An open descriptor that swallows what it is told.
private final class NullDevice: Sendable {
    let descriptor: Int32

    init() throws(SystemError) {
        descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open", "/dev/null") }
    }

    deinit { close(descriptor) }
}
