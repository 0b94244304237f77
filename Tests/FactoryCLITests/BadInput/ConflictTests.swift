import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Conflicts that no agent may resolve` {
    /// A person's branch and the main branch change the same file.
    private static func world(
        _ path: String, _ script: [String: String] = [:], configuration: String = ""
    ) async throws -> World {
        let world = try await World.play(
            script, specs: [], files: ["infra/prod.tf": "one\n", ".claude/settings.json": "one\n"],
            configuration: configuration)
        try await world.git("checkout", "-q", "-b", Play.branch(1))
        let spec = Play.spec(1)
        try world.place(spec.text, at: spec.path)
        try world.place("the branch's\n", at: path)
        try await world.git("add", "-A")
        try await world.git("commit", "-q", "-m", "A spec, and more")
        try await world.git("push", "-q", "factory", Play.branch(1))
        try await world.git("checkout", "-q", "main")
        try world.place("main's\n", at: path)
        try await world.git("commit", "-q", "-a", "-m", "A person's change")
        try await world.git("push", "-q", "factory", "main")
        return world
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["AGENTS.md", ".claude/settings.json", "infra/prod.tf"])
    func `in a protected file it parks before any session, and a person's join goes on`(path: String) async throws {
        let world = try await Self.world(path, configuration: "protect: [infra/**]")
        let reason = try await world.expectParking()
        #expect(reason.rule == "protected-path")
        #expect(try world.starts() == [])
        let why = try await world.why()
        #expect(
            why.contains("and it conflicts with the main branch: join the two on the branch \(Play.branch(1))"),
            "\(why)")
        try await world.git("checkout", "-q", Play.branch(1))
        _ = try await world.ask("git", ["merge", "-q", "main"])
        try world.place("main's\n", at: path)
        try await world.git("commit", "-q", "-a", "-m", "Join")
        try await world.git("push", "-q", "factory", "HEAD:\(Play.branch(1))")
        try await world.factory("retry", "1")
        try await world.expectLanding()
        #expect(try await world.onMain(path) == "main's\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `once a person has overruled the rule the agent sees the conflict and resolves it`() async throws {
        let act = #"cp AGENTS.md "$TORTURE/marked"; echo both > AGENTS.md; implement; finish"#
        let world = try await Self.world("AGENTS.md", ["implementer": act])
        #expect(try await world.expectParking().rule == "protected-path")
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
        let marked = try world.noted("marked")
        #expect(marked.contains("the branch's") && marked.contains("main's") && marked.contains("<<<<<<<"), "\(marked)")
        #expect(try await world.onMain("AGENTS.md") == "both\n")
        #expect(try world.starts(of: .implementer) == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `one in the code that is there before the plan is left to the implementer, who is told`() async throws {
        let world = try await Self.world(
            "lib/shared.txt",
            [
                "planner": "cp lib/shared.txt \"$TORTURE/planner\"; plan; finish",
                "implementer": "cp lib/shared.txt \"$TORTURE/marked\"; echo both > lib/shared.txt; implement; finish",
            ])
        try await world.expectLanding()
        #expect(try world.noted("planner") == "the branch's\n")
        #expect(try world.noted("marked").contains("<<<<<<<"))
        #expect(try world.prompt(.implementation).contains("lib/shared.txt"))
        #expect(try await world.onMain("lib/shared.txt") == "both\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what was overruled before it conflicted needs no second word`() async throws {
        let act = """
            if grep -q '^<<<<<<<' infra/prod.tf; then cp infra/prod.tf "$TORTURE/marked"; fi
            echo both > infra/prod.tf; implement; finish
            """
        let world = try await World.play(
            ["implementer": act, "code-reviewer-1": "person_pushes infra/prod.tf theirs; approve"],
            files: ["infra/prod.tf": "one\n"], configuration: "protect: [infra/**]")
        #expect(try await world.expectParking().stage == .implementation)
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
        let marked = try world.noted("marked")
        #expect(marked.contains("theirs") && marked.contains("both"), "\(marked)")
        #expect(try await world.onMain("infra/prod.tf") == "both\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what was overruled and is resolved to something else is asked again, and lands`() async throws {
        let act = """
            if grep -q '^<<<<<<<' infra/prod.tf; then echo joined > infra/prod.tf; else echo mine > infra/prod.tf; fi
            implement; finish
            """
        let world = try await World.play(
            ["implementer": act, "code-reviewer-1": "person_pushes infra/prod.tf theirs; approve"],
            files: ["infra/prod.tf": "one\n"], configuration: "protect: [infra/**]")
        try await world.expectParking()
        try await world.factory("approve", "1", "--override", "protected-path")
        let reason = try await world.expectParking()
        #expect(reason.rule == "protected-path" && reason.stage == .implementation)
        #expect(try world.starts(of: .implementer) == 2)
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
        #expect(try await world.onMain("infra/prod.tf") == "joined\n")
        #expect(try world.starts(of: .implementer) == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `in the spec itself it parks before any session`() async throws {
        let world = try await World.play()
        try world.place(Play.spec(1, context: "Another one.").text, at: Play.path(1))
        try await world.git("add", "specs")
        try await world.git("commit", "-q", "-m", "The spec, otherwise")
        try await world.git("push", "-q", "factory", "main")
        let reason = try await world.expectParking()
        #expect(reason.rule == "approved-text")
        #expect(try world.starts() == [])
        #expect(
            try await world.why().contains("\(Play.path(1)) is no agent's to change, and it conflicts with the main"))
        try await world.factory("submit", Play.path(1))
        try await world.expectLanding()
        #expect(try await world.onMain(Play.path(1))?.contains("Another one.") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func `joined work that a guard kept back stands on what it was joined with`() async throws {
        let world = try await World.play([
            "implementer-1": "sed -i s/one/mine/ lib/shared.txt; finish",
            "code-reviewer-1": "person_pushes lib/shared.txt theirs; person_pushes lib/other.txt wrong; approve",
            "implementer-2": "echo both > lib/shared.txt; mkdir -p .github; echo x > .github/x; finish",
        ])
        #expect(try await world.expectParking().rule == "protected-path")
        // What the main branch has taken back meanwhile does not come again with it.
        try await world.git("rm", "-q", "lib/other.txt")
        try await world.git("commit", "-q", "-m", "Take it back")
        try await world.git("push", "-q", "factory", "main")
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
        #expect(try await world.onMain("lib/shared.txt") == "both\n")
        #expect(try await world.onMain("lib/other.txt") == nil)
        #expect(try world.starts(of: .implementer) == 2)
    }
}
