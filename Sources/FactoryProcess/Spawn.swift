import CSystem
import FactoryFiles
import Glibc

/// A program that was just started, and our ends of its pipes.
struct Spawned {
    let pid: Int32
    let handle: Descriptor
    let output: Descriptor
    /// Nil when standard error goes into `output`.
    let errors: Descriptor?
    /// Nil when the program reads from `/dev/null`.
    let input: Descriptor?
}

/// Starts programs.
///
/// To be called on the reactor's thread only: a process that dies with its parent dies with the thread that started it.
struct Spawner {
    /// Our own mark, if we are part of another run.
    private let outerMark = getenv(Mark.variable).map { String(cString: $0) }

    func spawn(_ command: Command, mark: Mark, door: Descriptor? = nil) throws(LaunchError) -> Spawned {
        let path = try command.lookUp()
        var environment = command.environment
        environment[Mark.variable] = mark.value(inside: outerMark)
        let arguments = [command.executable] + command.arguments
        let variables = environment.map { "\($0.key)=\($0.value)" }
        guard !(arguments + variables + [command.directory]).contains(where: { $0.utf8.contains(0) }) else {
            throw .zeroByte(program: command.executable)
        }
        do {
            let pipes = try Pipes(for: command)
            let (pid, error) = Self.tagged(mark.tag) {
                start(path, arguments, variables, in: command.directory, pipes: pipes, door: door)
            }
            guard error == 0 else { throw LaunchError(code: error, path: path, command: command) }
            return try handOver(pid, pipes)
        } catch let cause as SystemError {
            throw .exhausted(program: command.executable, cause)
        } catch let error as LaunchError {
            throw error
        } catch {
            throw .failed(program: command.executable, SystemError("posix_spawn", path))
        }
    }

    /// Without a pidfd we would never hear of the end, so the process goes at once.
    private func handOver(_ pid: Int32, _ pipes: Pipes) throws(SystemError) -> Spawned {
        do throws(SystemError) {
            return Spawned(
                pid: pid, handle: try Descriptor(factory_pidfd_open(pid), from: "pidfd_open"),
                output: pipes.output.reading, errors: pipes.errors?.reading, input: pipes.input?.writing)
        } catch {
            killpg(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw error
        }
    }

    /// The limit is inherited at the fork, so our own is the child's for a moment.
    ///
    /// Where it cannot be set, the variable has to do. A program that other code starts in this very moment gets the tag too; that counts only if
    /// it becomes an orphan.
    private static func tagged<Result>(_ tag: UInt64, _ body: () -> Result) -> Result {
        let limit = __rlimit_resource_t(__RLIMIT_LOCKS.rawValue)
        var before = rlimit()
        getrlimit(limit, &before)
        var during = before
        during.rlim_cur = rlim_t(tag)
        setrlimit(limit, &during)
        defer { setrlimit(limit, &before) }
        return body()
    }

    private func start(
        _ path: String, _ arguments: [String], _ variables: [String], in directory: String, pipes: Pipes,
        door: Descriptor?
    ) -> (pid: Int32, error: Int32) {
        var attributes = posix_spawnattr_t()
        var error = factory_spawn_attributes(&attributes)
        guard error == 0 else { return (0, error) }
        defer { posix_spawnattr_destroy(&attributes) }
        var actions = posix_spawn_file_actions_t()
        error = posix_spawn_file_actions_init(&actions)
        guard error == 0 else { return (0, error) }
        defer { posix_spawn_file_actions_destroy(&actions) }
        error = add(to: &actions, directory: directory, pipes: pipes, door: door)
        guard error == 0 else { return (0, error) }
        var pid: Int32 = 0
        error = withCStrings(arguments) { arguments in
            withCStrings(variables) { posix_spawn(&pid, path, &actions, &attributes, arguments, $0) }
        }
        return (pid, error)
    }

    /// What the child does before exec; the first error, or 0.
    private func add(
        to actions: inout posix_spawn_file_actions_t, directory: String, pipes: Pipes, door: Descriptor?
    ) -> Int32 {
        let errors = pipes.errors?.writing ?? pipes.output.writing
        let steps = [
            factory_spawn_chdir(&actions, directory),
            pipes.input.map { posix_spawn_file_actions_adddup2(&actions, $0.reading.number, 0) }
                ?? posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0),
            posix_spawn_file_actions_adddup2(&actions, pipes.output.writing.number, 1),
            posix_spawn_file_actions_adddup2(&actions, errors.number, 2),
            door.map { posix_spawn_file_actions_adddup2(&actions, $0.number, Fence.door) } ?? 0,
            factory_spawn_close_from(&actions, door == nil ? Fence.door : Fence.door + 1),
        ]
        return steps.first { $0 != 0 } ?? 0
    }

    private func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}

/// The pipes of one child, both ends of each.
///
/// The child's ends are closed here when this goes.
private struct Pipes {
    typealias Ends = (reading: Descriptor, writing: Descriptor)
    let output: Ends
    let errors: Ends?
    let input: Ends?

    init(for command: Command) throws(SystemError) {
        output = try Descriptor.pipe()
        errors = command.capture == .apart ? try Descriptor.pipe() : nil
        input = command.input.isEmpty ? nil : try Descriptor.pipe()
        output.reading.makeNonblocking()
        errors?.reading.makeNonblocking()
        input?.writing.makeNonblocking()
    }
}

extension Command {
    /// The path to hand to `posix_spawn`, which starts from the command's directory.
    ///
    /// A bare name is looked for in the command's own `PATH`, as the program itself would see it.
    func lookUp() throws(LaunchError) -> String {
        if executable.contains("/") { return executable }
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        var forbidden: String?
        for place in path.split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = Paths.join(place.isEmpty ? "." : String(place), executable)
            let file = Paths.join(directory, candidate)
            guard !executable.isEmpty, Files.exists(file), !Files.isDirectory(file) else { continue }
            if access(file, X_OK) == 0 { return candidate }
            forbidden = forbidden ?? file
        }
        if let forbidden { throw .notExecutable(forbidden) }
        throw .programNotFound(executable, searched: path)
    }
}
