import FactoryFiles
import Glibc

/// The git program, run by the tests as a second opinion and as a rival writer.
enum Git {
    struct Failure: Error { let arguments: [String], status: Int32, output: String }

    /// Runs git and returns its standard output without the last line end; throws unless it succeeds.
    @discardableResult
    static func run(_ arguments: String..., in directory: String, input: String = "") throws -> String {
        try run(arguments, in: directory, input: input)
    }

    @discardableResult
    static func run(_ arguments: [String], in directory: String, input: String = "") throws -> String {
        let result = try attempt(arguments, in: directory, input: input)
        guard result.status == 0 else {
            throw Failure(arguments: arguments, status: result.status, output: result.output + result.errors)
        }
        return result.output
    }

    /// Runs git and returns what it said, whether it succeeded or not.
    static func attempt(
        _ arguments: [String], in directory: String, input: String = ""
    ) throws -> (status: Int32, output: String, errors: String) {
        let scratch = try TemporaryDirectory("git-output")
        try Files.write(input, to: scratch.path + "/in")
        let child = try start(
            arguments, in: directory, input: scratch.path + "/in", output: scratch.path + "/out",
            errors: scratch.path + "/err")
        let status = wait(child)
        var output = try Files.text(scratch.path + "/out") ?? ""
        if output.hasSuffix("\n") { output.removeLast() }
        return (status, output, try Files.text(scratch.path + "/err") ?? "")
    }

    /// Starts git and does not wait.
    static func start(
        _ arguments: [String], in directory: String, input: String = "/dev/null", output: String = "/dev/null",
        errors: String = "/dev/null"
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let environment = [
            "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
            "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.org",
            "GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@example.org",
        ]
        var child = pid_t()
        let code = withStrings(["git", "-C", directory] + arguments) { words in
            withStrings(environment) { posix_spawnp(&child, "git", &actions, nil, words, $0) }
        }
        guard code == 0 else { throw SystemError("posix_spawnp", "git", code: code) }
        return child
    }

    /// The exit status of a child, or 128 and its signal.
    static func wait(_ child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }

    private static func withStrings<R>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        let copies = strings.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an array with an element has a base") }
            return body(base)
        }
    }
}
