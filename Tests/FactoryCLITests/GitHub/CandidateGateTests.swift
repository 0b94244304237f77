import FactoryCore
import FactoryFiles
import Testing

/// A world whose main branch stands on the GitHub for tests as well.
private struct Connected {
    let world: World
    let hub: FakeGitHub
    let token: String

    init(_ forge: String, _ script: [String: String] = [:], checks: String = Play.checks) async throws {
        hub = try await FakeGitHub()
        world = try await World.play(
            script, specs: [],
            configuration: """
                forge: { github: acme/widgets, api: "\(hub.api)", git: "\(hub.git)", poll: 5s, \(forge) }
                retries: { implementation-ci: 0, stage: 0 }
                """, checks: checks)
        let app: JSON = .object(["slug": "line", "permissions": Self.permissions])
        try await hub.control("app", app)
        let asked: JSON = .object(["kind": "installation", "slug": "line", "permissions": Self.permissions])
        token = try await hub.control("token", asked)["token"]?.string ?? ""
        let address = hub.git.replacing("http://", with: "http://x:\(hub.token(of: "ada"))@")
        try await world.git("push", "-q", "--force", address, "main")
    }

    private static let permissions: JSON = .object([
        "contents": "write", "checks": "write", "statuses": "write", "actions": "write", "pull_requests": "write",
        "issues": "write", "metadata": "read",
    ])

    func submit() async throws {
        let spec = Play.spec(1)
        try world.place(spec.text, at: spec.path)
        let answer = try await factory("submit", spec.path)
        guard answer.code == 0 else { throw Failure(answer.errors) }
    }

    /// What the repository's CI answers for candidates.
    func script(_ checks: JSON...) async throws {
        let script: JSON = .object(["branch": "factory/candidate-*", "checks": .array(checks)])
        try await hub.control("ci", .object(["scripts": .array([script])]))
    }

    func start() async throws -> Session { try await world.start(["run"], ["FACTORY_GITHUB_TOKEN": token]) }

    func run() async throws -> Int? { try await start().code() }

    func factory(_ words: String...) async throws -> World.Answer {
        try await world.ask("env", ["FACTORY_GITHUB_TOKEN=\(token)", World.program] + words)
    }

    func branches() async throws -> String { try await world.git("ls-remote", hub.git, "refs/heads/*") }
}

@Suite(.serialized, .timeLimit(.minutes(3))) struct `The gate on GitHub` {
    @Test func `a pull request lands when the line's checks and the repository's are green`() async throws {
        let here = try await Connected("checks: both, required: [build]")
        try await here.script(.object(["name": "build", "result": "success"]))
        try await here.submit()
        let run = try await here.start()
        #expect(await run.code() == 0)
        let checks = try #require(try await here.world.pr(1).tested?.checks)
        #expect(checks.map(\.name) == ["test", "github: build"])
        let branches = try await here.branches()
        #expect(!branches.contains("candidate"), "\(branches)\n\(run.output)")
        let main = try await here.world.git("rev-parse", "main", in: here.world.hub)
        #expect(branches.contains("\(main)\trefs/heads/main"))
        try await here.hub.expectNoFindings()
        await here.hub.end()
    }

    @Test func `without checks of its own the line goes by the repository's, and a red one sends it back`() async throws
    {
        let here = try await Connected("checks: github, required: [build]", checks: "  []")
        try await here.script(.object(["name": "build", "result": "failure"]))
        try await here.submit()
        #expect(try await here.run() == 3)
        let why = try await here.world.why()
        #expect(why.contains("(github: build)"), "\(why)")
        #expect(try await here.world.pr(1).reason?.kind == .returns)
        try await here.hub.expectNoFindings()
        await here.hub.end()
    }

    @Test func `a check that never comes parks the pull request by its name`() async throws {
        let here = try await Connected("checks: both, required: [build], wait: 3s")
        try await here.submit()
        #expect(try await here.run() == 3)
        let why = try await here.world.why()
        #expect(why.contains("no-verdict") && why.contains("`build` was not reported"), "\(why)")
        try await here.hub.expectNoFindings()
        await here.hub.end()
    }

    @Test func `an App is told which permission it lacks`() async throws {
        let here = try await Connected("checks: both")
        let app = try await here.hub.control(
            "app",
            .object([
                "slug": "poor",
                "permissions": .object([
                    "contents": "write", "checks": "write", "statuses": "write", "pull_requests": "write",
                    "issues": "write", "metadata": "read",
                ]),
            ]))
        let id = try #require(app["id"]?.int), key = try #require(app["private_key"]?.string)
        let answer = try await here.world.ask(
            "env", ["FACTORY_APP_ID=\(id)", "FACTORY_APP_KEY=\(key)", World.program, "github", "setup"])
        #expect(answer.code == 1)
        #expect(answer.output.contains("actions       write MISSING"), "\(answer.output)\(answer.errors)")
        #expect(answer.output.contains("FAIL  the App lacks the permission actions: write"))
        try await here.hub.expectNoFindings()
        await here.hub.end()
    }

    @Test func `without a rule against stale pull requests GitHub may not squash for the line`() async throws {
        let here = try await Connected("landing: api")
        let answer = try await here.factory("run")
        #expect(answer.code == 1 && answer.errors.contains("needs a rule for main"), "\(answer.errors)")
        #expect(answer.errors.contains("Require branches to be up to date"), "\(answer.errors)")
        let doctor = try await here.factory("doctor")
        #expect(doctor.output.contains("FAIL  `forge: { landing: api }` needs a rule for main"), "\(doctor.output)")
        try await here.hub.control("ruleset", .object(["rules": .array([OnGitHub.upToDate])]))
        let setup = try await here.factory("github", "setup")
        #expect(setup.output.contains("main takes up-to-date pull requests only"), "\(setup.output)")
        #expect(!setup.output.contains("FAIL"), "\(setup.output)")
        try await here.hub.expectNoFindings()
        await here.hub.end()
        let nobody = try await here.world.ask(World.program, ["github", "setup"])
        #expect(nobody.code == 4 && nobody.errors.contains("FACTORY_APP_ID"), "\(nobody.errors)")
    }

    @Test func `setup makes the labels and says what is missing, and doctor the same`() async throws {
        let here = try await Connected("checks: both")
        let first = try await here.factory("github", "setup", "--json")
        let json = try JSON(parsing: first.output)
        #expect(first.code == 0, "\(first.output)\(first.errors)")
        #expect(json["labels"]?["made"]?.array?.count == State.allCases.count)
        #expect(json["ready"]?.bool == true)
        let rule: JSON = .object(["rules": .array([.object(["type": "pull_request"])])])
        try await here.hub.control("ruleset", rule)
        let second = try await here.factory("github", "setup")
        #expect(second.code == 1)
        #expect(second.output.contains("0 made, 10 were there") && second.output.contains("(pull_request) refuses"))
        let doctor = try await here.factory("doctor")
        #expect(doctor.output.contains("FAIL  a rule for main (pull_request) refuses the line's pushes"))
        try await here.hub.expectNoFindings()
        await here.hub.end()
    }
}
