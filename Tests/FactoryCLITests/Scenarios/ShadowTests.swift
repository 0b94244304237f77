import FactoryCore
import Testing

@Suite(.serialized) struct `A night in shadow` {
    private func night(_ specs: Int = 2) async throws -> World {
        let world = try await World.play(
            ["1-implementer": "implement; echo broken > lib/1.txt; finish"],
            specs: (1...specs).map { Play.spec($0) },
            configuration: "autonomy: shadow\nretries: { implementation-ci: 0 }")
        #expect(try await world.run() == 3)
        return world
    }

    @Test(.timeLimit(.minutes(1)))
    func `everything is done but the landing, and the report counts it`() async throws {
        let world = try await night()
        #expect(try await world.end().landed == [])
        #expect(try await world.pr(1).reason?.kind == .returns)
        let kept = try await world.pr(2)
        #expect(kept.reason?.kind == .shadow)
        #expect(kept.proposal?.isShadow == true)
        #expect(try await world.factory("show", "2", "--certificate").contains("would have landed"))
        let report = try await world.factory("report")
        #expect(report.contains("1 would have landed, 1 parked for another reason"), "\(report)")
        #expect(report.contains("not landed by hand"), "\(report)")
        let answer = try await world.ask(World.program, ["approve", "2"])
        #expect(answer.code == 1 && answer.errors.contains("nothing lands in shadow"), "\(answer.errors)")
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)))
    func `the report sees what a person lands by hand`() async throws {
        let world = try await night()
        try await world.git("fetch", "-q", "factory")
        try await world.git("reset", "-q", "--hard", "factory/main")
        try await world.git("merge", "-q", "--squash", "factory/\(Play.branch(2))")
        try await world.git("commit", "-q", "-m", "Landed by hand")
        try await world.git("push", "-q", "factory", "HEAD:main")
        #expect(try await world.factory("report").contains("landed by hand, the same tree"))
        try await world.factory("close", "2")
        let report = try JSON(parsing: Array(try await world.factory("report", "--json").utf8))
        #expect(report["shadow"]?["wouldHaveLanded"]?.array?.first?["byHand"]?.string == "same-tree")
    }

    @Test(.timeLimit(.minutes(1)))
    func `the report sees the same change beside others`() async throws {
        let world = try await night()
        try await world.git("fetch", "-q", "factory")
        try await world.git("reset", "-q", "--hard", "factory/main")
        try world.place("also\n", at: "lib/also.txt")
        try await world.git("merge", "-q", "--squash", "factory/\(Play.branch(2))")
        try await world.git("add", "lib/also.txt")
        try await world.git("commit", "-q", "-m", "Landed by hand, with more")
        try await world.git("push", "-q", "factory", "HEAD:main")
        #expect(try await world.factory("report").contains("landed by hand, the same change"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `raised to a gate it asks, and lands after an approval, with no agent asked again`() async throws {
        let world = try await night()
        let agents = try world.starts()
        try await world.configure("autonomy: gate")
        #expect(try await world.run() == 3)
        #expect(try await world.pr(2).reason?.kind == .approval)
        #expect(try await world.pr(1).reason?.kind == .returns, "what something else parked stays parked")
        try await world.factory("approve", "2")
        #expect(try await world.run() == 3)
        #expect(try await world.pr(2).state == .merged)
        #expect(try world.starts() == agents)
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(1)))
    func `raised to full it lands`() async throws {
        let world = try await night()
        let agents = try world.starts()
        try await world.configure("autonomy: full")
        #expect(try await world.run() == 3)
        #expect(try await world.pr(2).state == .merged)
        #expect(try world.starts() == agents)
        try await world.expectWhole()
    }
}
