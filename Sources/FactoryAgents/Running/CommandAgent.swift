package import FactoryCore
import FactoryFiles
package import FactoryProcess

/// Runs any program as an agent, by the command contract: prompt on standard input and in a file, the contract's
/// variables, the lane as working directory, one JSON result in a file.
package struct CommandAgent: AgentRunner {
    private let runner: ProcessRunner
    private let inherited: [String: String]
    private let started: @Sendable (String) -> Void

    /// `environment` is the line's own; sessions get the allowed part of it.
    ///
    /// `started` is told the marker of each program that runs.
    package init(
        runner: ProcessRunner, environment: [String: String], started: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.runner = runner
        self.inherited = environment
        self.started = started
    }

    package func run(_ job: AgentJob) async -> AgentReport {
        let folder = SessionFolder(path: job.folder)
        guard let command = SessionCommand.make(job, in: folder, inherited: inherited) else {
            let advice = "Name a command for it under `agents:` in .factory/config.yml."
            return AgentReport(result: .failed(.crashed, "no command for the \(job.role.rawValue). \(advice)"))
        }
        do throws(SystemError) {
            try folder.prepare(prompt: job.prompt)
        } catch {
            return AgentReport(result: .failed(.host, "the session's folder cannot be laid out: \(error)"))
        }
        let redaction = Redaction(values: inherited.filter { job.setting.environment.contains($0.key) })
        let log = LiveLog(at: folder.transcript, limit: SessionCommand.transcriptLimit, redaction: redaction)
        do throws(LaunchError) {
            let ended = try await runner.run(
                command, onStart: { [started] _ in started(job.marker) },
                onOutput: {
                    log.take($0.bytes)
                    job.onOutput($0.bytes)
                }
            ).mappingOutput(redaction.clean)
            var report = SessionJudge(job: job, ended: ended, left: folder.readResult(without: redaction)).report
            // Work that was done is not lost for want of its transcript, so a failure is only told.
            if let fault = await log.finish(with: ended.output) {
                report.tail += "\nthe transcript could not be kept: \(fault)"
            }
            return report
        } catch {
            return AgentReport(result: .failed(error.isOfHost ? .host : .crashed, error.description))
        }
    }
}

extension LaunchError {
    /// Whether the host is at fault, and not the command that was configured.
    fileprivate var isOfHost: Bool {
        switch self {
        case .directoryMissing, .exhausted: true
        case .programNotFound, .notExecutable, .interpreterMissing, .argumentsTooLong, .zeroByte, .failed: false
        }
    }
}
