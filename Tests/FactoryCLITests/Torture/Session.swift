import FactoryFiles
import FactoryProcess
import Glibc
import Synchronization

/// One start of the program under a keeper: a shell that stays when the program is killed, so that whatever the
/// program leaves behind is there for the next start to find. The keeper, and what still is below it, goes with
/// `dismiss`.
final class Session: Sendable {
    /// The program's process.
    let pid: Int32
    /// The shell's.
    let keeper: Int32
    /// Seconds of the monotonic clock.
    let startedAt: Double
    private let lines: AsyncStream<String>
    private let task: Task<Void, Never>
    private let log: String

    private static let script = """
        log=$1; shift
        exec 2> /dev/null
        "$@" > "$log.out" 2> "$log.err" & echo $!
        wait $!; echo $?
        exec sleep 100000
        """

    /// Standard output and errors go to `log`.out and `log`.err.
    init(_ words: [String], in directory: String, environment: [String: String], log: String) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let (ids, id) = AsyncStream.makeStream(of: Int32.self)
        let command = Command(
            "/bin/sh", ["-c", Self.script, "keeper", log] + words, environment: environment, directory: directory,
            limits: ProcessLimits(grace: 0), marker: "keeper")
        let runner = try ProcessRunner()
        startedAt = Self.now()
        task = Task {
            let text = Mutex("")
            _ = try? await runner.run(
                command, onStart: { id.yield($0.pid) },
                onOutput: { chunk in
                    let whole = text.withLock { text in
                        text += String(decoding: chunk.bytes, as: UTF8.self)
                        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                        text = parts.last ?? ""
                        return parts.dropLast()
                    }
                    for line in whole { continuation.yield(line) }
                })
            continuation.finish()
            id.finish()
        }
        lines = stream
        self.log = log
        keeper = await ids.first { _ in true } ?? 0
        pid = await stream.first { _ in true }.flatMap { Int32($0) } ?? 0
    }

    /// Waits until the program has ended and gives its exit code, 128 + n for signal n. To be asked once.
    func code() async -> Int? { await lines.first { _ in true }.flatMap { Int($0) } }

    func signal(_ number: Int32) { kill(pid, number) }

    /// What the program said on standard error so far.
    var errors: String { ((try? Files.text(log + ".err")) ?? nil) ?? "" }
    var output: String { ((try? Files.text(log + ".out")) ?? nil) ?? "" }

    /// Ends the keeper and all that is left below it.
    func dismiss() async {
        task.cancel()
        await task.value
    }

    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
