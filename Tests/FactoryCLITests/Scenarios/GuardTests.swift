import FactoryCore
import FactoryText
import Testing

@Suite(.serialized) struct `Guards by configuration, spec and person` {
    /// Adds a dependency to a manifest that is there.
    private static let adds = "echo requests==2 >> requirements.txt; implement; finish"
    private static let manifest = ["requirements.txt": "click==8\n"]

    /// What the certificate of the one PR says of a rule.
    private func verdicts(of rule: String, in world: World) async throws -> [GuardVerdict] {
        let certificate = try await world.factory("show", "1", "--certificate", "--json")
        return Certificate.guards(of: try JSON(parsing: certificate)).filter { $0.rule == rule }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a warning lands, and certificate, show, why and report name it`() async throws {
        let world = try await World.play(
            ["implementer": "printf 'def later():\\n    pass\\n' > lib/later.py; implement; finish"],
            configuration: "guards: { stub: warn }")
        try await world.expectLanding()
        let verdict = try #require(try await verdicts(of: "stub", in: world).first)
        #expect(verdict.verdict == .warned && verdict.level == .warn)
        #expect(verdict.objections.map(\.path) == [RepoPath("lib/later.py")])
        #expect(verdict.objections.map(\.line) == [2])
        #expect(try await world.pr(1).warnings == verdict.objections)
        for command in [
            ["report"], ["report", "--json"], ["report", "--format", "md"], ["show", "1"], ["why", "1"],
        ] {
            let said = try await world.factory(command)
            #expect(said.contains("lib/later.py") && said.contains("stub"), "\(command): \(said)")
        }
        let shown = try JSON(parsing: try await world.factory("show", "1", "--json"))
        #expect(shown["guards"]?.array?.count == Guards.rules.count)
        #expect(shown["warnings"]?.array?.first?["rule"]?.string == "stub")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a new dependency parks, and lands when a person overrules just that rule`() async throws {
        let world = try await World.play(["implementer": Self.adds], files: Self.manifest)
        let reason = try await world.expectParking()
        #expect(reason.rule == "new-dependency")
        #expect(reason.message == "requirements.txt takes on the dependency `requests` (requests==2)")
        #expect(try await world.pr(1).warnings.map(\.rule) == ["watched-path"])
        #expect(try await world.why().contains("Warned"))
        #expect(try await world.ask(World.program, ["approve", "1", "--override", "new-dependency,stub"]).code == 1)
        let head = try await world.pr(1).head
        try await world.factory("approve", "1", "--override", "new-dependency")
        try await world.expectLanding()
        let verdict = try #require(try await verdicts(of: "new-dependency", in: world).first)
        #expect(verdict.verdict == .overridden && verdict.objections.map(\.subject) == ["requests"])
        let certificate = try JSON(parsing: try await world.factory("show", "1", "--certificate", "--json"))
        #expect(certificate["v"]?.int == Certificate.version)
        let override = try #require(certificate["overrides"]?.array?.first)
        let read = try Override(json: override)
        #expect(read.rule == "new-dependency" && read.by == "Ada Example" && read.head == head)
        #expect(read.objections.map(\.subject) == ["requests"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `an override does not hold for what is pushed after it`() async throws {
        let world = try await World.play(["implementer": Self.adds], files: Self.manifest)
        try await world.expectParking()
        try await world.factory("approve", "1", "--override", "new-dependency")
        try await world.git("fetch", "-q", "factory")
        try await world.git("checkout", "-q", "-b", "edit", "factory/\(Play.branch(1))")
        try world.place("click==8\nrequests==2\nflask==3\n", at: "requirements.txt")
        try await world.git("commit", "-q", "-a", "-m", "By hand")
        try await world.git("push", "-q", "factory", "HEAD:\(Play.branch(1))")
        let reason = try await world.expectParking()
        #expect(reason.evidence.map(\.subject) == ["flask", "requests"])
        #expect(try await world.end().landed == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `what the approved spec allows lands, and its certificate names the entry`() async throws {
        let world = try await World.play(
            ["implementer": Self.adds], specs: [Play.spec(1, "allows: [new-dependency:requests]")],
            files: Self.manifest)
        try await world.expectLanding()
        let verdict = try #require(try await verdicts(of: "new-dependency", in: world).first)
        #expect(verdict.verdict == .allowed && verdict.allowedBy == ["new-dependency:requests"])
        #expect(try await world.factory("show", "1").contains("by new-dependency:requests"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `what the spec allows is that and no more`() async throws {
        let world = try await World.play(
            ["implementer": "echo flask==3 >> requirements.txt; \(Self.adds)"],
            specs: [Play.spec(1, "allows: [new-dependency:requests]")], files: Self.manifest)
        let reason = try await world.expectParking()
        #expect(reason.evidence.map(\.subject) == ["flask"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spec may allow what judges when the work is taken from the lane`() async throws {
        let world = try await World.play(
            ["implementer": "seq 500 > lib/large.txt; implement; finish"],
            specs: [Play.spec(1, "allows: [large-file:lib/large.txt]")],
            configuration: "guards: { large-file: { bytes: 1K } }")
        try await world.expectLanding()
        let strict = try await World.play(
            ["implementer": "seq 500 > lib/large.txt; implement; finish"],
            configuration: "guards: { large-file: { bytes: 1K } }")
        let reason = try await strict.expectParking()
        #expect(reason.rule == "large-file" && reason.stage == .implementation)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a rule that is off is not asked, and the certificate says so`() async throws {
        let world = try await World.play(
            ["implementer": Self.adds], files: Self.manifest,
            configuration: "guards: { new-dependency: off, watched-path: off }")
        try await world.expectLanding()
        #expect(
            try await verdicts(of: "new-dependency", in: world)
                == [GuardVerdict(rule: "new-dependency", level: .off, verdict: .off)])
        #expect(try await world.pr(1).warnings == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `the check's own script parks when an implementer changes it`() async throws {
        let world = try await World.play(["implementer": "echo 'exit 0' > tools/check.sh; implement; finish"])
        let reason = try await world.expectParking()
        #expect(reason.rule == "weakened-configuration")
        #expect(reason.message == "tools/check.sh: what the check test runs changes")
    }

    @Test(.timeLimit(.minutes(1)))
    func `guards lists what is in force and where it comes from`() async throws {
        let world = try await World.play(specs: [], configuration: "guards: { stub: warn, large-file: { bytes: 64K } }")
        let text = try await world.factory("guards")
        #expect(text.split(separator: "\n").count == Guards.rules.count, "\(text)")
        #expect(text.contains(/(?m)^warn  stub +configuration  added product code/), "\(text)")
        #expect(text.contains(/(?m)^park  secret +fixed/) && text.contains(/(?m)^warn  watched-path +default/))
        let rows = try JSON(parsing: try await world.factory("guards", "--json"))["guards"]?.array ?? []
        let stub = rows.first { $0["rule"]?.string == "stub" }
        #expect(stub?["level"]?.string == "warn" && stub?["default"]?.string == "park")
    }

    @Test(.timeLimit(.minutes(1)))
    func `spec check and submit refuse what no spec may allow`() async throws {
        let world = try await World.play(specs: [])
        for (entry, words) in [("stubb", "did you mean \"stub\"?"), ("secret", "no spec may allow")] {
            let spec = Play.spec(1, "allows: [\(entry)]")
            try world.place(spec.text, at: spec.path)
            for command in [["spec", "check", spec.path], ["submit", spec.path]] {
                let answer = try await world.ask(World.program, command)
                #expect(answer.code == 1 && (answer.output + answer.errors).contains(words), "\(command) \(answer)")
            }
        }
    }
}
