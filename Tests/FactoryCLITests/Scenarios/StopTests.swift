import FactoryCore
import FactoryFiles
import Glibc
import Testing

@testable import FactoryCLI

/// `factory stop` and `factory start`, beside a line that works.
@Suite(.serialized) struct `A person stops the line` {
    @Test(.timeLimit(.minutes(1)))
    func `a stopped line takes nothing on, says so everywhere, and goes on after start`() async throws {
        let world = try await World.play()
        #expect(try await world.factory("stop", "lunch").contains("THE LINE IS STOPPED"))
        let run = try await world.start()
        #expect(await run.code() == 3)
        #expect(run.output.contains("THE LINE IS STOPPED") && run.output.contains("lunch"), "\(run.output)")
        #expect(run.output.contains("factory start"))
        #expect(try world.starts() == [])
        for words in [["status"], ["why", "1"], ["report"], ["doctor"]] {
            let said = try await world.ask(World.program, words).output
            #expect(said.contains("THE LINE IS STOPPED") && said.contains("lunch"), "\(words): \(said)")
            #expect(said.contains("factory start"), "\(words)")
        }
        let (path, text) = Play.spec(2)
        try world.place(text, at: path)
        let submitted = try await world.ask(World.program, ["submit", path])
        #expect(submitted.code == 0 && submitted.errors.contains("THE LINE IS STOPPED"))
        let json = try JSON(parsing: Array(try await world.factory("status", "--json").utf8))
        #expect(json["line"]?["stopped"]?.bool == true)
        #expect(json["line"]?["stops"]?.array?.first?["kind"]?.string == "person")
        let step = try await world.ask(World.program, ["step", "--pr", "1"])
        #expect(step.code == 3 && step.output.contains("THE LINE IS STOPPED"))
        #expect(try await world.factory("start", "back").contains("goes on"))
        #expect(try await world.factory("start").contains("not stopped"))
        try await world.expectLanding()
        #expect(try await world.lineRecord().map(\.event.by).prefix(2) == ["Ada Example", "Ada Example"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `what is running comes to the end of its stage, and stays there`() async throws {
        let world = try await World.play(
            [
                "1-implementer":
                    "mkfifo \"$TORTURE/gate\"; echo $$ > \"$TORTURE/at-1\"; cat \"$TORTURE/gate\"; implement; finish"
            ],
            specs: [Play.spec(1), Play.spec(2)])
        let run = try await world.start()
        _ = try await world.arrival("1")
        try await world.factory("stop")
        _ = try await world.ask("sh", ["-c", "echo go > \"$TORTURE/gate\""])
        #expect(await run.code() == 3)
        #expect(try await world.pr(1).state == .implementationCI)
        #expect(try await world.pr(1).active == nil)
        #expect(try await world.pr(2).state == .queued)
        #expect(try await world.pr(1).counts[.implementation]?.attempts == 1)
        #expect(try await world.checkRuns() == 0)
        try await world.factory("start")
        try await world.expectLanding()
        #expect(try world.starts(of: .implementer) == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `with --now what is running is torn down, and counts against nobody`() async throws {
        let world = try await World.play(
            ["1-implementer-1": "echo $$ > \"$TORTURE/at-1\"; exec sleep 1000", "1-implementer-2": "implement; finish"])
        let run = try await world.start()
        let agent = try await world.arrival("1")
        try await world.factory("stop", "--now", "fire")
        #expect(await run.code() == 3)
        #expect(await world.ends(agent, within: 5))
        let pr = try await world.pr(1)
        #expect(pr.state == .implementation && pr.active == nil)
        #expect(pr.counts[.implementation]?.failures == 0 && pr.counts[.implementation]?.interruptions == 0)
        try await world.factory("start")
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a plain stop becomes one that ends what runs`() async throws {
        let world = try await World.play(["1-planner-1": "echo $$ > \"$TORTURE/at-1\"; exec sleep 1000"])
        let run = try await world.start()
        let agent = try await world.arrival("1")
        try await world.factory("stop")
        #expect(kill(agent, 0) == 0)
        try await world.factory("stop", "--now", "it deletes things")
        #expect(try await world.factory("stop", "and more").contains("it deletes things"))
        #expect(try await world.standing().stops.map(\.message) == ["", "it deletes things", "and more"])
        // The same word again changes nothing.
        try await world.factory("stop", "and more")
        #expect(try await world.standing().stops.count == 3)
        #expect(await run.code() == 3)
        #expect(await world.ends(agent, within: 5))
        try await world.factory("start")
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a line that watches waits for the start`() async throws {
        let world = try await World.play()
        try await world.factory("stop")
        let run = try await world.start(["run", "--watch"])
        try await world.factory("start")
        while try await world.pr(1).state != .merged { await Task.yield() }
        run.signal(SIGINT)
        #expect(await run.code() == 130)
        await world.dismissAll()
    }

    /// The worst moment there is: the certificate stands, the main branch has not moved. The line is held there.
    @Test(.timeLimit(.minutes(1)))
    func `a stop between certificate and landing keeps it from landing`() async throws {
        let world = try await World.play()
        let list = world.base.path + "/effects"
        let run = try await world.start(
            ["run"], ["FACTORY_PAUSE_AFTER_EFFECT": "journal certified", "FACTORY_EFFECTS": list])
        while try Files.text(list)?.contains("journal certified") != true { await Task.yield() }
        try await world.factory("stop")
        let main = try await world.git("rev-parse", "main", in: world.hub)
        run.signal(SIGCONT)
        #expect(await run.code() == 3)
        #expect(try await world.git("rev-parse", "main", in: world.hub) == main)
        let pr = try await world.pr(1)
        #expect(pr.state == .merge && pr.active == nil && pr.certificate == nil)
        #expect(pr.counts[.merge]?.returns == 0 && pr.counts[.merge]?.failures == 0)
        try await world.factory("start")
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 1, "what was tested is tested")
    }

    /// The main branch has moved, the journal has not: both locks are held, and the stop has to wait for them.
    @Test(.timeLimit(.minutes(1)))
    func `a stop in the middle of a landing does not succeed before it is over`() async throws {
        let world = try await World.play()
        let list = world.base.path + "/effects"
        let run = try await world.start(["run"], ["FACTORY_PAUSE_AFTER_EFFECT": "main", "FACTORY_EFFECTS": list])
        while try Files.text(list)?.hasSuffix(" main\n") != true { await Task.yield() }
        let refused = try await world.ask(World.program, ["stop"])
        #expect(refused.code == 1 && refused.errors.contains("lock"), "\(refused.errors)")
        run.signal(SIGCONT)
        #expect(await run.code() == 0)
        try await world.factory("stop")
        #expect(try await world.pr(1).state == .merged)
        #expect(try await world.run() == 3)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a line that died after its certificate does not land while it is stopped`() async throws {
        let world = try await World.play()
        try await world.dieAfter("journal certified")
        try await world.factory("stop")
        #expect(try await world.run() == 3)
        #expect(try await world.end().landed == [])
        try await world.factory("start")
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `two lines heed one stop, and both go on after it`() async throws {
        let world = try await World.play(
            ["planner": "echo $$ > \"$TORTURE/at-$n\"; exec sleep 1000"], specs: [Play.spec(1), Play.spec(2)])
        let first = try await world.start(["step", "--pr", "1"])
        _ = try await world.arrival("1")
        let second = try await world.start(["step", "--pr", "2"])
        _ = try await world.arrival("2")
        try await world.factory("stop", "--now")
        #expect(await first.code() == 3)
        #expect(await second.code() == 3)
        for number in 1...2 { #expect(try await world.pr(number).state == .plan) }
        try world.rewrite("planner", "plan; finish")
        try await world.factory("start")
        try await world.expectLanding()
    }
}

/// What the line stops for on its own.
@Suite(.serialized) struct `The line stops by itself` {
    @Test(.timeLimit(.minutes(1)))
    func `so many pull requests parked in a row stop it, and a start counts anew`() async throws {
        let specs = (1...4).map { Play.spec($0) }
        let world = try await World.play(
            ["plan-reviewer": "send_back never"], specs: specs,
            configuration: "stop: { parks: 2 }\nretries: { plan-review: 0 }")
        #expect(try await world.run() == 3)
        let stop = try #require(try await world.standing().stops.first)
        #expect(stop.kind == .parks && stop.evidence.map(\.rule) == ["#1", "#2"])
        #expect(try await world.pr(3).state == .queued)
        try await world.factory("start")
        #expect(try await world.run() == 3)
        #expect(try await world.standing().stops.first?.evidence.map(\.rule) == ["#3", "#4"])
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a landing in between, a question, a gate and a person's word do not count`() async throws {
        let specs = (1...6).map { Play.spec($0) }
        let world = try await World.play(
            [
                "1-plan-reviewer": "send_back never", "2-planner": "ask why", "4-plan-reviewer": "send_back never",
                "5-planner": "ask why",
            ], specs: specs, configuration: "stop: { parks: 2 }\nretries: { plan-review: 0 }")
        try await world.factory("park", "6")
        #expect(try await world.run() == 3)
        #expect(try await !world.standing().isStopped)
        #expect(try await world.end().landed == ["3"])
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a main branch that was rewritten in the middle of a landing stops it`() async throws {
        let world = try await World.play()
        try await world.dieAfter(" main")
        try await world.git("commit", "-q", "--amend", "-m", "Another past")
        try await world.git("push", "-q", "--force", "factory", "main")
        #expect(try await world.run() == 3)
        let stop = try #require(try await world.standing().stops.first)
        #expect(stop.kind == .mainRewritten && stop.message.contains("#1"))
        #expect(try await world.why().contains("factory verify"))
        try await world.factory("start")
        #expect(try await world.run() == 3)
        #expect(try await world.pr(1).reason?.kind == .baseLost)
        await world.dismissAll()
    }
}

extension World {
    /// A line that dies right after its first effect whose name ends so: one run to count, and one from the same start.
    fileprivate func dieAfter(_ effect: String) async throws {
        let list = base.path + "/effects"
        try await save()
        #expect(try await run(["FACTORY_EFFECTS": list]) == 0)
        let effects = try #require(try Files.text(list)).split(separator: "\n")
        let point = try #require(effects.firstIndex { $0.hasSuffix(effect) }) + 1
        try await restore()
        #expect(try await run(["FACTORY_STOP_AFTER_EFFECT": "\(point)"]) == 137)
    }
}
