import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// Acceptance checks that nobody sees who works on the spec.
@Suite(.serialized) struct Holdouts {
    private static let marker = "marzipan-7431"
    private static let accept = "echo \(marker)\ntest \"$(cat lib/1.txt)\" = good\n"

    /// Gives spec 1 a holdout that wants `good` in its file.
    private func give(_ world: World, _ words: String...) async throws {
        try Files.makeDirectory(world.base.path + "/private")
        let file = world.base.path + "/private/accept.sh"
        try Files.write(Self.accept, to: file)
        try await world.factory(
            ["holdout", "add", "1", "--run", "sh \"$FACTORY_HOLDOUT/accept.sh\"", "--file", file] + words)
    }

    /// What of the hub, the prompts and the journal the agents are served holds the marker.
    private func expectSilence(_ world: World, _ place: SourceLocation = #_sourceLocation) async throws {
        let sessions = world.home + "/sessions/1"
        for session in try Files.list(sessions) where !session.hasPrefix("merge") {
            let found = try await world.ask("grep", ["-rl", Self.marker, "\(sessions)/\(session)"])
            #expect(found.output == "", sourceLocation: place)
        }
        let story = try await world.git("log", "-p", "refs/factory/pr/1", in: world.journal)
        #expect(!story.contains(Self.marker) && !story.contains("accept.sh"), sourceLocation: place)
        #expect(try await !world.factory("why", "1", "--json").contains(Self.marker), sourceLocation: place)
        #expect(try await !world.factory("show", "1", "--json").contains(Self.marker), sourceLocation: place)
        let lanes = try await world.ask("grep", ["-rl", Self.marker, world.home + "/lanes"])
        #expect(lanes.output == "", sourceLocation: place)
        #expect(try Files.list(world.home + "/holdouts") == [], sourceLocation: place)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a holdout that fails twice sends back with its name alone, and the third time it lands`() async throws {
        let world = try await World.play([
            "implementer-1": "implement; finish", "implementer-2": "echo better > lib/1.txt; finish",
            "implementer-3": "echo good > lib/1.txt; finish",
        ])
        try await give(world)
        try await world.expectLanding()
        #expect(try world.starts(of: .implementer) == 3)
        for attempt in 2...3 {
            let prompt = try world.prompt(.implementation, attempt)
            #expect(prompt.contains("Holdout H1 failed."), "\(prompt)")
        }
        try await expectSilence(world)
        #expect(try world.left("holdouts/H1.log", in: "merge-1") == "\(Self.marker)\n")
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["holdouts"]?.array?.map { $0["id"]?.string } == ["H1"])
        #expect(certificate["holdouts"]?.array?.first?["passed"]?.bool == true)
        let shown = try await world.factory("show", "1", "--holdouts")
        #expect(shown.contains("H1") && shown.contains("passed") && shown.contains(Self.marker), "\(shown)")
        #expect(try await world.factory("logs", "1", "--stage", "merge").contains(Self.marker))
    }

    @Test(.timeLimit(.minutes(1)))
    func `when the bound is spent it parks and names the holdouts`() async throws {
        let world = try await World.play(configuration: "retries: { merge: 0 }")
        try await give(world)
        try await world.factory("holdout", "add", "1", "--run", "true")
        try await world.factory("holdout", "add", "1", "--run", "exit 3", "--timeout", "30s")
        let reason = try await world.expectParking()
        #expect(reason.rule == "merge: at most 0 returns")
        #expect(reason.message.contains("holdouts H1, H3 failed"))
        let why = try await world.why()
        #expect(why.contains("H1") && why.contains("H3") && !why.contains("H2"), "\(why)")
        try await expectSilence(world)
        let shown = try await world.factory("show", "1", "--holdouts", "--json")
        #expect(shown.contains("\"passed\"") && shown.contains("exit 3"), "\(shown)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a holdout can be given before the spec is submitted, while it is open, and not after it has landed`()
        async throws
    {
        let world = try await World.play(
            ["implementer": "echo good > lib/1.txt; finish"], specs: [], configuration: "autonomy: gate")
        try await give(world)
        let spec = Play.spec(1)
        try world.place(spec.text, at: spec.path)
        try await world.factory("submit", spec.path)
        #expect(try await world.expectParking().kind == .approval)
        #expect(try await world.pr(1).tested?.holdouts.map(\.id) == ["H1"])
        try await world.factory(["holdout", "add", "1", "--run", "echo x >> \"\(world.control)/second\""])
        try await world.factory("approve", "1")
        try await world.expectLanding()
        #expect(try world.noted("second") == "x\n")
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["holdouts"]?.array?.map { $0["id"]?.string } == ["H1", "H2"])
        let late = try await world.ask(World.program, ["holdout", "add", "1", "--run", "true"])
        #expect(late.code == 1 && late.errors.contains("has landed"), "\(late.errors)")
        #expect(try await world.ask(World.program, ["holdout", "remove", "1", "H1"]).code == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `what passed on this tree is not run again after an approval`() async throws {
        let world = try await World.play(configuration: "autonomy: gate")
        try await world.factory(["holdout", "add", "1", "--run", "echo x >> \"\(world.control)/runs\""])
        #expect(try await world.expectParking().kind == .approval)
        try await world.factory("approve", "1")
        try await world.expectLanding()
        #expect(try world.noted("runs") == "x\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a holdout that is removed does not count, and its number is not given again`() async throws {
        let world = try await World.play()
        try await give(world)
        try await world.factory("holdout", "remove", "1", "h1")
        let added = try await world.factory("holdout", "add", "1", "--run", "true", "--json")
        #expect(added.contains("\"H2\""), "\(added)")
        #expect(try await world.factory("holdout", "list").split(separator: "\n").count == 1)
        let unknown = try await world.ask(World.program, ["holdout", "remove", "1", "H1"])
        #expect(unknown.code == 1 && unknown.errors.contains("there is H2"), "\(unknown.errors)")
        try await world.expectLanding()
        let story = try await world.factory("show", "1")
        for what in ["H1 was added", "H1 was removed", "H2 was added"] {
            #expect(story.contains("holdout \(what) by Ada Example"), "\(story)")
        }
        // It is for people: that there is something hidden is not the agents' to know.
        #expect(try !world.prompt(.implementation, 1).contains("holdout"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `one that is given while the others run makes the landing start again`() async throws {
        let world = try await World.play()
        let late = "'\(World.program)' holdout add 1 --run 'echo x >> \"\(world.control)/late\"'"
        try await world.factory([
            "holdout", "add", "1", "--run",
            "[ -e \(world.control)/given ] || { touch \(world.control)/given; cd \(world.app) && \(late); }",
        ])
        try await world.expectLanding()
        #expect(try world.noted("late") == "x\n")
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["holdouts"]?.array?.count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `verify finds a landing whose holdouts were changed behind its back`() async throws {
        let world = try await World.play()
        try await world.factory("holdout", "add", "1", "--run", "true")
        try await world.expectLanding()
        let old = try await world.git("rev-parse", "refs/factory/holdout/1", in: world.journal)
        let tree = try await world.git("rev-parse", "refs/factory/holdout/1^{tree}", in: world.journal)
        let other = try await world.git(
            "-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", "-p", old, "-m", "x", tree, in: world.journal)
        try await world.git("update-ref", "refs/factory/holdout/1", other, in: world.journal)
        let audit = try await world.ask(World.program, ["verify"])
        #expect(audit.code == 1 && audit.output.contains("other holdouts were in force"), "\(audit.output)")
    }

    @Test(.timeLimit(.minutes(2)))
    func `after a kill in a holdout nothing of it is left, and it runs again`() async throws {
        let world = try await World.play(
            ["implementer": "echo good > lib/1.txt; finish"], files: [".gitignore": "cache/\n"],
            configuration: "keep: [cache]")
        try await give(world)
        try await world.factory([
            "holdout", "add", "1", "--run",
            "mkdir -p cache; cp $0 cache/x 2>/dev/null; echo \(Self.marker) > cache/left; echo \(Self.marker) > left; "
                + "[ -e \(world.control)/again ] || { touch \(world.control)/again; echo $$ > \(world.control)/new; "
                + "mv \(world.control)/new \(world.control)/at-holdout; exec sleep 1000; }",
        ])
        let line = try await world.start()
        _ = try await world.arrival("holdout")
        line.signal(SIGKILL)
        #expect(await line.code() == 137)
        try await world.expectLanding()
        #expect(try await world.pr(1).counts[.merge]?.interruptions == 1)
        try await expectSilence(world)
        #expect(world.strays() == [])
    }

    @Test(arguments: [
        (["holdout", "add", "1"], "needs a command"), (["holdout", "add", "1", "--run", "x", "--timeout", "9"], ""),
        (["holdout", "add", "1", "--run", "x", "--timeout", "soon"], "is no time"),
        (["holdout", "add", "1", "--run", "x", "--file", "nowhere.sh"], "there is no file"),
        (["holdout", "add", "--run", "x"], "which one"), (["holdout", "remove", "1"], "takes a number"),
        (["holdout"], "holdout what?"),
    ])
    func `a command that cannot be understood says why`(_ words: [String], _ why: String) async throws {
        let world = try await World.play()
        let answer = try await world.ask(World.program, words)
        #expect((answer.code == 0) == why.isEmpty && answer.errors.contains(why), "\(answer.errors)")
    }
}
