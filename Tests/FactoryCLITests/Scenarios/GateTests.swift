import FactoryCore
import Testing

/// A change that a guard of landing objects to.
struct Objection: Sendable, CustomTestStringConvertible {
    let rule: String
    let act: String
    let words: String
    /// Where it is objected to; the main branch's tests have run beside the change's own by then.
    var stage = Stage.merge
    var runs = 1
    var testDescription: String { rule }
}

@Suite(.serialized) struct `Gates before landing` {
    private static let tests = "def test_sum():\n    assert 1 + 1 == 2\n\n\ndef test_more():\n    assert 2 > 1\n"

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Objection(
                rule: "deleted-test", act: "sed -i 5,6d tests/test_it.py", words: "test_more",
                stage: .implementationCI, runs: 2),
            Objection(
                rule: "skipped-test", act: "sed -i '5i @pytest.mark.skip' tests/test_it.py", words: "tests/test_it.py",
                runs: 2),
            Objection(rule: "diff-size", act: "seq 50 > lib/numbers.txt", words: "the limit is 40"),
            Objection(rule: "binary-file", act: "printf 'a\\0b' > lib/a.bin", words: "lib/a.bin"),
            Objection(
                rule: "conflict-marker", act: "printf '<<<<<<< a\\n=======\\n>>>>>>> b\\n' > notes.txt",
                words: "notes.txt"),
        ])
    func `what a guard objects to is parked, and lands when a person overrules it`(objection: Objection) async throws {
        let world = try await World.play(
            ["implementer": "\(objection.act); implement; finish"], files: ["tests/test_it.py": Self.tests],
            configuration: "limits: { diff-lines: 40 }")
        let reason = try await world.expectParking()
        #expect(reason.rule == objection.rule)
        #expect(reason.stage == objection.stage)
        let why = try await world.why()
        #expect(why.contains(objection.words), "\(why)")
        #expect(why.contains("factory approve 1 --override \(objection.rule)"), "\(why)")
        #expect(try await world.end().landed == [])
        try await world.factory("approve", "1", "--override", objection.rule)
        try await world.expectLanding()
        #expect(try world.starts().count == 4)
        #expect(try await world.checkRuns() == objection.runs)
    }

    @Test(.timeLimit(.minutes(1)))
    func `with a gate nothing lands before a person has approved exactly this head`() async throws {
        let world = try await World.play(configuration: "autonomy: gate")
        let reason = try await world.expectParking()
        #expect(reason.kind == .approval)
        #expect(try await world.end().landed == [])
        let head = try await world.pr(1).head.hex
        let stale = try await world.git("rev-parse", "main", in: world.hub)
        #expect(try await world.ask(World.program, ["approve", "1", "--head", stale]).code == 6)
        #expect(try await world.pr(1).state == .needsAttention)
        try await world.factory("approve", "1", "--head", String(head.prefix(10)))
        try await world.expectLanding()
        #expect(try world.starts().count == 4)
        #expect(try await world.checkRuns() == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an approval does not hold for what is pushed after it`() async throws {
        let world = try await World.play(configuration: "autonomy: gate")
        try await world.expectParking()
        let seen = try await world.pr(1).head.hex
        try await world.factory("approve", "1", "--head", seen)
        try await world.git("fetch", "-q", "factory")
        try await world.git("checkout", "-q", "-b", "edit", "factory/\(Play.branch(1))")
        try world.place("changed by hand\n", at: "lib/1.txt")
        try await world.git("commit", "-q", "-a", "-m", "By hand")
        try await world.git("push", "-q", "factory", "HEAD:\(Play.branch(1))")
        #expect(try await world.expectParking().kind == .approval)
        #expect(try await world.end().landed == [])
        #expect(try await world.ask(World.program, ["approve", "1", "--head", seen]).code == 6)
        #expect(try world.starts().suffix(2) == ["1 code-reviewer 1", "1 code-reviewer 2"])
        try await world.factory("approve", "1")
        try await world.expectLanding()
        #expect(try await world.onMain("lib/1.txt") == "changed by hand\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a floor spec changes the floor, and lands only after a person's approval`() async throws {
        let world = try await World.play(
            ["implementer": "echo '# gentle' >> .factory/config.yml; finish"], specs: [Play.spec(1, "kind: floor")])
        #expect(try await world.expectParking().kind == .approval)
        try await world.factory("approve", "1")
        try await world.expectLanding()
        #expect(try await world.onMain(".factory/config.yml")?.hasSuffix("# gentle\n") == true)
        #expect(try world.starts().count == 4)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("echo 'concurrencie: 2' >> .factory/config.yml", "concurrencie"),
            ("echo 'Read {{the_stars}}.' >> .factory/roles/planner.md", "the_stars"),
            ("rm .factory/config.yml", "there is no .factory/config.yml"),
            ("sed -i s/agent.sh/agnet.sh/ .factory/config.yml", "tools/agnet.sh"),
            ("sed -i '/^checks:/,/run:/d' .factory/config.yml", "no check"),
        ])
    func `a floor with which the line could not go on is red, and goes back with the reason`(
        _ harm: String, _ reason: String
    ) async throws {
        let world = try await World.play(
            [
                "implementer-1": "cp -r .factory \"$TORTURE/before\"; \(harm); finish",
                "implementer-2": "cp -r \"$TORTURE/before/.\" .factory; echo '# gentle' >> .factory/config.yml; finish",
            ], specs: [Play.spec(1, "kind: floor")])
        #expect(try await world.expectParking().kind == .approval)
        let prompt = try world.prompt(.implementation, 2)
        #expect(prompt.contains("the line could not go on") && prompt.contains(reason), "\(prompt)")
        #expect(try await world.factory("show", "1").contains("red"))
        try await world.factory("approve", "1")
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a floor spec that changes anything else is parked`() async throws {
        let world = try await World.play(
            ["implementer": "echo '# gentle' >> .factory/config.yml; implement; finish"],
            specs: [Play.spec(1, "kind: floor")])
        let reason = try await world.expectParking()
        #expect(reason.rule == "floor-only")
        #expect(reason.evidence.map(\.path?.description) == ["lib/1.txt"])
    }
}
