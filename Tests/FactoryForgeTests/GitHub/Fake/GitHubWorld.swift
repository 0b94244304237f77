import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryProcess
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

/// A clock on which waiting takes no time.
final class HurriedClock: WallClock {
    private let time = Mutex(Timestamp(seconds: 1_795_262_400))
    func now() -> Timestamp { time.withLock { $0 } }
    func minuteOfDay() -> Int { 0 }
    func sleep(seconds: Double) async { time.withLock { $0 = $0 + seconds } }
}

/// A machine with hub and journal, mirrored to the GitHub for tests, with all that shows and hears there.
final class GitHubWorld: Sendable {
    let directory: TemporaryDirectory
    let fake: FakeGitHub
    /// `owner/name`.
    let repository: String
    let store: GitStore
    let mirror: GitHubMirror
    let client: GitHubClient
    let clock = HurriedClock()
    let warnings = Mutex<[String]>([])
    /// What the mirror warned of.
    let said = Said()
    /// The PRs that people have moved.
    let moved = Mutex<[PRNumber]>([])
    /// Git with the remote, in one of the repositories here.
    let git: @Sendable (String) -> RemoteGit
    private let token: String

    /// Runs a test in a world, and looks that the fake has found nothing.
    static func run(as kind: String = "installation", _ test: (GitHubWorld) async throws -> Void) async throws {
        try await run(as: kind, ["acme/widgets"]) { try await test($0[0]) }
    }

    /// Likewise, with a world for each of several repositories of one GitHub, under one identity. All but
    /// `acme/widgets` are made here.
    static func run(
        as kind: String = "installation", _ repositories: [String], _ test: ([GitHubWorld]) async throws -> Void
    ) async throws {
        let fake = try await FakeGitHub(ProcessRunner())
        do {
            let identity = try await identity(kind, fake)
            var worlds: [GitHubWorld] = []
            for name in repositories {
                if name != "acme/widgets" {
                    let roles: JSON = .object(["ada": "admin", "ben": "write", "dora": "read"])
                    try await fake.control("repository", .object(["name": .string(name), "roles": roles]))
                }
                worlds.append(try await GitHubWorld(of: name, on: fake, identity))
            }
            try await test(worlds)
            let findings = try await fake.findings()
            #expect(findings.isEmpty, "\(findings)")
        } catch {
            await fake.end()
            throw error
        }
        await fake.end()
    }

    /// The line is an App's installation, or a `person`.
    private init(of repository: String, on fake: FakeGitHub, _ identity: String) async throws {
        directory = try TemporaryDirectory()
        let runner = try ProcessRunner()
        self.fake = fake
        self.repository = repository
        let home = directory.path
        token = identity
        let url = fake.api + "/" + repository + ".git"
        let place = try #require(GitHubPlace(repository, api: fake.api, git: url))
        client = GitHubClient(place, as: .token(identity), over: fake.http, clock: clock, random: { 0 })
        let (hub, journal) = (home + "/hub.git", home + "/journal.git")
        _ = try Repository.createBare(at: hub, mainBranch: "main")
        _ = try JournalStore.create(at: journal, hub: hub)
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"]
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Ann"
            environment["GIT_\(role)_EMAIL"] = "ann@example.org"
        }
        let clock = clock
        let access = { @Sendable [environment] (path: String) in
            let git = GitProgram(runner: runner, environment: environment, directory: path)
            return RemoteGit(git, url: url, clock: clock) { identity }
        }
        git = { access(home + "/" + $0) }
        try await access(hub).fetch(["refs/heads/main:refs/heads/main"])
        store = try GitStore(hub: hub, journal: journal, durable: false)
        mirror = GitHubMirror(store: store, remote: access(journal), hub: access(hub), warn: said.note)
        await store.publish(by: mirror, withArtifacts: false)
    }

    private static func identity(_ kind: String, _ fake: FakeGitHub) async throws -> String {
        if kind == "person" {
            let made = try await fake.control("person", .object(["login": "robo", "role": "write"]))
            return try #require(made["token"]?.string)
        }
        let names = ["contents", "checks", "statuses", "pull_requests", "issues"]
        let permissions = names.reduce(into: JSONObject()) { $0[$1] = "write" }
        let made = try await fake.control(
            "token",
            .object(["kind": "installation", "slug": "factory", "permissions": .object(permissions)]))
        return try #require(made["token"]?.string)
    }

    var memoryPath: String { directory.path + "/github.json" }

    /// What shows, and what hears; new ones each time, with whatever the file remembers.
    func sides(
        memory: String? = nil, showsLogs: Bool = false
    ) -> (projector: Projector, people: People, desk: Desk) {
        let desk = Desk(
            client: client, memory: GitHubMemory(at: memory ?? memoryPath, of: client.place), store: store,
            clock: clock,
            showsLogs: showsLogs, removeBranch: { [mirror] in try await mirror.remove($0, at: $1) },
            warn: { [weak self] text in self?.warnings.withLock { $0.append(text) } })
        let projector = Projector(desk, base: "main")
        let people = People(
            desk, projector: projector, intake: Intake(store: store, library: OneSpecLibrary(), clock: clock),
            fetch: { [mirror] in try await mirror.sync() },
            didRecord: { [weak self] pr in self?.moved.withLock { $0.append(pr.number) } })
        return (projector, people, desk)
    }

    // MARK: The line's part

    /// A commit on top of another one that adds a file.
    func commit(_ path: String, _ text: String, on parent: CommitID) async throws -> CommitID {
        let tree = try await store.putting(Array(text.utf8), at: RepoPath(path), into: store.tree(of: parent))
        return try await store.commit(
            CommitDraft(tree: tree, parents: [parent], author: .ann, message: "Add \(path)\n", time: .noon))
    }

    /// Opens the PR, as a submission does.
    @discardableResult
    func open(_ number: Int = 7) async throws -> Tip {
        let main = try await store.mainTip()
        let sample = Opening.sample(number)
        let head = try await commit(sample.specPath.description, "# Spec\n", on: main)
        let tip = try await store.open(
            PRNumber(number), .sample(number, head: head, base: main), at: clock.now(), by: "ann")
        try await store.project(tip.pr)
        return tip
    }

    /// Appends behind the newest entry, as the line does.
    @discardableResult
    func append(_ event: Event, by: String = "factory", to number: Int = 7, artifacts: [Artifact] = []) async throws
        -> Tip
    {
        let tip = try #require(try await store.tip(of: PRNumber(number)))
        let next = try await store.append(Entry(event, at: clock.now(), by: by), to: tip, artifacts: artifacts)
        try await store.project(next.pr)
        return next
    }

    /// A session of a stage, from its start to its end.
    @discardableResult
    func session(
        _ stage: Stage, _ outcome: Outcome, to number: Int = 7, artifacts: [Artifact] = [],
        _ change: (inout Finish) -> Void = { _ in }, between: () async throws -> Void = {}
    ) async throws -> Tip {
        let tip = try #require(try await store.tip(of: PRNumber(number)))
        let started = try await append(.started(.next(stage, of: tip.pr)), to: number)
        try await between()
        var finish = try Finish.active(of: started.pr, outcome)
        change(&finish)
        return try await append(.finished(finish), to: number, artifacts: artifacts)
    }

    /// The whole way to the main branch; `shown` is told after each step.
    func land(_ number: Int = 7, shown: () async throws -> Void) async throws {
        let opened = try await open(number)
        try await shown()
        let plan = try await commit(opened.pr.planPath.description, "# Plan\n\nAsk @ada.\n", on: opened.pr.head)
        try await session(.plan, .delivered, { $0.head = plan }, between: shown)
        try await shown()
        let approved = ApprovedPlan(spec: .numbered(1), plan: .numbered(2))
        let verdict = Verdict(
            decision: .approve, summary: "good", criteria: [.init(id: "D1", met: .yes, evidence: "a")])
        try await session(
            .planReview, .approved, { ($0.approvedPlan, $0.verdict, $0.summary) = (approved, verdict, "good") },
            between: shown)
        try await shown()
        let work = try await commit("lib/\(number).txt", "done\n", on: plan)
        try await session(.implementation, .delivered, { $0.head = work }, between: shown)
        try await shown()
        let tree = try await store.tree(of: work)
        let tested = Tested(tree: tree, floor: opened.pr.base, checks: [.init(name: "test", exit: 0, seconds: 2)])
        try await session(.implementationCI, .green, { $0.tested = tested }, between: shown)
        try await shown()
        try await session(.codeReview, .approved, { $0.verdict = verdict }, between: shown)
        try await shown()
        try await certify(number, shown: shown)
    }

    private func certify(_ number: Int, shown: () async throws -> Void) async throws {
        let pr = try #require(try await store.tip(of: PRNumber(number))).pr
        try await append(.started(.next(.merge, of: pr, token: "m")), to: number)
        try await shown()
        let main = try await store.mainTip()
        let squash = try await store.commit(
            CommitDraft(
                tree: store.tree(of: pr.head), parents: [main], author: .ann, message: "Land \(number)\n",
                time: clock.now()))
        let certification = Certification(id: .numbered(0xC1), squash: squash, base: main)
        let certified = try await append(
            .certified(token: "m", certification, certificate: .object([:])), to: number)
        let landing = try await store.land(certified, entry: Entry(.landed(squash), at: clock.now(), by: "factory"))
        guard case .landed(let tip) = landing else {
            Issue.record("it did not land: \(landing)")
            return
        }
        try await store.project(tip.pr)
        try await shown()
    }

    func pr(_ number: Int = 7) async throws -> PullRequest {
        try #require(try await store.tip(of: PRNumber(number))).pr
    }

    // MARK: What GitHub shows

    func labels(_ pull: Int = 1) async throws -> [String] {
        (try await fake.read("/issues/\(pull)")["labels"]?.array ?? []).compactMap { $0["name"]?.string }
    }

    func comments(_ pull: Int = 1) async throws -> [String] {
        (try await fake.read("/issues/\(pull)/comments?per_page=100").array ?? []).compactMap { $0["body"]?.string }
    }

    func reviews(_ pull: Int = 1) async throws -> [JSON] {
        try await fake.read("/pulls/\(pull)/reviews").array ?? []
    }
}

/// Reads any text as a spec.
struct OneSpecLibrary: Library {
    func spec(_ text: [UInt8], at path: RepoPath) throws -> Spec {
        Spec(id: try SpecID(fileName: path.name), path: path, title: "A spec of a person's")
    }
    func records(of spec: Spec, among names: [String]) -> [RepoPath] { [] }
}
