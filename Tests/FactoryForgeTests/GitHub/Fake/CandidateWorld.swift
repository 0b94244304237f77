import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryProcess
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

/// A hub with a candidate, and a GitHub whose CI follows scripts.
struct CandidateWorld {
    let fake: FakeGitHub
    let client: GitHubClient
    let clock = WatchedClock()
    let checks: GitHubChecks
    let candidate: CommitID
    let other: CommitID
    let git: GitProgram
    private let directory: TemporaryDirectory
    static let branch = "refs/heads/factory/candidate-7"

    init(permissions: JSONObject = Self.permissions, times: GitHubChecks.Times = Self.brief) async throws {
        let runner = try ProcessRunner()
        directory = try TemporaryDirectory()
        fake = try await FakeGitHub(runner)
        try await fake.control("app", .object(["slug": "factory", "permissions": .object(permissions)]))
        let token = try await fake.control(
            "token", .object(["kind": "installation", "slug": "factory", "permissions": .object(permissions)]))
        let word = try #require(token["token"]?.string)
        let place = try #require(GitHubPlace("acme/widgets", api: fake.api, git: fake.git))
        client = GitHubClient(place, as: .token(word), over: fake.http, clock: clock, random: { 0 })
        let hub = directory.path + "/hub.git"
        _ = try Repository.createBare(at: hub, mainBranch: "main")
        let program = GitProgram(
            runner: runner,
            environment: [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "Ann",
                "GIT_COMMITTER_EMAIL": "a@example.org",
            ], directory: hub)
        git = program
        try await program.run(["fetch", "-q", fake.git, "refs/heads/main:refs/heads/main"])
        let main = try await program.run(["rev-parse", "refs/heads/main"])
        let commit = { (text: String) in
            CommitID(try await program.run(["commit-tree", "\(main)^{tree}", "-p", main, "-m", text]))
        }
        candidate = try await commit("Candidate of #7")
        other = try await commit("Another candidate of #7")
        checks = GitHubChecks(
            client: client, remote: RemoteGit(program, url: fake.git, clock: clock) { word }, main: "main",
            clock: clock,
            times: times)
    }

    static let permissions: JSONObject = [
        "contents": "write", "checks": "write", "statuses": "write", "actions": "write", "pull_requests": "write",
        "issues": "write", "metadata": "read",
    ]

    private static var brief: GitHubChecks.Times {
        var times = GitHubChecks.Times()
        times.quiet = 1
        return times
    }

    /// What the CI answers for candidates from now on.
    func script(_ checks: JSON..., more: JSONObject = [:]) async throws {
        let script = (["branch": "factory/candidate-*", "checks": .array(checks)] as JSONObject).merging(more)
        try await self.script([.object(script)])
    }

    /// The same, of several workflows.
    func script(_ workflows: [JSON]) async throws {
        try await fake.control("ci", .object(["scripts": .array(workflows)]))
    }

    /// A workflow of candidates, for `script`.
    static func workflow(_ name: String, _ checks: JSON...) -> JSON {
        .object(["branch": "factory/candidate-*", "workflow": .string(name), "checks": .array(checks)])
    }

    func judge(_ required: [String] = [], wait: Double = 600) async throws -> CandidateReport {
        try await checks.judge(PRNumber(7), candidate: candidate, required: required, wait: wait)
    }

    func shown() async throws -> CommitID? {
        let line = try await git.run(["ls-remote", fake.git, Self.branch])
        return line.isEmpty ? nil : CommitID(String(line.prefix(40)))
    }

    /// Neither side broke the rules of the API.
    func end() async throws {
        let findings = try await fake.findings()
        #expect(findings.isEmpty, "\(findings)")
        await fake.end()
    }
}

/// A clock on which waiting takes no time, and says how long was waited.
final class WatchedClock: WallClock {
    private let time = Mutex((now: Timestamp(seconds: 1_795_262_400), slept: [Double]()))
    func now() -> Timestamp { time.withLock { $0.now } }
    func minuteOfDay() -> Int { 0 }
    var slept: [Double] { time.withLock { $0.slept } }
    func sleep(seconds: Double) async {
        time.withLock { $0 = ($0.now + seconds, $0.slept + [seconds]) }
        await Task.yield()
    }
}
