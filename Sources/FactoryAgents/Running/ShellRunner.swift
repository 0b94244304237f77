package import FactoryCore
import FactoryFiles
package import FactoryProcess

/// Runs checks and setup steps with `sh -c`, in the environment of agents plus `CI=true`.
package struct ShellRunner: CommandRunner {
    /// Bytes kept of an output: 16 MiB in the log, 256 KiB in the report.
    private static let logLimit = 16 << 20
    private static let reportLimit = 256 << 10

    private let runner: ProcessRunner
    private let inherited: [String: String]
    private let fencing: Fencing?
    private let started: @Sendable (String) -> Void

    /// `environment` is the line's own; commands get the allowed part of it. Without `fencing` a command that is to be
    /// fenced is not run.
    ///
    /// `started` is told the marker of each program that runs.
    package init(
        runner: ProcessRunner, environment: [String: String], fencing: Fencing? = nil,
        started: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.runner = runner
        self.inherited = environment
        self.fencing = fencing
        self.started = started
    }

    package func run(_ job: CommandJob) async -> CommandReport {
        let command = Command(
            "/bin/sh", ["-c", job.run],
            environment: AgentEnvironment.make(
                from: inherited, passing: job.environment, fixed: job.variables.merging(["CI": "true"]) { $1 }),
            directory: job.directory, limits: ProcessLimits(wall: job.timeout, outputBytes: Self.logLimit),
            marker: job.marker)
        let redaction = Redaction(values: inherited.filter { job.environment.contains($0.key) })
        let log = LiveLog(at: job.log, limit: Self.logLimit, redaction: redaction)
        let refusals = Refusals()
        do throws(LaunchError) {
            let start: @Sendable (ProcessIdentity) -> Void = { [started] _ in started(job.marker) }
            let take: @Sendable (OutputChunk) -> Void = { log.take($0.bytes) }
            let printed =
                switch try fence(job) {
                case nil: try await runner.run(command, onStart: start, onOutput: take)
                case let fence?:
                    try await runner.run(
                        command, in: fence, onStart: start, onOutput: take, refused: { refusals.note($0) })
                }
            let ended = printed.mappingOutput(redaction.clean)
            let excess = ended.stopped?.excess.map { "factory: the command \($0)" }
            let words = [refusals.text(of: "command"), excess ?? ""]
            let added = words.filter { !$0.isEmpty }.map { "\n\($0)\n" }.joined()
            let output = ended.output.bounded(to: Self.reportLimit) + Array(added.utf8)
            var report = CommandReport(
                ending: Self.ending(of: ended), output: output,
                excerpt: Excerpt.text(output, failed: !ended.succeeded), seconds: ended.duration)
            // How the command ended holds without its log, so a failure is only told.
            if let fault = await log.finish(with: ended.output, adding: added) {
                report.output += Array("\nthe log could not be kept: \(fault)\n".utf8)
            }
            return report
        } catch {
            return CommandReport(ending: .failed(error.description), output: [], excerpt: "", seconds: 0)
        }
    }

    /// Nil: the configuration says that there is to be none.
    private func fence(_ job: CommandJob) throws(LaunchError) -> Fence? {
        guard job.sandbox.kind != .none else { return nil }
        guard let fencing else { throw .fenceFailed("this program was put together without one") }
        let session = Fencing.Session(lane: job.lane, mayWrite: true, reading: job.reading, reach: job.reach)
        do throws(Sandbox.Trouble) { return try fencing.fence(session, job.sandbox) } catch {
            throw .fenceFailed(error.description)
        }
    }

    /// A remark that cannot be kept is no reason to stop.
    package func remark(_ text: String, in log: String) async {
        do throws(SystemError) {
            try Files.makeDirectory(Paths.parent(of: log))
            let before = try Files.text(log) ?? ""
            let gap = before.isEmpty || before.hasSuffix("\n") ? "" : "\n"
            try Files.write("\(before)\(gap)factory: \(text)\n", to: log)
        } catch {}
    }

    private static func ending(of result: ProcessResult) -> CommandReport.Ending {
        switch result.stopped {
        case .cancelled: return .cancelled
        case .wallLimit, .idleLimit: return .timedOut
        // As if the kernel had ended it, which it would have done in the end.
        case .memoryLimit, .processLimit, .diskLimit: return .exited(128 + 9)
        case nil: break
        }
        guard result.unkillable.isEmpty else {
            let pids = result.unkillable.map(String.init).joined(separator: ", ")
            return .failed("processes of the command cannot be ended: \(pids). End them, then retry.")
        }
        switch result.ending {
        case .exited(let code): return .exited(Int(code))
        case .signalled(let signal): return .exited(128 + Int(signal))
        }
    }
}
