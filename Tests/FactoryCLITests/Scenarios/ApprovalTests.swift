import FactoryCore
import Testing

/// What a person's approval of a landing is bound to, end to end.
@Suite(.serialized) struct `Approvals of landings` {
    private static let human = Play.spec(1).text.replacing(
        "- lib/1.txt is there.", with: "- lib/1.txt is there.\n- It reads well [human]")

    private func waiting(_ extra: String = "", specs: Int = 1) async throws -> World {
        let world = try await World.play(
            specs: (1...specs).map { Play.spec($0) }, configuration: "autonomy: gate\n\(extra)")
        #expect(try await world.run() == 3)
        for number in 1...specs { #expect(try await world.pr(number).reason?.kind == .approval) }
        return world
    }

    private func certificate(_ world: World, _ number: Int = 1) async throws -> String {
        try #require(try await world.pr(number).proposal?.certification.id.hex)
    }

    private func refused(_ world: World, _ words: String..., saying text: String) async throws {
        let before = try await world.story(1)
        let answer = try await world.ask(World.program, ["approve"] + words)
        #expect(answer.code == 6, "\(answer.output)\(answer.errors)")
        #expect(answer.errors.contains(text), "\(answer.errors)")
        #expect(try await world.story(1) == before, "nothing was written")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what waits is certified and shown, and lands as exactly that`() async throws {
        let world = try await waiting()
        let id = try await certificate(world)
        let why = try await world.why()
        for words in ["Would land", "certificate \(id.prefix(7))", "factory show 1 --certificate", "git fetch factory"]
        {
            #expect(why.contains(words), "\(words) is not in\n\(why)")
        }
        #expect(why.contains("factory approve 1 --certificate \(id.prefix(7))"))
        #expect(try await world.factory("show", "1", "--certificate").contains("waits for approval"))
        let wrong = try await world.ask(World.program, ["approve", "1", "--certificate", "0000000"])
        #expect(wrong.code == 6)
        let said = try await world.factory("approve", "1", "--certificate", String(id.prefix(8)))
        #expect(said.contains("bound to certificate \(id.prefix(7))"))
        try await world.expectLanding()
        let raw = try await world.factory("show", "1", "--certificate", "--json")
        let landed = try JSON(parsing: Array(raw.utf8))
        #expect(landed["approvals"]?.array?.first?["certificate"]?.string == id)
        #expect(landed["approvals"]?.array?.first?["by"]?.string == "Ada Example")
        #expect(try world.starts().count == 4)
        #expect(try await world.checkRuns() == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `nothing is approved once the head has moved`() async throws {
        let world = try await waiting()
        try await world.git("fetch", "-q", "factory")
        try await world.git("checkout", "-q", "-b", "edit", "factory/\(Play.branch(1))")
        try world.place("changed by hand\n", at: "lib/1.txt")
        try await world.git("commit", "-q", "-a", "-m", "By hand")
        try await world.git("push", "-q", "factory", "HEAD:\(Play.branch(1))")
        try await refused(world, "1", saying: "somebody pushed")
        #expect(try await world.why().contains("Moved since"))
        try await world.factory("retry", "1")
        #expect(try await world.expectParking().kind == .approval)
        try await world.factory("approve", "1")
        try await world.expectLanding()
        #expect(try await world.onMain("lib/1.txt") == "changed by hand\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `nothing is approved once the main branch has moved, and no agent is asked again`() async throws {
        let world = try await waiting()
        let shown = try await certificate(world)
        try world.place("another\n", at: "lib/other.txt")
        try await world.pushByHand("lib/other.txt")
        try await refused(world, "1", saying: "the main branch has moved")
        try await world.factory("retry", "1")
        #expect(try await world.expectParking().kind == .approval)
        #expect(try await certificate(world) != shown)
        try await refused(world, "1", "--certificate", shown, saying: "has changed meanwhile")
        try await world.factory("approve", "1")
        try await world.expectLanding()
        #expect(try world.starts().count == 4)
    }

    @Test(.timeLimit(.minutes(1)))
    func `nothing is approved once the floor has moved`() async throws {
        let world = try await waiting()
        try await world.configure("autonomy: gate\nlimits: { diff-lines: 1999 }")
        try await refused(world, "1", saying: "the floor is another one")
    }

    @Test(.timeLimit(.minutes(1)))
    func `nothing is approved once the spec was submitted again`() async throws {
        let world = try await waiting()
        let shown = try await certificate(world)
        try world.place(Play.spec(1, context: "Something else.").text, at: Play.path(1))
        try await world.factory("submit", Play.path(1))
        try await refused(world, "1", "--certificate", shown, saying: "waits for no approval")
    }

    @Test(.timeLimit(.minutes(1)))
    func `an approval is void when the main branch moves before it lands, and is asked again`() async throws {
        let world = try await waiting()
        try await world.factory("approve", "1")
        try world.place("another\n", at: "lib/other.txt")
        try await world.pushByHand("lib/other.txt")
        let reason = try await world.expectParking()
        #expect(reason.kind == .approval)
        #expect(reason.message.contains("Ada Example's approval of certificate"), "\(reason.message)")
        #expect(reason.message.contains("is void: the main branch has moved"), "\(reason.message)")
        #expect(try await world.end().landed == [])
        try await world.factory("approve", "1")
        try await world.expectLanding()
        #expect(try world.starts().count == 4)
        #expect(try await world.checkRuns() == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an approval of the change holds on a main branch that moved elsewhere, tested there`() async throws {
        let world = try await waiting("approval: change", specs: 2)
        let shown = try await certificate(world, 2)
        try await world.factory("approve", "1")
        try await world.factory("approve", "2", "--certificate", shown)
        try await world.expectLanding()
        #expect(try world.starts().count == 8)
        #expect(try await world.checkRuns() == 3)
        let raw = try await world.factory("show", "2", "--certificate", "--json")
        #expect(try JSON(parsing: Array(raw.utf8))["approvals"]?.array?.first?["certificate"]?.string == shown)
    }

    @Test(.timeLimit(.minutes(1)))
    func `of two people who approve at once one does, and the other is told`() async throws {
        let world = try await waiting()
        let id = try await certificate(world)
        async let first = world.ask(World.program, ["approve", "1", "--certificate", id])
        async let second = world.ask(World.program, ["approve", "1", "--certificate", id])
        let codes = try await [first.code, second.code].sorted()
        #expect(codes == [0, 6])
        #expect(try await world.story(1).filter { $0.contains("approved certificate") }.count == 1)
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `what only a person can judge is named where a person is asked`() async throws {
        let both =
            #"{"decision":"APPROVE","summary":"good","criteria":[{"id":"D1","met":true,"evidence":"seen"},{"id":"D2","met":"human","evidence":"read it"}]}"#
        let script = ["code-reviewer": "result '\(both)'", "plan-reviewer": "result '\(both)'"]
        let specs = [(Play.path(1), Self.human)]
        let gated = try await World.play(script, specs: specs, configuration: "autonomy: gate")
        #expect(try await gated.expectParking().message.contains("D2: It reads well"))
        #expect(try await gated.factory("approve", "1").contains("judged by you: D2: It reads well"))
        try await gated.expectLanding()
        let full = try await World.play(script, specs: specs)
        try await full.expectLanding()
        let report = try await full.factory("report")
        #expect(report.contains("TO BE JUDGED BY A PERSON") && report.contains("D2: It reads well"), "\(report)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a gate before merge asks for its paths alone`() async throws {
        let world = try await World.play(
            specs: [Play.spec(1), Play.spec(2)],
            configuration: "gates: [{ before: merge, paths: [\"lib/2.txt\"] }]")
        #expect(try await world.run() == 3)
        #expect(try await world.pr(1).state == .merged)
        #expect(try await world.pr(2).reason?.message.contains("lib/2.txt") == true)
        try await world.factory("approve", "2")
        try await world.expectLanding()
    }
}

@Suite(.serialized) struct `Gates before the implementation` {
    private static let gate = "gates: [{ before: implementation, kinds: [feature] }]"

    @Test(.timeLimit(.minutes(1)))
    func `a person reads the plan, and nobody implements before the approval`() async throws {
        let world = try await World.play(configuration: Self.gate)
        let reason = try await world.expectParking()
        #expect(reason.kind == .approval && reason.stage == .planReview)
        #expect(try world.starts() == ["1 planner 1", "1 plan-reviewer 1"])
        #expect(try await world.why().contains("factory show 1 --plan"))
        #expect(try await world.factory("show", "1", "--plan").contains("Write lib/1.txt"))
        let past = try await world.ask(World.program, ["retry", "1", "--from", "implementation"])
        #expect(past.code == 1 && past.errors.contains("approval of its plan"), "\(past.errors)")
        let plan = try #require(try await world.pr(1).approvedPlan?.plan.hex)
        #expect(try await world.ask(World.program, ["approve", "1", "--plan", "0000000"]).code == 6)
        #expect(try await world.factory("approve", "1", "--plan", plan).contains("bound to plan"))
        try await world.expectLanding()
        #expect(try world.starts().count == 4)
        let raw = try await world.factory("show", "1", "--certificate", "--json")
        #expect(try JSON(parsing: Array(raw.utf8))["approvals"]?.array?.first?["plan"]?["plan"]?.string == plan)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a plan that was changed is not approved`() async throws {
        let world = try await World.play(configuration: Self.gate)
        try await world.expectParking()
        try await world.git("fetch", "-q", "factory")
        try await world.git("checkout", "-q", "-b", "edit", "factory/\(Play.branch(1))")
        try world.place("# Another plan\n", at: Play.plan(1))
        try await world.git("commit", "-q", "-a", "-m", "By hand")
        try await world.git("push", "-q", "factory", "HEAD:\(Play.branch(1))")
        let answer = try await world.ask(World.program, ["approve", "1"])
        #expect(answer.code == 6 && answer.errors.contains("somebody pushed"), "\(answer.errors)")
        #expect(try await world.pr(1).state == .needsAttention)
    }

    @Test(.timeLimit(.minutes(1)))
    func `other kinds of specs go on by themselves`() async throws {
        let world = try await World.play(specs: [Play.spec(1, "kind: chore")], configuration: Self.gate)
        try await world.expectLanding()
    }
}

extension World {
    /// Commits a file of the clone on its main branch and pushes it.
    func pushByHand(_ path: String) async throws {
        try await git("fetch", "-q", "factory")
        try await git("checkout", "-q", "main")
        try await git("reset", "-q", "--soft", "factory/main")
        try await git("reset", "-q")
        try await git("add", path)
        try await git("commit", "-q", "-m", "By hand")
        try await git("push", "-q", "factory", "HEAD:main")
    }

    /// Puts another configuration on the main branch.
    func configure(_ extra: String) async throws {
        try place(Play.configuration(extra, checks: Play.checks, concurrency: 1), at: ".factory/config.yml")
        try await pushByHand(".factory/config.yml")
    }
}
