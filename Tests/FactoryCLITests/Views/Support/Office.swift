import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryProcess
import FactoryTestSupport
import Glibc

@testable import FactoryCLI

/// A person's clone with a factory beside it, and the program to run in it. Real repositories, a clock that stands still.
struct Office {
    let directory: TemporaryDirectory
    let clock = FakeClock()
    let home: Home
    let store: GitStore

    var clone: String { directory.path + "/clone" }
    private var environment: [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory.path, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_COMMITTER_NAME": "Ann",
            "GIT_COMMITTER_EMAIL": "ann@example.org",
        ]
    }

    init() async throws {
        directory = try TemporaryDirectory("factory-office")
        home = Home(path: directory.path + "/factory")
        let clone = directory.path + "/clone"
        try Files.makeDirectory(clone)
        let git = GitProgram(runner: try ProcessRunner(), environment: [:], directory: clone)
        try await git.run(["init", "-q", "-b", "main"])
        try Files.write("hello\n", to: clone + "/README.md")
        try await git.run(["add", "."])
        try await git.run(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", "Begin"])
        let checkout = try await Checkout.find(from: clone, runner: ProcessRunner(), environment: [:])
        _ = try await Founding(checkout: checkout, home: home).perform(files: [])
        store = try GitStore(hub: home.hub, journal: home.journal)
    }

    /// What a command line did.
    struct Said {
        let code: ExitCode
        let data: String
        let talk: String
    }

    /// Runs the program in the clone, or elsewhere.
    func run(_ words: String...) async throws -> Said { try await run(words) }

    /// Likewise.
    func run(_ words: [String], in place: String? = nil) async throws -> Said {
        let folder = try TemporaryDirectory("factory-said")
        let files = try ["data", "talk"].map { name in
            let file = open("\(folder.path)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw SystemError("open", name) }
            return file
        }
        defer { for file in files { close(file) } }
        let output = Output(environment: environment, data: files[0], talk: files[1])
        let code = await FactoryProgram.run(words, context(output, in: place))
        return Said(
            code: code, data: try Files.text(folder.path + "/data") ?? "",
            talk: try Files.text(folder.path + "/talk") ?? "")
    }

    /// What a command in the clone, or elsewhere, may use.
    func context(_ output: Output, in place: String? = nil) -> Context {
        Context(directory: place ?? clone, environment: environment, output: output, clock: clock)
    }

    /// Runs a line in a shell, in the clone, and gives what it printed.
    func shell(_ line: String) async throws -> String {
        let command = Command(
            "/bin/sh", ["-c", line], environment: environment, directory: clone, capture: .apart, marker: "office")
        let result = try await ProcessRunner().run(command)
        return result.output.text + result.errors.text
    }

    /// Opens a PR on commits that exist.
    func submit(_ number: Int = 7, dependsOn: [Int] = []) async throws -> Tip {
        let main = try await store.mainTip()
        let head = try await commit(["specs/spec.md": "spec \(number)\n"], on: main, "Submit \(number)")
        let opening = Opening.sample(number, dependsOn: dependsOn, head: head, base: main)
        let tip = try await store.open(PRNumber(number), opening, at: clock.now(), by: "Ann")
        try await store.project(tip.pr)
        return tip
    }

    /// A commit on top of another one.
    func commit(_ files: [String: String], on parent: CommitID, _ message: String) async throws -> CommitID {
        var tree = try await store.tree(of: parent)
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            tree = try await store.putting(Array(text.utf8), at: RepoPath(path), into: tree)
        }
        return try await store.commit(
            FactoryCore.CommitDraft(tree: tree, parents: [parent], author: .ann, message: message, time: clock.now()))
    }

    /// Appends an entry by the line.
    func append(_ event: Event, to tip: Tip) async throws -> Tip {
        try await store.append(Entry(event, at: clock.now(), by: "factory"), to: tip, artifacts: [])
    }

    /// Starts a session.
    func start(_ stage: Stage, _ tip: Tip) async throws -> Tip {
        try await append(.started(.next(stage, of: tip.pr)), to: tip)
    }

    /// A whole session of a stage, moved as the lifecycle says.
    func work(
        _ stage: Stage, _ outcome: Outcome, _ tip: Tip, _ edit: (inout Finish) -> Void = { _ in }
    ) async throws -> Tip {
        let started = try await start(stage, tip)
        var finish = try Finish.active(of: started.pr, outcome)
        edit(&finish)
        return try await append(.finished(finish), to: started)
    }

    /// Writes a file of a session.
    func leave(_ text: String, as name: String, of session: String, number: Int = 7) throws {
        let path = "\(home.sessions)/\(number)/\(session)/\(name)"
        try Files.makeDirectory(Paths.parent(of: path))
        try Files.write(text, to: path)
    }
}
