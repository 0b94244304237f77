package import FactoryCore
import FactoryFiles
package import FactoryProcess

/// Runs any program as an agent, by the command contract: prompt on standard input and in a file, the contract's
/// variables, the lane as working directory, one JSON result in a file.
package struct CommandAgent: AgentRunner {
    private let runner: ProcessRunner
    private let inherited: [String: String]
    private let fencing: Fencing?
    private let started: @Sendable (String) -> Void

    /// `environment` is the line's own; sessions get the allowed part of it. Without `fencing` a session that is to be
    /// fenced fails.
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
        let refusals = Refusals()
        do throws(LaunchError) {
            let start: @Sendable (ProcessIdentity) -> Void = { [started] _ in started(job.marker) }
            let output: @Sendable (OutputChunk) -> Void = {
                log.take($0.bytes)
                job.onOutput($0.bytes)
            }
            let fence = try fence(job, command, folder)
            let printed =
                switch fence {
                case nil: try await runner.run(command, onStart: start, onOutput: output)
                case let fence?:
                    try await runner.run(
                        command, in: fence, onStart: start, onOutput: output, refused: { refusals.note($0) })
                }
            let ended = printed.mappingOutput(redaction.clean)
            var report = SessionJudge(job: job, ended: ended, left: folder.readResult(without: redaction)).report
            let refused = refusals.text(of: job.role.rawValue)
            report.add(refused)
            report.laneWasReadOnly = fence != nil && job.role.isReviewer
            // Work that was done is not lost for want of its transcript, so a failure is only told.
            if let fault = await log.finish(with: ended.output, adding: refused.isEmpty ? "" : "\n\(refused)\n") {
                report.tail += "\nthe transcript could not be kept: \(fault)"
            }
            return report
        } catch {
            return AgentReport(result: .failed(error.isOfHost ? .host : .crashed, error.description))
        }
    }

    /// Nil: the configuration says that there is to be none.
    private func fence(_ job: AgentJob, _ command: Command, _ folder: SessionFolder) throws(LaunchError) -> Fence? {
        guard job.sandbox.kind != .none else { return nil }
        guard let fencing else { throw .fenceFailed("this program was put together without one") }
        let words = [command.executable] + command.arguments
        let session = Fencing.Session(
            lane: job.directory, mayWrite: !job.role.isReviewer,
            reading: fencing.reading(words, files: job.commandFiles) + [folder.prompt], writing: [folder.out],
            reach: job.sandbox.reach(of: job.setting))
        do throws(Sandbox.Trouble) {
            return try fencing.fence(session, job.sandbox)
        } catch { throw .fenceFailed(error.description) }
    }
}

extension AgentReport {
    /// Adds what the line itself has to say: to the tail, and to the reason where it failed.
    fileprivate mutating func add(_ words: String) {
        guard !words.isEmpty else { return }
        tail += (tail.isEmpty ? "" : "\n") + words
        if case .failed(let failure, let message) = result { result = .failed(failure, "\(message)\n\(words)") }
    }
}

extension LaunchError {
    /// Whether the host is at fault, and not the command that was configured.
    fileprivate var isOfHost: Bool {
        switch self {
        case .directoryMissing, .exhausted, .fenceFailed: true
        case .programNotFound, .notExecutable, .interpreterMissing, .argumentsTooLong, .zeroByte, .notInFence, .failed:
            false
        }
    }
}
