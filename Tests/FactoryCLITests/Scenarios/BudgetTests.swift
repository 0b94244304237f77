import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// A reviewer that is never content, and nothing but money to stop it.
private let runaway = [
    "planner": "plan; echo $FACTORY_ATTEMPT >> $FACTORY_PLAN; spend 1; finish",
    "plan-reviewer": "spend 1; send_back never",
]

/// Words that a fragment may use beside those of the play: what the next result tells of its usage.
private let spending = #"""
    usage=
    spend() { usage=",\"usage\":{\"costUSD\":$1,\"inputTokens\":${2:-900},\"outputTokens\":${3:-100}}"; }
    result() { printf '%s' "${1%\}}$usage}" > "$FACTORY_RESULT"; }
    """#

extension World {
    /// A world with a runaway, or another script, under these caps.
    fileprivate static func capped(
        _ budget: String, _ script: [String: String] = runaway, specs: [Int] = [1], concurrency: Int = 1,
        extra: String = ""
    ) async throws -> World {
        try await play(
            script.mapValues { spending + "\n" + $0 }, specs: specs.map { Play.spec($0) },
            configuration: "budget: \(budget)\nretries: { plan-review: 100, code-review: 100 }\n\(extra)",
            concurrency: concurrency)
    }

    /// The ledger as it stands.
    func ledger() async throws -> Ledger {
        let body = try await git("log", "-1", "--format=%b", "refs/factory/ledger", in: journal)
        return try LedgerRecord(parsing: Array(body.utf8)).state
    }

    /// The entries of the ledger, oldest first.
    func ledgerStory() async throws -> [String] {
        try await git("log", "--reverse", "--format=%s", "refs/factory/ledger", in: journal)
            .split(separator: "\n").map(String.init)
    }

    /// Gives the caps other values, as a person does.
    func rebudget(_ old: String, _ new: String) async throws {
        let path = app + "/.factory/config.yml"
        let text = try Files.text(path) ?? ""
        #expect(text.contains(old))
        try Files.write(text.replacing(old, with: new), to: path)
        try await git("commit", "-q", "-m", "Other caps", "--", ".factory")
        try await git("push", "-q", "factory", "main")
    }
}

@Suite(.serialized) struct `Caps on a runaway` {
    @Test(.timeLimit(.minutes(1)))
    func `a spec that has spent its dollars parks, with what each stage took and the ways on`() async throws {
        let world = try await World.capped("{ night: {}, spec: { usd: 6 }, stage: {} }")
        let reason = try await world.expectParking()
        #expect(reason.kind == .budget && reason.rule == "spec-usd")
        #expect(reason.message == "the spec's cap is spent: 6.00 USD of 6.00 USD")
        #expect(reason.evidence.map(\.rule) == ["plan", "plan-review"])
        #expect(try world.starts().count == 6)
        let why = try await world.why()
        #expect(why.contains("factory retry 1") && why.contains("factory close 1") && why.contains("3.00 USD"))
        // The same cap stops it again; a raised one lets it go on.
        try await world.factory("retry", "1")
        #expect(try await world.expectParking().rule == "spec-usd")
        #expect(try world.starts().count == 6)
        try await world.rebudget("spec: { usd: 6 }", "spec: { usd: 8 }")
        try await world.factory("retry", "1")
        try await world.expectParking()
        #expect(try world.starts().count == 8)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spec that has spent its tokens parks`() async throws {
        let world = try await World.capped("{ night: {}, spec: { tokens: 3500 }, stage: {} }")
        #expect(try await world.expectParking().rule == "spec-tokens")
        #expect(try world.starts().count == 4)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spec that has spent its minutes parks, and its last session is cut short`() async throws {
        let world = try await World.capped(
            "{ night: {}, spec: { minutes: 0.05 }, stage: {} }",
            ["planner": "plan; echo $FACTORY_ATTEMPT >> $FACTORY_PLAN; finish", "plan-reviewer": "sleep 100"])
        let reason = try await world.expectParking()
        #expect(reason.rule == "spec-minutes" && reason.kind == .budget && reason.stage == .planReview)
        #expect(try world.starts().count == 2)
        #expect(world.strays() == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a session that costs more than one may has failed, and its work is kept`() async throws {
        let world = try await World.capped(
            "{ night: {}, spec: {}, stage: { usd: 2 } }", ["planner": "plan; spend 3; finish"],
            extra: "")
        let reason = try await world.expectParking()
        #expect(reason.kind == .failed && reason.message.contains("over-budget"))
        #expect(reason.message.contains("3.00 USD of 2.00 USD"))
        #expect(try world.starts().count == 3)
        #expect(try await world.why().contains("refs/factory/rescue/1/plan-1"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a session that uses more tokens than one may has failed`() async throws {
        let world = try await World.capped(
            "{ night: {}, spec: {}, stage: { tokens: 999 } }", ["planner": "plan; spend 1; finish"])
        #expect(try await world.expectParking().message.contains("1000 tokens of 999 tokens"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a session has no more minutes than one may`() async throws {
        let world = try await World.capped(
            "{ night: {}, spec: {}, stage: { minutes: 0.02 } }", ["planner": "sleep 100"])
        let reason = try await world.expectParking()
        #expect(reason.kind == .failed && reason.message.contains("within 1.2 s"))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["{ usd: 4 }", "{ tokens: 4000 }", "{ usd: 1000, tokens: 4000 }"])
    func `a night that is spent ends the line, parks nothing, and the next one goes on`(_ cap: String) async throws {
        let world = try await World.capped("{ night: \(cap), spec: {}, stage: { usd: 3 } }", specs: [1, 2])
        for _ in 1...3 {
            // Starting again does not begin a night.
            let session = try await world.start()
            #expect(await session.code() == 3)
            #expect(session.output.contains("the night's cap is spent") && session.output.contains("--new-night"))
            #expect(try world.starts().count == 4)
        }
        #expect(try await world.pr(1).state == .plan)
        #expect(try await world.pr(2).state == .queued)
        #expect(try await world.why(2).contains("waits for the next night"))
        #expect(try await world.factory("status").contains("the night's cap is spent"))
        #expect(try await world.factory("report").contains("The night's cap is spent"))
        let night = try #require(try await world.ledger().night)
        #expect(night.id == 1 && night.sessions == 4 && night.settled.micros == 4_000_000)
        #expect(try await world.start(["run", "--new-night"]).code() == 3)
        #expect(try world.starts().count == 8)
        #expect(try await world.ledger().night?.id == 2)
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a night that has no minutes left cuts the session short and parks nothing`() async throws {
        let world = try await World.capped(
            "{ night: { minutes: 0.05 }, spec: {}, stage: {} }",
            ["plan-reviewer": "sleep 100"])
        #expect(try await world.run() == 3)
        #expect(try await world.pr(1).state == .planReview)
        #expect(try world.starts().count == 2)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["night: { usd: 0 }, spec: {}", "night: {}, spec: { tokens: 0 }"])
    func `a cap of nothing starts no agent`(_ caps: String) async throws {
        let world = try await World.capped("{ \(caps), stage: {} }")
        #expect(try await world.run() == 3)
        #expect(try world.starts() == [])
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a line that watches waits for the next night`() async throws {
        let world = try await World.capped("{ night: { usd: 1 }, spec: {}, stage: {} }")
        let line = try await world.start(["run", "--watch"])
        while !line.errors.contains("no more agents are started") { await Task.yield() }
        try await world.rebudget("night: { usd: 1 }", "night: { usd: 2 }")
        try await world.factory("park", "1")
        try await world.factory("retry", "1")
        while try world.starts().count < 2 { await Task.yield() }
        line.signal(SIGINT)
        #expect(await line.code() == 130)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `what needs no agent goes on when the night is spent`() async throws {
        let script = [
            "planner": "spend 0.2; plan; finish", "plan-reviewer": "spend 0.2; approve",
            "implementer": "spend 0.2; implement; finish", "code-reviewer": "spend 0.4; approve",
        ]
        let world = try await World.capped("{ night: { usd: 1 }, spec: {}, stage: {} }", script)
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `workers side by side stay within the night`() async throws {
        let world = try await World.capped(
            "{ night: { usd: 7 }, spec: {}, stage: { usd: 2 } }", specs: [1, 2, 3, 4], concurrency: 4)
        #expect(try await world.run() == 3)
        let night = try #require(try await world.ledger().night)
        #expect(night.settled.micros == 7_000_000 && night.sessions == 7)
        #expect(try world.starts().count == 7)
        #expect(try await world.ledger().reservations == [])
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `two lines on one factory share the night`() async throws {
        let world = try await World.capped(
            "{ night: { usd: 9 }, spec: {}, stage: { usd: 2 } }", specs: [1, 2, 3, 4], concurrency: 2)
        let lines = [try await world.start(), try await world.start()]
        for line in lines { #expect(await line.code() == 3, "\(line.errors)") }
        #expect(try world.starts().count == 9)
        #expect(try await world.ledger().night?.settled.micros == 9_000_000)
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
        await world.dismissAll()
    }
}

@Suite(.serialized) struct `What doctor says of caps` {
    @Test(.timeLimit(.minutes(1)))
    func `caps can be proven, without touching the factory`() async throws {
        let world = try await World.play()
        let before = try await world.git("for-each-ref", in: world.journal)
        let answer = try await world.ask(World.program, ["doctor", "--prove-cap"])
        #expect(answer.code == 0, "\(answer.output)\(answer.errors)")
        let lines = answer.output.split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.hasPrefix("PASS") && $0.contains("3 sessions") })
        #expect(try await world.git("for-each-ref", in: world.journal) == before)
        #expect(world.strays() == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `doctor names the caps, what may go beyond them, and what nothing bounds`() async throws {
        let world = try await World.play(configuration: "budget: { spec: { usd: 5 } }", concurrency: 3)
        let told = try await world.factory("doctor")
        #expect(told.contains("PASS  caps: night 50.00 USD, 600 min; spec 5.00 USD; session 10.00 USD"), "\(told)")
        #expect(told.contains("at most 3 running sessions may go on beyond a cap"), "\(told)")
        #expect(told.contains("after 45 min at the latest"), "\(told)")
        #expect(told.contains("WARN  spec: only money is capped"), "\(told)")
        try await world.rebudget("spec: { usd: 5 }", "night: {}, spec: {}, stage: {}")
        #expect(try await world.factory("doctor").contains("WARN  nothing is capped"))
    }
}

@Suite(.serialized) struct `Readings of usage` {
    @Test(.timeLimit(.minutes(1)))
    func `an agent that tells nothing is charged in full where money alone is capped`() async throws {
        let world = try await World.capped("{ night: { usd: 25 }, spec: {}, stage: { usd: 10 } }", [:])
        #expect(try await world.run() == 3)
        #expect(try world.starts().count == 3)
        #expect(try await world.ledger().night?.settled.micros == 25_000_000)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["-3", "1e300", "0"])
    func `a cost that cannot be is no reading, and why says so`(_ cost: String) async throws {
        let world = try await World.capped(
            "{ night: { usd: 15 }, spec: {}, stage: { usd: 10 } }", ["planner": "plan; spend \(cost); finish"])
        #expect(try await world.run() == 3)
        #expect(try await world.ledger().specs[PRNumber(1)]?[.plan]?.micros == 10_000_000)
        let why = try await world.why()
        #expect(why.contains("charged all that was put aside for it"), "\(why)")
        if cost != "0" { #expect(why.contains("costUSD must be"), "\(why)") }
        #expect(try await world.pr(1).usage.costUSD.map { $0 >= 0 } != false)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `the defaults bound an agent that tells nothing by minutes, and let it land`() async throws {
        let world = try await World.play()
        try await world.expectLanding()
        let ledger = try await world.ledger()
        #expect(ledger.night?.settled.micros == 0 && (ledger.night?.settled.milliseconds ?? 0) > 0)
        // One entry a session, and one at the end.
        #expect(try await world.ledgerStory().count == 5)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `without any cap there is no ledger`() async throws {
        let world = try await World.play(configuration: "budget: { night: {}, spec: {}, stage: {} }")
        try await world.expectLanding()
        #expect(try await world.git("for-each-ref", "refs/factory/ledger", in: world.journal) == "")
    }

    @Test(.timeLimit(.minutes(1)))
    func `prices that cannot be read stop the line before it starts`() async throws {
        let world = try await World.play()
        try world.place(
            "as-of: 2026-11-25\nmodels: [{ model: \"x\", input: 1, output: 2 }, { modell: y }]\n",
            at: ".factory/prices.yml")
        try await world.git("add", ".factory")
        try await world.git("commit", "-q", "-m", "Prices")
        try await world.git("push", "-q", "factory", "main")
        let session = try await world.start()
        #expect(await session.code() == 1)
        #expect(session.errors.contains(".factory/prices.yml:2:"), "\(session.errors)")
        await world.dismissAll()
    }
}
