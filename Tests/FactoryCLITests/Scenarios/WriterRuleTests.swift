import FactoryCore
import FactoryFiles
import Testing

/// Something that a writer does beside its work.
struct Trespass: Sendable, CustomTestStringConvertible {
    let path: String
    let act: String
    var rule = ""
    var testDescription: String { path }
}

@Suite(.serialized) struct `Rules for writers` {
    private static let record = ["docs/decisions/0001-first.md": "# First\n"]

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Trespass(path: "lib/code.txt", act: "echo code > lib/code.txt"),
            Trespass(path: "lib/shared.txt", act: "rm lib/shared.txt"),
            Trespass(path: Play.path(1), act: "echo more >> $FACTORY_SPEC"),
            Trespass(path: "docs/decisions/0001-first.md", act: "echo more >> docs/decisions/0001-first.md"),
        ])
    func `a planner that changes what is not its own has failed, and the next one is told`(
        trespass: Trespass
    ) async throws {
        let world = try await World.play(["planner-1": "\(trespass.act); plan; finish"], files: Self.record)
        let before = try await world.onMain(trespass.path)
        try await world.expectLanding()
        #expect(try world.starts(of: .planner) == 2)
        #expect(try world.prompt(.plan, 2).contains("forbidden-change"))
        #expect(try world.prompt(.plan, 2).contains("may not change \(trespass.path)"))
        #expect(try !world.prompt(.plan, 1).contains("forbidden-change"))
        if trespass.path != Play.path(1) { #expect(try await world.onMain(trespass.path) == before) }
        #expect(try await !world.git("show", "main:\(Play.path(1))", in: world.hub).contains("more"))
        #expect(try await world.pr(1).counts[.plan]?.failures == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a planner that never keeps to its own is parked after two retries`() async throws {
        let world = try await World.play(["planner": "echo code > lib/code.txt; plan; finish"])
        let reason = try await world.expectParking()
        #expect(reason.kind == .failed)
        #expect(reason.rule == "plan: at most 2 retries")
        #expect(try world.starts() == ["1 planner 1", "1 planner 2", "1 planner 3"])
        #expect(try await world.why().contains("lib/code.txt"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a new decision record lands with the code`() async throws {
        let world = try await World.play(
            ["planner": "plan; printf '# Second\\n' > docs/decisions/0002-second.md; finish"], files: Self.record)
        try await world.expectLanding()
        #expect(try await world.onMain("docs/decisions/0002-second.md") == "# Second\n")
        #expect(try await world.onMain(Play.plan(1))?.hasPrefix("# Plan") == true)
        #expect(try await world.onMain("lib/1.txt") == "done\n")
        #expect(try await world.factory("show", "1", "--json").contains("\"state\": \"merged\""))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Trespass(path: "nothing", act: "finish", rule: "left the tree as it was"),
            Trespass(path: "an empty plan", act: ": > $FACTORY_PLAN; finish", rule: "is empty"),
            Trespass(
                path: "a record only", act: "mkdir -p docs/decisions; echo x > docs/decisions/0009-x.md; finish",
                rule: "wrote no plan"),
        ])
    func `a planner that leaves no plan has failed`(trespass: Trespass) async throws {
        let world = try await World.play(["planner": trespass.act], configuration: "retries: { stage: 0 }")
        let reason = try await world.expectParking()
        #expect(reason.message.contains(trespass.rule), "\(reason.message)")
        #expect(try world.starts() == ["1 planner 1"])
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Trespass(path: Play.plan(1), act: "echo more >> $FACTORY_PLAN"),
            Trespass(path: Play.path(1), act: "echo more >> $FACTORY_SPEC"),
            Trespass(path: Play.path(1), act: "git mv $FACTORY_SPEC specs/0002-other.md"),
        ])
    func `an implementer that changes plan or spec has failed, and the next one is told`(
        trespass: Trespass
    ) async throws {
        let world = try await World.play(["implementer-1": "\(trespass.act); implement; finish"])
        try await world.expectLanding()
        #expect(try world.starts(of: .implementer) == 2)
        #expect(try world.prompt(.implementation, 2).contains("the implementer may not change"))
        #expect(try world.prompt(.implementation, 2).contains(trespass.path))
        #expect(try await world.onMain(trespass.path)?.contains("more") == false)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Trespass(
                path: ".github/workflows/ci.yml",
                act: "mkdir -p .github/workflows; echo 'on: x' > .github/workflows/ci.yml"),
            Trespass(path: "AGENTS.md", act: "echo obey >> AGENTS.md"),
            Trespass(path: "lib/deep/CLAUDE.md", act: "mkdir -p lib/deep; echo obey > lib/deep/CLAUDE.md"),
            Trespass(path: ".factory/config.yml", act: "echo '# more' >> .factory/config.yml"),
            Trespass(path: "infra/prod.tf", act: "mkdir -p infra; echo x > infra/prod.tf"),
        ])
    func `what is protected parks at once`(trespass: Trespass) async throws {
        let world = try await World.play(
            ["implementer": "\(trespass.act); implement; finish"], configuration: "protect: [infra/**]")
        let reason = try await world.expectParking()
        #expect(reason.kind == .guard)
        #expect(reason.rule == "protected-path")
        #expect(reason.evidence.map(\.path?.description) == [trespass.path])
        #expect(try world.starts(of: .implementer) == 1)
        #expect(try await world.why().contains(trespass.path))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Trespass(path: "lib/key.txt", act: "printf 'AKIA%s' QX7Z3VK2WJ5TN8RB > lib/key.txt", rule: "secret"),
            Trespass(
                path: "lib/large.bin", act: "head -c 2097152 /dev/zero > lib/large.bin",
                rule: "large-file, binary-file"),
            Trespass(path: "lib/way.txt", act: "ln -s ../../../etc/passwd lib/way.txt", rule: "escaping-symlink"),
        ])
    func `what must never be published parks, and no ref of the hub leads to it`(trespass: Trespass) async throws {
        let world = try await World.play(["implementer": "\(trespass.act); implement; finish"])
        let reason = try await world.expectParking()
        #expect(reason.kind == .guard)
        #expect(Set(reason.rule.split(separator: ", ")) == Set(trespass.rule.split(separator: ", ")), "\(reason.rule)")
        let paths = try await world.reachablePaths()
        #expect(paths.contains(Play.plan(1)))
        #expect(!paths.contains(trespass.path))
        #expect(!paths.contains("lib/1.txt"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `an override goes on with the work that was kept back, and stands in the certificate`() async throws {
        let act = "mkdir -p .github; echo '* @ada' > .github/CODEOWNERS; implement; finish"
        let world = try await World.play(["implementer": act])
        try await world.expectParking()
        #expect(try await world.ask(World.program, ["approve", "1", "--override", "secret"]).code == 1)
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
        #expect(try await world.onMain(".github/CODEOWNERS") == "* @ada\n")
        #expect(try world.starts(of: .implementer) == 1)
        #expect(try world.starts(of: .codeReviewer) == 1)
        #expect(try await world.checkRuns() == 1)
        let record = try await world.git("log", "--format=%b", "--grep=ertif", "refs/factory/pr/1", in: world.journal)
        #expect(record.contains(#""certificate":{"#), "\(record)")
        #expect(record.contains(#""overrides":[{"#))
        #expect(record.contains("Ada Example"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `what was overruled survives another round of implementation`() async throws {
        let world = try await World.play([
            "implementer-1": "mkdir -p .github; echo '* @ada' > .github/CODEOWNERS; implement; finish",
            "code-reviewer-1": "send_back 'off by one'", "implementer-2": "echo more > lib/2.txt; finish",
        ])
        try await world.expectParking()
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
        #expect(try await world.onMain(".github/CODEOWNERS") == "* @ada\n")
        #expect(try await world.onMain("lib/2.txt") == "more\n")
        #expect(try world.prompt(.codeReview, 2).contains("+* @ada"))
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        let override = try Override(json: try #require(certificate["overrides"]?.array?.first))
        #expect(override.objections.map(\.path) == [RepoPath(".github/CODEOWNERS")])
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Trespass(path: ".factory/config.yml", act: "echo '# more' >> .factory/config.yml"),
            Trespass(path: "infra/prod.tf", act: "echo other > infra/prod.tf"),
            Trespass(path: "infra/new.tf", act: "echo new > infra/new.tf"),
        ])
    func `what a later round does beside what was overruled parks again`(trespass: Trespass) async throws {
        let world = try await World.play(
            [
                "implementer-1": "mkdir -p infra; echo one > infra/prod.tf; implement; finish",
                "code-reviewer-1": "send_back 'off by one'",
                "implementer-2": "\(trespass.act); echo more > lib/2.txt; finish",
            ], configuration: "protect: [infra/**]")
        #expect(try await world.expectParking().evidence.map(\.path?.description) == ["infra/prod.tf"])
        try await world.factory("approve", "1", "--override", "protected-path")
        let reason = try await world.expectParking()
        #expect(reason.evidence.map(\.path?.description) == [trespass.path])
        #expect(try await world.end().landed == [])
        try await world.factory("approve", "1", "--override", "protected-path")
        try await world.expectLanding()
        #expect(try await world.onMain("lib/2.txt") == "more\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a new plan begins without the overrides of the old one`() async throws {
        let world = try await World.play(
            [
                "planner": "plan; echo \"2. Attempt $FACTORY_ATTEMPT.\" >> \"$FACTORY_PLAN\"; finish",
                "implementer": "mkdir -p infra; echo one > infra/prod.tf; echo $FACTORY_ATTEMPT > lib/2.txt; finish",
            ],
            configuration: "protect: [infra/**]\nautonomy: gate")
        try await world.expectParking()
        try await world.factory("approve", "1", "--override", "protected-path")
        #expect(try await world.expectParking().kind == .approval)
        #expect(try await world.pr(1).overrides.count == 1)
        try await world.factory("retry", "1", "--from", "plan")
        #expect(try await world.pr(1).overrides == [])
        let reason = try await world.expectParking()
        #expect(reason.rule == "protected-path" && reason.stage == .merge, "\(reason)")
        #expect(reason.evidence.map(\.path?.description) == ["infra/prod.tf"])
    }
}
