package import FactoryCore
import FactoryFiles
package import FactoryProcess

/// Runs any program as an agent: by the command contract, prompt on standard input and in a file, the contract's
/// variables, the lane as working directory, one JSON result in a file; or by the profile of a known program.
package struct CommandAgent: AgentRunner {
    private let runner: ProcessRunner
    private let inherited: [String: String]
    private let fencing: Fencing?
    private let desk: LoginDesk
    private let now: @Sendable () -> Timestamp
    private let started: @Sendable (String) -> Void

    /// `environment` is the line's own; sessions get the allowed part of it. `locks` is a directory for lock files. Without
    /// `fencing` a session that is to be fenced fails.
    ///
    /// `started` is told the marker of each program that runs.
    package init(
        runner: ProcessRunner, environment: [String: String], locks: String, fencing: Fencing? = nil,
        now: @escaping @Sendable () -> Timestamp,
        started: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.runner = runner
        self.inherited = environment
        self.fencing = fencing
        self.desk = LoginDesk(directory: locks)
        self.now = now
        self.started = started
    }

    package func run(_ job: AgentJob) async -> AgentReport {
        let folder = SessionFolder(path: job.folder)
        if let profile = job.profile {
            return await run(
                ProfileCommand(profile: profile, job: job, folder: folder, isFenced: job.sandbox.kind != .none))
        }
        guard let command = SessionCommand.make(job, in: folder, inherited: inherited) else {
            let advice = "Name a command or a known profile for it under `agents:` in .factory/config.yml."
            return AgentReport(result: .failed(.crashed, "no command for the \(job.role.rawValue). \(advice)"))
        }
        do throws(SystemError) {
            try folder.prepare(prompt: job.prompt)
        } catch {
            return AgentReport(result: .failed(.host, "the session's folder cannot be laid out: \(error)"))
        }
        return await session(job, command, in: folder, profile: nil)
    }

    /// Runs a known program, with its login if that is asked for.
    private func run(_ known: ProfileCommand) async -> AgentReport {
        let files =
            known.job.setting.login ? LoginFiles.present(known.profile, home: inherited["HOME"]) : []
        do throws(SystemError) {
            try known.folder.prepare(prompt: known.prompt)
            try known.folder.prepare(known.files, schema: ResultSchema.text(for: known.job.role))
            guard !files.isEmpty else { return try await bare(known) }
            let name = LoginDesk.name(of: files)
            guard try await desk.take(name) else {
                let message = "another line uses the login of \(known.job.setting.profile ?? known.profile.program)"
                return AgentReport(
                    result: .deferred(Deferral(kind: .host, until: now() + 60, message: message)))
            }
            let report = await withLogin(files, known)
            await desk.giveBack(name)
            return report
        } catch {
            return AgentReport(result: .failed(.host, "the session's folder cannot be laid out: \(error)"))
        }
    }

    private func withLogin(_ files: [(source: String, to: String)], _ known: ProfileCommand) async -> AgentReport {
        do throws(SystemError) {
            let laidOut = try LoginFiles.layOut(files, filled: known.filled)
            let command = known.command(inherited: inherited)
            var report = await session(known.job, command, in: known.folder, profile: known)
            let refused = LoginFiles.takeBack(laidOut)
            report.tail = ([report.tail] + refused).filter { !$0.isEmpty }.joined(separator: "\n")
            try known.folder.clear()
            return report
        } catch {
            return AgentReport(result: .failed(.host, "the login cannot be laid out: \(error)"))
        }
    }

    private func bare(_ known: ProfileCommand) async throws(SystemError) -> AgentReport {
        let command = known.command(inherited: inherited)
        let report = await session(known.job, command, in: known.folder, profile: known)
        try known.folder.clear()
        return report
    }

    /// Runs the program to its end and judges what it leaves.
    private func session(
        _ job: AgentJob, _ command: Command, in folder: SessionFolder, profile known: ProfileCommand?
    ) async -> AgentReport {
        let names = job.setting.environment + (known?.profile.keys ?? [])
        let redaction = Redaction(values: inherited.filter { names.contains($0.key) })
        let log = LiveLog(at: folder.transcript, limit: SessionCommand.transcriptLimit, redaction: redaction)
        let (monitor, refusals) = (SessionMonitor(known?.profile, onUsage: job.onUsage), Refusals())
        let quiet = quiet(job, folder, known, monitor)
        do throws(LaunchError) {
            let start: @Sendable (ProcessIdentity) -> Void = { [started] _ in started(job.marker) }
            let output: @Sendable (OutputChunk) -> Void = {
                log.take($0.bytes)
                monitor.take($0)
                job.onOutput($0.bytes)
            }
            let fence = try fence(job, command, folder, known)
            let ended =
                switch fence {
                case nil: try await runner.run(command, onStart: start, onOutput: output, quiet: quiet)
                case let fence?:
                    try await runner.run(
                        command, in: fence, onStart: start, onOutput: output, quiet: quiet,
                        refused: { refusals.note($0) })
                }
            let transcript = monitor.transcript.mapped(redaction.clean)
            var report = SessionJudge(
                job: job, ended: ended.mappingOutput(redaction.clean), left: folder.readResult(without: redaction),
                transcript: transcript, profile: known.map { judge($0, monitor) }, now: now()
            ).report
            let refused = refusals.text(of: job.role.rawValue)
            report.add(refused)
            report.laneWasReadOnly = fence != nil && job.role.isReviewer
            // Work that was done is not lost for want of its transcript, so a failure is only told.
            if let fault = await log.finish(with: transcript, adding: refused.isEmpty ? "" : "\n\(refused)\n") {
                report.tail += "\nthe transcript could not be kept: \(fault)"
            }
            return report
        } catch {
            return AgentReport(result: .failed(error.isOfHost ? .host : .crashed, error.description))
        }
    }

    /// Tells for how many seconds nothing has got on: no output, no file of the lane, no state of the program.
    private func quiet(
        _ job: AgentJob, _ folder: SessionFolder, _ known: ProfileCommand?, _ monitor: SessionMonitor
    ) -> @Sendable () -> Double {
        let progress = (known?.profile.progress ?? []).map { known?.filled($0) ?? $0 }
        let watch = ProgressWatch(paths: [job.directory, folder.out] + progress)
        let idle = job.limits.idle
        return {
            let silent = monitor.quiet
            return silent < idle ? silent : min(silent, watch.quiet(enough: idle / 2))
        }
    }

    /// Nil: the configuration says that there is to be none.
    private func fence(
        _ job: AgentJob, _ command: Command, _ folder: SessionFolder, _ known: ProfileCommand?
    ) throws(LaunchError) -> Fence? {
        guard job.sandbox.kind != .none else { return nil }
        guard let fencing else { throw .fenceFailed("this program was put together without one") }
        var setting = job.setting
        setting.hosts = job.hosts
        let own = known.map { [$0.folder.state, $0.folder.tmp] } ?? []
        let words = [command.executable] + command.arguments
        let session = Fencing.Session(
            lane: job.directory, mayWrite: !job.role.isReviewer,
            reading: fencing.reading(words, files: job.commandFiles) + [folder.prompt]
                + (known == nil ? [] : [folder.schema]),
            writing: [folder.out] + own, reach: job.sandbox.reach(of: setting),
            variables: known?.profile.environment.keys.reduce(into: [:]) { $0[$1] = command.environment[$1] } ?? [:])
        do throws(Sandbox.Trouble) {
            return try fencing.fence(session, job.sandbox)
        } catch { throw .fenceFailed(error.description) }
    }

    private func judge(_ known: ProfileCommand, _ monitor: SessionMonitor) -> ProfileJudge {
        let profile = known.profile
        var reading = monitor.finish()
        if let report = profile.report {
            ReportFile(profile: profile, path: known.filled(report)).read(into: &reading)
        }
        return ProfileJudge(profile: profile, reading: reading, log: profile.log.map { known.filled($0.path) })
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
