import FactoryCore
import Testing

@testable import FactoryForge

@Suite(.timeLimit(.minutes(2))) struct GitHubSetupTests {
    private func survey(_ world: CandidateWorld, _ gate: ForgeSetting.Gate = .both) async -> [GitHubFinding] {
        var forge = ForgeSetting(repository: "acme/widgets")
        forge.gate = gate
        return await GitHubSurvey(client: world.client, forge: forge, main: "main", clock: world.clock).perform()
    }

    private func failures(_ found: [GitHubFinding]) -> [String] { found.filter { $0.verdict == .fail }.map(\.what) }

    @Test func `labels are made once, and what people made of them stays`() async throws {
        let world = try await CandidateWorld()
        try await world.fake.act("ada", "define-label", ["label": "state:plan", "color": "abcdef"])
        let first = try await StateLabels.make(by: world.client)
        #expect(first.kept == ["state:plan"])
        #expect(first.made.count == State.allCases.count - 1)
        let second = try await StateLabels.make(by: world.client)
        #expect(second.made.isEmpty && second.kept.count == State.allCases.count)
        let labels = try await world.fake.read("/labels?per_page=100").array ?? []
        #expect(labels.first { $0["name"]?.string == "state:plan" }?["color"]?.string == "abcdef")
        #expect(labels.first { $0["name"]?.string == "state:merge" }?["color"]?.string == "5319e7")
        try await world.end()
    }

    @Test func `a label whose answer was lost is not made twice`() async throws {
        let world = try await CandidateWorld()
        try await world.fake.fault(
            ["kind": "status", "method": "POST", "path": "/labels$", "status": 502, "when": "after"])
        let result = try await StateLabels.make(by: world.client)
        #expect(result.made.count == State.allCases.count)
        #expect(try await world.fake.count("issues/create-label") == State.allCases.count)
        try await world.end()
    }

    @Test func `a repository without rules is fit`() async throws {
        let world = try await CandidateWorld()
        let found = await survey(world)
        #expect(failures(found).filter { !$0.contains("clock") } == [])
        #expect(found.contains { $0.what == "no rule stands in the way of the line's pushes" })
        #expect(found.contains { $0.what.hasPrefix("no check is required by name") })
        try await world.end()
    }

    @Test func `rules that would refuse a landing are named, with the way out`() async throws {
        let world = try await CandidateWorld()
        try await world.fake.control(
            "ruleset",
            .object(["rules": .array([.object(["type": "pull_request"]), .object(["type": "merge_queue"])])]))
        let found = await survey(world)
        #expect(failures(found).contains { $0.contains("a rule for main (pull_request) refuses") })
        #expect(failures(found).contains { $0.contains("(merge_queue)") })
        #expect(found.contains { $0.fix.contains("bypass list of ruleset") })
        try await world.end()
    }

    @Test func `rules that the line may pass by are no obstacle`() async throws {
        let world = try await CandidateWorld()
        let state = try await world.fake.control(
            "token", .object(["kind": "installation", "slug": "factory"]))
        let app = try #require(state["app_id"]?.int)
        try await world.fake.control(
            "ruleset",
            .object([
                "rules": .array([.object(["type": "pull_request"])]),
                "bypass_actors": .array([
                    .object(["actor_type": "Integration", "actor_id": .of(app), "bypass_mode": "always"])
                ]),
            ]))
        #expect(failures(await survey(world)).filter { !$0.contains("clock") } == [])
        try await world.end()
    }

    @Test func `another default branch is found`() async throws {
        let world = try await CandidateWorld()
        let forge = ForgeSetting(repository: "acme/widgets")
        let found = await GitHubSurvey(client: world.client, forge: forge, main: "trunk", clock: world.clock).perform()
        #expect(failures(found).contains("acme/widgets has no branch trunk, which is the hub's main branch"))
        try await world.end()
    }

    @Test func `a token that is not taken ends the survey`() async throws {
        let world = try await CandidateWorld()
        let client = GitHubClient(
            world.client.place, as: .token("nonsense"), over: world.fake.http, clock: world.clock, random: { 0 })
        let forge = ForgeSetting(repository: "acme/widgets")
        let found = await GitHubSurvey(client: client, forge: forge, main: "main", clock: world.clock).perform()
        #expect(found.count == 1 && found[0].verdict == .fail && found[0].fix.contains("does not take the token"))
        try await world.end()
    }

    @Test func `a permission is met by its level or more`() {
        let contents = GitHubPermission.all.first { $0.name == "contents" }
        #expect(contents?.isMet(by: "read") == false)
        #expect(contents?.isMet(by: "write") == true)
        #expect(contents?.isMet(by: nil) == false)
        #expect(GitHubPermission.all.first { $0.name == "metadata" }?.isMet(by: nil) == true)
    }
}
