import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryLine
import FactoryTestSupport
import Glibc
import Synchronization
import Testing

@testable import FactoryCLI

/// An agent that tells its usage while it works, and works until it is stopped or has told all.
private struct MeteredAgent: AgentRunner {
    let readings: [Usage]
    /// Whether it ends by itself after the last reading.
    var ends = false
    /// Counts sessions, and readings that were told in each.
    let told = Told()

    final class Told: Sendable {
        private let counts = Mutex<[Int]>([])
        func begin() { counts.withLock { $0.append(0) } }
        func note() { counts.withLock { $0[$0.count - 1] += 1 } }
        var all: [Int] { counts.withLock { $0 } }
    }

    func run(_ job: AgentJob) async -> AgentReport {
        told.begin()
        for usage in readings where !Task.isCancelled {
            told.note()
            job.onUsage(usage)
        }
        if ends {
            try? Files.write("# Plan\n\n\(job.attempt)\n", to: "\(job.directory)/\(job.planPath)")
            return AgentReport(result: .writer(nil), usage: readings.last ?? .unknown, seconds: 60)
        }
        // What is never stopped would hang here, and the test's time limit says so.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
        return AgentReport(result: .cancelled, seconds: 60)
    }
}

/// A line in this process, on a real factory, with an agent and a clock of the test's own.
private struct Bench {
    let world: World
    let clock = FakeClock(Timestamp("2026-11-21T23:50:00Z") ?? .noon)

    init(_ budget: String, extra: String = "") async throws {
        world = try await World.play(configuration: "budget: \(budget)\nretries: { stage: 0 }\n\(extra)")
    }

    func ledger() async throws -> Ledger { try await world.ledger() }

    /// Runs the line until nothing can move.
    func run(_ agent: any AgentRunner, newNight: Bool = false) async throws {
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(null) }
        let output = Output(environment: [:], data: null, talk: null)
        let context = Context(directory: world.app, environment: world.environment, output: output, clock: clock)
        let workplace = try Workplace(context)
        var ports = workplace.ports(upstream: nil, observe: { _ in })
        ports.agents = agent
        var options = Line.Options(patience: 0)
        options.newNight = newNight
        try await Line(ports, executor: workplace.store.executor, options: options).run()
    }
}

@Suite(.serialized) struct `A session that tells its usage while it runs` {
    private func cost(_ usd: Double) -> Usage { Usage(inputTokens: 10, outputTokens: 5, costUSD: usd) }

    @Test(.timeLimit(.minutes(1)))
    func `is ended when it passes its own cap, and has failed`() async throws {
        let bench = try await Bench("{ night: {}, spec: {}, stage: { usd: 2 } }")
        let agent = MeteredAgent(readings: [cost(1), cost(2), cost(2.5)])
        try await bench.run(agent)
        let pr = try await bench.world.pr(1)
        #expect(pr.reason?.kind == .failed && pr.reason?.message.contains("2.50 USD of 2.00 USD") == true)
        #expect(agent.told.all == [3])
        #expect(try await bench.ledger().settled(of: PRNumber(1)).micros == 2_500_000)
        #expect(pr.usage.costUSD == 2.5)
    }

    @Test(.timeLimit(.minutes(1)))
    func `is ended when it passes its spec's cap, and the spec parks`() async throws {
        let bench = try await Bench("{ night: {}, spec: { tokens: 100 }, stage: { usd: 2 } }")
        try await bench.run(MeteredAgent(readings: [Usage(inputTokens: 60), Usage(inputTokens: 120)]))
        let reason = try #require(try await bench.world.pr(1).reason)
        #expect(reason.kind == .budget && reason.rule == "spec-tokens")
        #expect(reason.message == "the spec's cap is spent: 120 tokens of 100 tokens")
        #expect(reason.evidence.map(\.rule) == ["plan"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `is ended when it passes the night's cap, and its PR is none the worse`() async throws {
        let bench = try await Bench("{ night: { usd: 1 }, spec: {}, stage: {} }")
        let agent = MeteredAgent(readings: [cost(0.5), cost(1.5)])
        try await bench.run(agent)
        let pr = try await bench.world.pr(1)
        #expect(
            pr.state == .plan && pr.counts[.plan]?.failures == 0
                && pr.notBefore.map { $0 <= bench.clock.now() } != false)
        #expect(try await bench.ledger().night?.settled.micros == 1_500_000)
        #expect(agent.told.all == [2])
    }

    @Test(.timeLimit(.minutes(1)))
    func `that tells tokens is charged by the floor's prices`() async throws {
        let bench = try await Bench("{ night: { usd: 100 }, spec: {}, stage: { usd: 2 } }")
        let prices = "as-of: 2026-11-25\nmodels: [{ model: \"big-*\", input: 1, output: 10 }]\n"
        try bench.world.place(prices, at: ".factory/prices.yml")
        try await bench.world.git("add", ".factory")
        try await bench.world.rebudget(
            "default: { command: [sh, tools/agent.sh], env: [TORTURE] }", "default: { profile: codex, model: big-4 }")
        let usage = [1, 2, 3].map { Usage(inputTokens: 500_000 * $0, outputTokens: 50_000 * $0) }
        let agent = MeteredAgent(readings: usage)
        try await bench.run(agent)
        #expect(agent.told.all == [3])
        #expect(try await bench.world.pr(1).reason?.message.contains("3.00 USD of 2.00 USD") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func `and tells less at its end is charged what it told before`() async throws {
        let bench = try await Bench("{ night: { usd: 100, minutes: 100 }, spec: {}, stage: { usd: 20 } }")
        try await bench.run(MeteredAgent(readings: [cost(4), .unknown], ends: true))
        #expect(try await bench.ledger().specs[PRNumber(1)]?[.plan]?.micros == 4_000_000)
    }

    @Test(.timeLimit(.minutes(1)))
    func `tells figures that cannot be in vain`() async throws {
        let bench = try await Bench("{ night: { usd: 100 }, spec: {}, stage: { usd: 2 } }")
        let agent = MeteredAgent(readings: [cost(-5), cost(.nan), cost(1e30), cost(3)])
        try await bench.run(agent)
        #expect(agent.told.all.first == 4)
        #expect(try await bench.world.pr(1).usage.costUSD == 3)
    }
}

@Suite(.serialized) struct `A night` {
    private let spender = MeteredAgent(readings: [Usage(costUSD: 2)], ends: true)

    /// One session, which spends the night.
    private func spend(_ extra: String = "") async throws -> Bench {
        let bench = try await Bench("{ night: { usd: 2 }, spec: {}, stage: {} }", extra: extra)
        try await bench.run(spender)
        #expect(spender.told.all.count == 1)
        return bench
    }

    @Test(.timeLimit(.minutes(1)))
    func `does not end at midnight, by a restart or a clock that is set back`() async throws {
        let bench = try await spend()
        for seconds in [1200.0, 3600, -7200, 72_000] {
            bench.clock.advance(by: seconds)
            try await bench.run(spender)
        }
        #expect(spender.told.all.count == 1)
        #expect(try await bench.ledger().night?.id == 1)
        #expect(try await bench.world.pr(1).state == .planReview)
    }

    @Test(.timeLimit(.minutes(1)))
    func `ends after 24 hours where there is no window`() async throws {
        let bench = try await spend()
        bench.clock.advance(by: 86_400)
        try await bench.run(spender)
        #expect(spender.told.all.count == 2)
        #expect(try await bench.ledger().night?.id == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `ends when the next window starts, where there is one`() async throws {
        let bench = try await spend("night: { starts: \"22:00\", ends: \"06:00\" }")
        bench.clock.advance(by: 22 * 3600)
        try await bench.run(spender)
        #expect(spender.told.all.count == 1)
        bench.clock.advance(by: 600)
        try await bench.run(spender)
        #expect(spender.told.all.count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `begins when a person says so`() async throws {
        let bench = try await spend()
        try await bench.run(spender, newNight: true)
        #expect(spender.told.all.count == 2)
        let night = try await bench.ledger().night
        #expect(night?.id == 2 && night?.settled.micros == 2_000_000)
    }

    @Test(.timeLimit(.minutes(1)))
    func `keeps no account of a spec that has landed`() async throws {
        let world = try await World.play(
            configuration: "budget: { night: { usd: 1000 }, spec: {}, stage: { usd: 1 } }\n")
        try await world.factory("run")
        #expect(try await world.pr(1).state == .merged)
        let ledger = try await world.ledger()
        #expect(ledger.specs.isEmpty && ledger.reservations.isEmpty)
        #expect(ledger.night?.sessions == 4)
        try await world.factory("verify")
    }

    @Test(.timeLimit(.minutes(1)))
    func `drops the accounts of specs that are done with`() async throws {
        let bench = try await spend()
        try await bench.world.factory("close", "1")
        try bench.world.place(Play.spec(2).text, at: Play.path(2))
        try await bench.world.factory("submit", Play.path(2))
        try await bench.run(spender, newNight: true)
        bench.clock.advance(by: 90_000)
        try await bench.run(spender)
        #expect(try await bench.ledger().specs.keys.sorted() == [PRNumber(2)])
    }
}
