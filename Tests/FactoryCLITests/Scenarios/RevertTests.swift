import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// `factory revert`: what has landed is taken back.
@Suite(.serialized) struct `A landing is taken back` {
    private func landed(_ script: [String: String] = [:], _ specs: [(path: String, text: String)] = [Play.spec(1)])
        async throws -> World
    {
        let world = try await World.play(script, specs: specs)
        try await world.expectLanding()
        return world
    }

    @Test(.timeLimit(.minutes(1)))
    func `with a certificate of its own, and only once`() async throws {
        let world = try await landed([:], [Play.spec(1), Play.spec(2)])
        let runs = try await world.checkRuns()
        let said = try await world.factory("revert", "1", "--note", "nobody wants it")
        #expect(said.contains("reverted as"))
        #expect(try await world.onMain("lib/1.txt") == nil)
        #expect(try await world.onMain("lib/2.txt") == "done\n")
        #expect(try await world.onMain(Play.path(1)) == nil)
        #expect(try await world.checkRuns() == runs + 1)
        let message = try await world.git("log", "-1", "--format=%B", "main", in: world.hub)
        #expect(message.hasPrefix("Revert \"Play 1\"") && message.contains("nobody wants it"))
        #expect(message.contains("\nFactory-Reverts: 1\nFactory-Certificate: "))
        let pr = try await world.pr(1)
        let main = try await world.git("rev-parse", "main", in: world.hub)
        #expect(pr.state == .merged && pr.reverted?.hex == main)
        let short = try #require(pr.reverted?.short)
        for words in [["status"], ["why", "1"], ["report"]] {
            #expect(try await world.factory(words).contains("reverted as \(short)"), "\(words)")
        }
        #expect(try await world.factory("show", "1").contains(pr.reverted?.hex ?? "?"))
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
        let again = try await world.ask(World.program, ["revert", "1"])
        #expect(again.code == 1 && again.errors.contains("was reverted before"), "\(again.errors)")
        // What is on the main branch now was tested, so the next run probes nothing.
        let (path, text) = Play.spec(3)
        try world.place(text, at: path)
        try await world.factory("submit", path)
        try await world.expectLanding()
        #expect(try await world.probes().count == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `what conflicts, and what the checks need, stays`() async throws {
        let world = try await landed(
            ["2-implementer": "echo more >> lib/1.txt; echo two > lib/2.txt; finish"],
            [Play.spec(1), Play.spec(2, "depends-on: [1]")])
        let main = try await world.git("rev-parse", "main", in: world.hub)
        let conflict = try await world.ask(World.program, ["revert", "1"])
        #expect(conflict.code == 1 && conflict.errors.contains("lib/1.txt"), "\(conflict.errors)")
        try world.rewrite("check", "[ -e lib/2.txt ] || { echo two is needed; exit 1; }")
        let red = try await world.ask(World.program, ["revert", "2"])
        #expect(red.code == 1 && red.errors.contains("two is needed"), "\(red.errors)")
        #expect(try await world.git("rev-parse", "main", in: world.hub) == main)
        #expect(try await world.pr(2).revert == nil)
        let early = try await world.ask(World.program, ["revert", "7"])
        #expect(early.code == 1)
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `what depends on it is told, and waits`() async throws {
        let world = try await landed()
        try await world.factory("revert", "1")
        let (path, text) = Play.spec(2, "depends-on: [1]")
        try world.place(text, at: path)
        try await world.factory("submit", path)
        let run = try await world.start()
        #expect(await run.code() == 8)
        #expect(try await world.why(2).contains("#1, which was reverted"))
        // What landed in earlier runs is not told again.
        #expect(run.output.contains("0 landed, 0 need you, 1 still open"), "\(run.output)")
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `whoever lets go on what was built on it is told`() async throws {
        let world = try await World.play(
            ["2-implementer": "mkdir -p .github; echo x > .github/x; implement; finish"],
            specs: [Play.spec(1), Play.spec(2, "depends-on: [1]")])
        #expect(try await world.run() == 3)
        try await world.factory("revert", "1")
        let said = try await world.factory("approve", "2", "--override", "protected-path")
        #expect(said.contains("note: it depends on #1, which was reverted as "), "\(said)")
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `those that had landed on top of it get a remark`() async throws {
        let world = try await landed([:], [Play.spec(1), Play.spec(2, "depends-on: [1]")])
        #expect(try await world.factory("revert", "1").contains("#2"))
        #expect(try await world.factory("show", "2").contains("#1, which this depends on, was reverted as"))
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
        await world.dismissAll()
    }

    /// A landing that was green and is red since: what it needs from outside is gone.
    @Test(.timeLimit(.minutes(1)))
    func `also while the line is stopped, and then the start finds the main branch green`() async throws {
        let world = try await landed()
        try world.rewrite("check", "[ ! -e lib/1.txt ] || exit 1")
        try await world.push("lib/other.txt", "hello\n", onto: "factory/main")
        let (path, text) = Play.spec(2)
        try world.place(text, at: path)
        try await world.factory("submit", path)
        #expect(try await world.run() == 3)
        #expect(try await world.standing().isMainRed)
        let said = try await world.factory("revert", "1")
        #expect(said.contains("factory start"), "\(said)")
        let probes = try await world.probes().count
        try await world.factory("start")
        #expect(try await world.probes().count == probes, "its certificate says that it is green")
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(2)))
    func `once, wherever it is killed`() async throws {
        let world = try await landed()
        try await world.save()
        let list = world.base.path + "/effects"
        let whole = try await world.start(["revert", "1"], ["FACTORY_EFFECTS": list])
        #expect(await whole.code() == 0)
        let effects = try #require(try Files.text(list)).split(separator: "\n").map(String.init)
        #expect(effects.contains { $0.hasSuffix("journal reverting") } && effects.contains { $0.hasSuffix(" main") })
        for effect in 1...effects.count {
            for byRun in [false, true] {
                try await world.restore()
                let killed = try await world.start(["revert", "1"], ["FACTORY_STOP_AFTER_EFFECT": "\(effect)"])
                #expect(await killed.code() == 137)
                if byRun { _ = try await world.run() }
                let again = try await world.ask(World.program, ["revert", "1"])
                #expect(again.code == 0 || again.errors.contains("was reverted before"), "\(effect): \(again.errors)")
                let reverts = try await world.git(
                    "log", "--format=%s", "--grep=^Factory-Reverts: 1$", "main", in: world.hub)
                #expect(reverts == "Revert \"Play 1\"", "\(effect)")
                let main = try await world.git("rev-parse", "main", in: world.hub)
                #expect(try await world.pr(1).reverted?.hex == main)
                #expect(try await world.ask(World.program, ["verify"]).code == 0, "\(effect)")
                await world.dismissAll()
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `verify finds a revert that is none`() async throws {
        let world = try await landed()
        try await world.git("pull", "-q", "factory", "main")
        try await world.git("commit", "-q", "--allow-empty", "-m", "Looks like one\n\nFactory-Reverts: 1")
        try await world.git("push", "-q", "factory", "main")
        let audit = try await world.ask(World.program, ["verify"])
        #expect(audit.code == 1 && audit.output.contains("says it reverts #1, whose journal does not"))
    }
}

extension World {
    /// A person takes the hub's main branch, writes a file on it and pushes it.
    func push(_ path: String, _ text: String, onto branch: String) async throws {
        try await git("pull", "-q", "factory", "main")
        try await push(path, text)
    }
}
