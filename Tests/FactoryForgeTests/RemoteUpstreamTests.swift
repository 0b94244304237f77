import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryProcess
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryForge

/// An upstream that fails, and several who want something of it at once.
@Suite(.timeLimit(.minutes(2))) struct RemoteUpstreamTests {
    /// A clock on which waiting takes no time; `whileWaiting` happens in each pause.
    private final class Pauses: WallClock {
        let count = Mutex(0)
        private let act: @Sendable () -> Void
        init(_ act: @escaping @Sendable () -> Void = {}) { self.act = act }
        func now() -> Timestamp { .noon }
        func minuteOfDay() -> Int { 0 }
        func sleep(seconds: Double) async {
            count.withLock { $0 += 1 }
            act()
        }
    }

    private let directory: TemporaryDirectory
    private let runner: ProcessRunner
    private var place: String { directory.path + "/upstream.git" }

    init() async throws {
        directory = try TemporaryDirectory()
        runner = try ProcessRunner()
        for name in ["upstream", "hub"] {
            _ = try Repository.createBare(at: "\(directory.path)/\(name).git", mainBranch: "main")
        }
        // A way to the upstream that is cut while the file `away` is there.
        try Files.write(
            """
            [ ! -e \(directory.path)/away ] || { echo 'ssh: connect to host there: Connection refused' >&2; exit 255; }
            eval "$2"

            """, to: directory.path + "/ssh")
        let tree = try await git("upstream").run(["hash-object", "-t", "tree", "-w", "--stdin"])
        let root = try await git("upstream").run(["commit-tree", tree, "-m", "root"])
        try await git("upstream").run(["update-ref", "refs/heads/main", root])
        try await git("hub").run(["fetch", "-q", place, "refs/heads/main:refs/heads/main"])
    }

    private func git(_ name: String) -> GitProgram {
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"]
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Ann"
            environment["GIT_\(role)_EMAIL"] = "ann@example.org"
        }
        environment["GIT_SSH_COMMAND"] = "sh \(directory.path)/ssh"
        environment["GIT_SSH_VARIANT"] = "simple"
        return GitProgram(runner: runner, environment: environment, directory: "\(directory.path)/\(name).git")
    }

    private func upstream(_ clock: any WallClock = Pauses()) -> RemoteUpstream {
        RemoteUpstream(
            hub: git("hub"), url: "ssh://there" + place, name: "origin", branch: "main", pushes: true, clock: clock)
    }

    /// One commit more on the main branch of a repository.
    @discardableResult
    private func advance(_ name: String, _ words: String) async throws -> String {
        let git = git(name)
        let commit = try await git.run(["commit-tree", "refs/heads/main^{tree}", "-p", "refs/heads/main", "-m", words])
        try await git.run(["update-ref", "refs/heads/main", commit])
        return commit
    }

    private func main(_ name: String) async throws -> String { try await git(name).run(["rev-parse", "main"]) }

    @Test func `many who fetch and push at once are in nobody's way`() async throws {
        let upstream = upstream()
        let landed = try await advance("hub", "landed")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<12 {
                group.addTask { if index % 2 == 0 { try await upstream.fetch() } else { try await upstream.push() } }
            }
            try await group.waitForAll()
        }
        #expect(try await main("upstream") == landed)
    }

    @Test func `one that is away for a moment is asked again`() async throws {
        let pushed = try await advance("upstream", "pushed")
        let outage = directory.path + "/away"
        let pauses = Pauses { try? Files.remove(outage) }
        try Files.write("", to: outage)
        try await upstream(pauses).fetch()
        #expect(try await main("hub") == pushed)
        #expect(pauses.count.withLock { $0 } == 1)
        let landed = try await advance("hub", "landed")
        try Files.write("", to: outage)
        try await upstream(pauses).push()
        #expect(try await main("upstream") == landed)
    }

    @Test func `another program at the same refs is waited for`() async throws {
        let pushed = try await advance("upstream", "pushed")
        let lock = directory.path + "/hub.git/refs/upstream/main.lock"
        try Files.makeDirectory(directory.path + "/hub.git/refs/upstream")
        try Files.write("", to: lock)
        try await upstream(Pauses { try? Files.remove(lock) }).fetch()
        #expect(try await main("hub") == pushed)
        let landed = try await advance("hub", "landed")
        let other = directory.path + "/upstream.git/refs/heads/main.lock"
        try Files.write("", to: other)
        try await upstream(Pauses { try? Files.remove(other) }).push()
        #expect(try await main("upstream") == landed)
    }

    @Test func `one that stays away is an error that passes, one that is not there is none`() async throws {
        try await advance("hub", "landed")
        try Files.write("", to: directory.path + "/away")
        let fetch = try await #require(throws: ForgeError.self) { try await upstream().fetch() }
        #expect(fetch.isPassing && fetch.description.contains("origin"), "\(fetch)")
        let push = try await #require(throws: ForgeError.self) { try await upstream().push() }
        #expect(push.isPassing, "\(push)")
        try Files.remove(directory.path + "/away")
        try Files.rename(place, to: directory.path + "/elsewhere.git")
        let gone = try await #require(throws: ForgeError.self) { try await upstream().fetch() }
        #expect(!gone.isPassing, "\(gone)")
    }

    @Test func `a push that came too late is no divergence while one side has all of the other`() async throws {
        let landed = try await advance("hub", "landed")
        try await git("upstream").run(["fetch", "-q", directory.path + "/hub.git", "main:main"])
        let more = try await advance("upstream", "on top of it")
        try await upstream().push()
        #expect(try await main("upstream") == more)
        #expect(try await main("hub") == landed)
        try await upstream().fetch()
        #expect(try await main("hub") == more)
    }

    @Test func `each with a commit that the other lacks have diverged`() async throws {
        try await advance("hub", "landed")
        try await advance("upstream", "pushed")
        let diverged = ForgeError.diverged(remote: "origin", branch: "main")
        await #expect(throws: diverged) { try await upstream().push() }
        await #expect(throws: diverged) { try await upstream().fetch() }
    }
}
