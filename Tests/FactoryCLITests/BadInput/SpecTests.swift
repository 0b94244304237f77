import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Specs that cannot be queued` {
    private static let withoutDone = "# A\n\n## Problem\n\nIt hurts.\n"

    @Test(.timeLimit(.minutes(1)))
    func `a spec without Done is refused, and none of those beside it is queued`() async throws {
        let world = try await World.play(specs: [])
        try world.place(Self.withoutDone, at: "specs/0002-vague.md")
        try world.place(Play.spec(1).text, at: Play.path(1))
        let words = "specs/0002-vague.md: no done: how will one see that it is finished? Write it as a list under"
        try await world.expectRefusal(["submit", Play.path(1), "specs/0002-vague.md"], words)
        try await world.expectRefusal(["spec", "check"], words)
        #expect(try await world.numbers() == [])
        #expect(Files.exists(world.app + "/specs/0002-vague.md"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pushed branch whose spec has no Done is told of and stays where it is`() async throws {
        let world = try await World.play(specs: [])
        try await world.git("checkout", "-q", "-b", "spec/0002-vague")
        try world.place(Self.withoutDone, at: "specs/0002-vague.md")
        try await world.git("add", "specs")
        try await world.git("commit", "-q", "-m", "Something vague")
        try await world.git("push", "-q", "factory", "spec/0002-vague")
        let line = try await world.start()
        #expect(await line.code() == 0)
        #expect(line.errors.contains("spec/0002-vague was pushed, but is not taken: specs/0002-vague.md: no done"))
        #expect(try await world.numbers() == [])
        _ = try await world.git("rev-parse", "spec/0002-vague", in: world.hub)
        await world.dismissAll()
    }

    @Test(.timeLimit(.minutes(1)))
    func `two specs of one number are refused, whether submitted together or one after the other`() async throws {
        let world = try await World.play(specs: [])
        try world.place(Play.spec(1).text, at: "specs/0001-a.md")
        try world.place(Play.spec(1).text, at: "specs/0001-b.md")
        let words = "the number 1 belongs to specs/0001-a.md: give the new spec another number"
        try await world.expectRefusal(["submit", "specs/0001-a.md", "specs/0001-b.md"], words)
        #expect(try await world.numbers() == [])
        try await world.expectRefusal(["spec", "check"], "the number 1 is used twice: 0001-a, 0001-b")
        try await world.factory("submit", "specs/0001-a.md")
        try await world.expectRefusal(["submit", "specs/0001-b.md"], words)
        #expect(try await world.pr(1).specPath == RepoPath("specs/0001-a.md"))
        #expect(try await world.story(1).count == 1)
        try await world.expectLanding()
        try await world.expectRefusal(["submit", "specs/0001-b.md"], words)
    }

    @Test(.timeLimit(.minutes(1)))
    func `specs that wait for each other in a circle are refused before any of them is queued`() async throws {
        let world = try await World.play(specs: [])
        for (number, next) in [(1, 2), (2, 3), (3, 1)] {
            let spec = Play.spec(number, "depends-on: [\(next)]")
            try world.place(spec.text, at: spec.path)
        }
        try await world.expectRefusal(
            ["submit"] + (1...3).map { Play.path($0) }, "the specs wait for each other: #1 → #2 → #3 → #1",
            "take one number out of a depends-on")
        #expect(try await world.numbers() == [])
        try await world.expectRefusal(
            ["spec", "check"], "these wait for each other: 0001-play → 0002-play → 0003-play")
    }

    @Test(.timeLimit(.minutes(1)))
    func `the spec that would close a circle with those in the queue is refused`() async throws {
        let world = try await World.play(specs: [Play.spec(1, "depends-on: [2]")])
        let spec = Play.spec(2, "depends-on: [1]")
        try world.place(spec.text, at: spec.path)
        try await world.expectRefusal(["submit", spec.path], "wait for each other: #2 → #1 → #2")
        #expect(try await world.numbers() == [1])
        try await world.submitPlay(2)
        try await world.expectLanding()
        #expect(try await world.end().landed == ["2", "1"])
    }
}
