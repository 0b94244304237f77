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
    private let started: @Sendable (String) -> Void

    /// `environment` is the line's own; commands get the allowed part of it.
    ///
    /// `started` is told the marker of each program that runs.
    package init(
        runner: ProcessRunner, environment: [String: String], started: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.runner = runner
        self.inherited = environment
        self.started = started
    }

    package func run(_ job: CommandJob) async -> CommandReport {
        let command = Command(
            "/bin/sh", ["-c", job.run],
            environment: AgentEnvironment.make(from: inherited, passing: job.environment, fixed: ["CI": "true"]),
            directory: job.directory, limits: ProcessLimits(wall: job.timeout, outputBytes: Self.logLimit),
            marker: job.marker)
        let redaction = Redaction(values: inherited.filter { job.environment.contains($0.key) })
        let log = LiveLog(at: job.log, limit: Self.logLimit, redaction: redaction)
        do throws(LaunchError) {
            let ended = try await runner.run(
                command, onStart: { [started] _ in started(job.marker) }, onOutput: { log.take($0.bytes) }
            ).mappingOutput(redaction.clean)
            let output = ended.output.bounded(to: Self.reportLimit)
            var report = CommandReport(
                ending: Self.ending(of: ended), output: output,
                excerpt: Excerpt.text(output, failed: !ended.succeeded), seconds: ended.duration)
            // How the command ended holds without its log, so a failure is only told.
            if let fault = await log.finish(with: ended.output) {
                report.output += Array("\nthe log could not be kept: \(fault)\n".utf8)
            }
            return report
        } catch {
            return CommandReport(ending: .failed(error.description), output: [], excerpt: "", seconds: 0)
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
