import FactoryCore
import FactoryFiles
import FactoryProcess
import Glibc
import Synchronization
import Testing

/// A repository with a factory beside it, and the real program at work in it.
final class World: Sendable {
    let base: TemporaryDirectory
    private let runner: ProcessRunner
    private let sessions = Mutex<[Session]>([])
    private let count = Mutex(0)
    /// Set for every program from now on, such as a token.
    let variables = Mutex<[String: String]>([:])
    /// The words that every program is started behind: empty, or those that make it another user's.
    private let prefix: [String]

    var scratch: String { base.path + "/scratch" }
    var app: String { scratch + "/app" }
    var home: String { scratch + "/factory" }
    var hub: String { home + "/hub.git" }
    var journal: String { home + "/journal.git" }
    var control: String { scratch + "/control" }

    /// The program, which the build puts beside the tests.
    static let program: String = {
        let own = (try? Paths.resolve("/proc/self/exe")) ?? ""
        return Paths.parent(of: own) + "/factory"
    }()

    /// Makes the repository and the factory, and submits these specs.
    ///
    /// With `disk` the factory stands on a file system of its own of so many KiB, to be let go of with `unmount`; that
    /// takes root.
    convenience init(specs: [Int] = [1, 2, 3, 4], concurrency: Int = 1, disk: Int? = nil) async throws {
        try self.init(in: TemporaryDirectory("factory-torture"))
        if let disk { try await mount(disk) }
        for directory in ["/tools", "/lib", "/specs"] { try Files.makeDirectory(app + directory) }
        try Files.write(Scenery.agent, to: app + "/tools/agent.sh")
        try Files.write(Scenery.check, to: app + "/tools/check.sh")
        try Files.write("empty\n", to: app + "/lib/shared.txt")
        try await found(Scenery.configuration(concurrency: concurrency))
        for number in specs { try Files.write(Scenery.spec(number), to: app + "/" + Self.spec(number)) }
        if !specs.isEmpty { try await factory(["submit"] + specs.map { Self.spec($0) }) }
    }

    /// Makes the world of the example that comes with the program, with its four specs submitted. `founded` is called
    /// before that.
    static func example(
        _ more: String = "", founded: (World) async throws -> Void = { _ in }
    ) async throws -> World {
        let world = try World(in: TemporaryDirectory("factory-torture"))
        let examples = Array(#filePath.split(separator: "/").dropLast(4)).reduce("") { "\($0)/\($1)" } + "/Examples"
        try await world.copy("\(examples)/ledger", to: world.app)
        try Files.makeDirectory(world.app + "/tools")
        try await world.copy("\(examples)/agents/agent.py", to: world.app + "/tools/agent.py")
        try await world.found(Scenery.exampleConfiguration + more)
        try await founded(world)
        try await world.copy("\(examples)/specs", to: world.app + "/specs")
        let specs = try Files.list(world.app + "/specs")
        try await world.factory(["submit"] + specs.map { "specs/\($0)" })
        return world
    }

    /// A world with nothing in it yet.
    init(in base: TemporaryDirectory, behind prefix: [String] = []) throws {
        self.base = base
        self.prefix = prefix
        runner = try ProcessRunner()
        try Files.makeDirectory(control)
    }

    /// Makes a repository of what stands in the clone, and its factory.
    func found(_ configuration: String) async throws {
        try await git("init", "-q", "-b", "main")
        try await git("config", "user.name", "Ada Example")
        try await git("config", "user.email", "ada@example.invalid")
        try await git("add", "-A")
        try await git("commit", "-q", "-m", "A repository")
        try await factory("init", "--at", home)
        try Files.write(configuration, to: app + "/.factory/config.yml")
        try await git("add", ".factory", "docs", "AGENTS.md", "CLAUDE.md")
        try await git("commit", "-q", "-m", "Work with a factory")
        try await git("push", "-q", "factory", "main")
    }

    static func name(_ number: Int) -> String {
        Scenery.names.indices.contains(number - 1) ? Scenery.names[number - 1] : "000\(number)-more"
    }
    static func spec(_ number: Int) -> String { "specs/\(name(number)).md" }
    static func branch(_ number: Int) -> String { "spec/\(name(number))" }

    var environment: [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": base.path, "TORTURE": control, "LC_ALL": "C",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
        ].merging(variables.withLock { $0 }) { _, new in new }
    }

    struct Answer: Sendable {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Runs a program to its end, which it must come to within so many seconds.
    func ask(
        _ program: String, _ words: [String], in directory: String? = nil, within limit: Double = 60
    ) async throws -> Answer {
        let line = prefix + [program] + words
        let result = try await runner.run(
            Command(
                line[0], Array(line.dropFirst()), environment: environment, directory: directory ?? app,
                capture: .apart,
                limits: ProcessLimits(wall: limit), marker: "torture"))
        let code: Int32 =
            switch result.ending {
            case .exited(let code): code
            case .signalled(let signal): 128 + signal
            }
        return Answer(code: code, output: result.output.text, errors: result.errors.text)
    }

    @discardableResult
    func git(_ words: String..., in directory: String? = nil) async throws -> String {
        let answer = try await ask("git", words, in: directory)
        guard answer.code == 0 else { throw Failure("git \(words.joined(separator: " ")): \(answer.errors)") }
        return answer.output.trimmed
    }

    /// Runs a command of ours that must succeed.
    @discardableResult
    func factory(_ words: [String]) async throws -> String {
        let answer = try await ask(Self.program, words)
        guard answer.code == 0 else { throw Failure("factory \(words.joined(separator: " ")): \(answer.errors)") }
        return answer.output
    }

    @discardableResult
    func factory(_ words: String...) async throws -> String { try await factory(words) }

    /// Starts the line, and goes on while it works.
    func start(_ words: [String] = ["run"], _ extra: [String: String] = [:]) async throws -> Session {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let session = try await Session(
            prefix + [Self.program] + words, in: app, environment: environment.merging(extra) { _, new in new },
            log: "\(base.path)/log-\(number)")
        sessions.withLock { $0.append(session) }
        return session
    }

    /// Runs the line until nothing can move, and gives the exit code.
    @discardableResult
    func run(_ extra: [String: String] = [:]) async throws -> Int? {
        try await start(["run"], extra).code()
    }

    /// The shells that are meant to be there.
    var keepers: [Int32] { sessions.withLock { $0.map(\.keeper) } }

    /// Ends every keeper, and with it whatever is left of the program.
    func dismissAll() async {
        for session in sessions.withLock({ exchange(&$0, with: []) }) { await session.dismiss() }
    }

    /// Puts the factory on a file system of its own of so many KiB, to be let go of with `unmount`; that takes root.
    func mount(_ size: Int) async throws {
        try Files.makeDirectory(home)
        let answer = try await ask("mount", ["-t", "tmpfs", "-o", "size=\(size)k", "tmpfs", home], in: base.path)
        guard answer.code == 0 else { throw Failure("mount: \(answer.errors)") }
    }

    func unmount() async { _ = try? await ask("umount", ["-l", home], in: base.path) }

    /// Keeps everything as it is now, for `restore` to bring back to the very same place.
    func save() async throws { try await copy(scratch, to: base.path + "/saved") }
    func restore() async throws { try await copy(base.path + "/saved", to: scratch) }

    private func copy(_ source: String, to target: String) async throws {
        try Files.remove(target)
        let answer = try await ask("cp", ["-a", source, target], in: base.path)
        guard answer.code == 0 else { throw Failure(answer.errors) }
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension String {
    var trimmed: String { String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()) }
}
