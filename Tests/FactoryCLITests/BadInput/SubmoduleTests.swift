import FactoryCore
import Testing

@Suite(.serialized) struct `Submodules` {
    /// Commits a submodule of that path in the clone.
    private static func add(_ path: String, to world: World) async throws {
        try await world.shell(
            """
            git init -q ../other; cd ../other; git config user.name A; git config user.email a@example.invalid
            echo x > x; git add x; git commit -q -m x; cd ../app
            git -c protocol.file.allow=always submodule --quiet add "file://$PWD/../other" \(path)
            git commit -q -m 'Add a submodule'
            """)
    }

    @Test(.timeLimit(.minutes(1)))
    func `init, run and doctor say where one is, and work goes on around it`() async throws {
        let world = try await World.play(specs: [])
        try await Self.add("vendor/other", to: world)
        try await world.git("push", "-q", "factory", "main")
        try await world.submitPlay()
        let pin = try await world.git("rev-parse", "main:vendor/other", in: world.hub)
        let words = "submodules are not supported: agents and checks find an empty directory at vendor/other"
        let line = try await world.start()
        #expect(await line.code() == 0, "\(line.errors)")
        #expect(line.errors.contains("note: \(words)"), "\(line.errors)")
        #expect(try await world.factory("doctor").contains("WARN  \(words)"))
        #expect(try await world.onMain("lib/1.txt") == "done\n")
        #expect(try await world.git("rev-parse", "main:vendor/other", in: world.hub) == pin)
        await world.dismissAll()
        let answer = try await world.ask(World.program, ["init", "--at", world.scratch + "/second"])
        #expect(answer.code == 1 && answer.errors.contains("has a factory at"))
        try await world.git("remote", "remove", "factory")
        let again = try await world.ask(World.program, ["init", "--at", world.scratch + "/second"])
        #expect(again.code == 0 && again.errors.contains("note: \(words)"), "\(again.errors)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `one that a branch brings is parked, and says why`() async throws {
        let world = try await World.play(specs: [])
        try await world.git("checkout", "-q", "-b", Play.branch(1))
        let spec = Play.spec(1)
        try world.place(spec.text, at: spec.path)
        try await world.git("add", "specs")
        try await Self.add("lib/other", to: world)
        try await world.git("push", "-q", "factory", Play.branch(1))
        let reason = try await world.expectParking()
        #expect(reason.rule.contains("unsupported-content"))
        #expect(try await world.why().contains("lib/other is a submodule, which no lane can show"))
        #expect(try await world.end().landed == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `an agent that fills one is parked, and its other work is saved`() async throws {
        let world = try await World.play(["implementer": "echo x > vendor/other/x; implement; finish"], specs: [])
        try await Self.add("vendor/other", to: world)
        try await world.git("push", "-q", "factory", "main")
        try await world.submitPlay()
        #expect(try await world.expectParking().rule == "unsupported-content")
        #expect(try await world.why().contains("vendor/other is a submodule, which must stay as it is"))
        #expect(try await world.saved("lib/1.txt") == "done\n")
        #expect(try await world.saved("vendor/other/x") == nil)
    }
}
