import FactoryCore
import FactoryFiles
import FactoryProcess
import Synchronization
import Testing

/// The program at work with the GitHub for tests: a clone, its factory, and what stands on the other side.
struct OnGitHub: Sendable {
    let world: World
    let hub: FakeGitHub

    static func setting(_ hub: FakeGitHub, landing: String = "push", poll: String = "5s") -> String {
        "forge: { github: acme/widgets, api: \"\(hub.api)\", git: \"\(hub.git)\", poll: \(poll), landing: \(landing) }\n"
    }

    /// Agents that follow a script; the specs are submitted.
    static func play(
        _ script: [String: String] = [:], specs: [Int] = [1], configuration: String = "", concurrency: Int = 1,
        landing: String = "push"
    ) async throws -> OnGitHub {
        let hub = try await FakeGitHub()
        let world = try await World.play(
            script, specs: [], configuration: setting(hub, landing: landing) + configuration, concurrency: concurrency)
        let here = OnGitHub(world: world, hub: hub)
        try await here.connect()
        for spec in specs.map({ Play.spec($0) }) { try world.place(spec.text, at: spec.path) }
        if !specs.isEmpty { try await world.factory(["submit"] + specs.map { Play.path($0) }) }
        return here
    }

    /// The example that comes with the program, looking as often as it does without a word: requests are counted.
    static func example() async throws -> OnGitHub {
        let hub = try await FakeGitHub()
        let world = try await World.example(setting(hub, poll: "60s")) {
            try await OnGitHub(world: $0, hub: hub).connect()
        }
        return OnGitHub(world: world, hub: hub)
    }

    /// Gives the program its token, and the repository the main branch of the clone.
    private func connect() async throws {
        try await hub.control("limits", .object(["content_per_minute": 100_000, "content_per_hour": 100_000]))
        let token = try await hub.appToken()
        world.variables.withLock { $0["FACTORY_GITHUB_TOKEN"] = token }
        try await world.git("push", "-q", "--force", address("ada"), "main")
    }

    /// Another machine with a clone and a factory of its own, whose agents follow the same script.
    func second() async throws -> OnGitHub {
        let other = try World(in: TemporaryDirectory("factory-second"))
        other.variables.withLock { $0["FACTORY_GITHUB_TOKEN"] = world.environment["FACTORY_GITHUB_TOKEN"] }
        try await world.git("clone", "-q", hub.git, other.app)
        try await other.git("config", "user.name", "Ben Example")
        try await other.git("config", "user.email", "ben@example.invalid")
        try await other.factory("init", "--at", other.home)
        try Files.makeDirectory(other.control + "/script")
        for part in try Files.list(world.control + "/script") {
            try other.rewrite(part, Files.text("\(world.control)/script/\(part)") ?? "")
        }
        return OnGitHub(world: other, hub: hub)
    }

    /// Where git pushes to as a person.
    func address(_ person: String) -> String {
        hub.git.replacing("http://", with: "http://x:\(hub.token(of: person))@")
    }

    func numberOnGitHub(_ number: Int) async throws -> Int {
        try #require(try await hub.pulls()[Play.branch(number)]).number
    }

    /// The files of the main branch on GitHub, its configuration left out.
    func mainFiles() async throws -> String { try await world.mainFiles(in: hub.path) }

    /// Everything that must hold at an end: nothing twice, what GitHub shows is what the journal says, GitHub's main
    /// branch is the hub's, no request was against GitHub's description, and nothing is left of any process.
    func expectWhole(
        _ comment: Comment? = nil, closedByHand: Bool = false, _ place: SourceLocation = #_sourceLocation
    ) async throws {
        let pulls = try await hub.pulls()
        for number in try await world.numbers() {
            let pr = try await world.pr(number)
            let pull = try #require(pulls[pr.branch], "\(pr.branch) is not on GitHub", sourceLocation: place)
            #expect(
                pull.labels.filter { $0.hasPrefix("state:") } == ["state:\(pr.state.rawValue)"], comment,
                sourceLocation: place)
            // Who closes what is just landing comes too late for the line, and GitHub calls it closed for ever.
            if !closedByHand || pr.state != .merged {
                #expect(pull.isMerged == (pr.state == .merged), "\(pr.branch)", sourceLocation: place)
            }
            #expect(pull.isOpen == !pr.state.isFinal, "\(pr.branch)", sourceLocation: place)
            #expect(Set(pull.marks).count == pull.marks.count, "said twice: \(pull.marks)", sourceLocation: place)
        }
        let main = try await world.git("rev-parse", "main", in: world.hub)
        #expect(try await world.git("rev-parse", "main", in: hub.path) == main, comment, sourceLocation: place)
        let left = try await world.git("for-each-ref", "--format=%(refname)", "refs/factory/lease", in: hub.path)
        #expect(left.isEmpty, comment, sourceLocation: place)
        let landed = try await world.end().landed
        #expect(Set(landed).count == landed.count, "landed twice: \(landed)", sourceLocation: place)
        try await hub.expectNoFindings(place)
        try await world.expectWhole(nil, comment)
    }
}

extension World {
    /// The files of the main branch in a repository, its configuration left out.
    func mainFiles(in repository: String) async throws -> String {
        try await git("ls-tree", "-r", "main", in: repository).split(separator: "\n")
            .filter { !$0.hasSuffix("\t.factory/config.yml") }.joined(separator: "\n")
    }
}
