package import FactoryCore
import FactoryFiles
package import FactoryProcess

/// Runs any program as an agent: by the command contract, prompt on standard input and in a file, the contract's
/// variables, the lane as working directory, one JSON result in a file; or by the profile of a known program.
package struct CommandAgent: AgentRunner {
    private let runner: ProcessRunner
    private let inherited: [String: String]
    private let desk: LoginDesk
    private let now: @Sendable () -> Timestamp
    private let started: @Sendable (String) -> Void

    /// `environment` is the line's own; sessions get the allowed part of it. `locks` is a directory for lock files.
    ///
    /// `started` is told the marker of each program that runs.
    package init(
        runner: ProcessRunner, environment: [String: String], locks: String, now: @escaping @Sendable () -> Timestamp,
        started: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.runner = runner
        self.inherited = environment
        self.desk = LoginDesk(directory: locks)
        self.now = now
        self.started = started
    }

    package func run(_ job: AgentJob) async -> AgentReport {
        let folder = SessionFolder(path: job.folder)
        if let profile = job.profile {
            return await run(ProfileCommand(profile: profile, job: job, folder: folder))
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
        let monitor = SessionMonitor(known?.profile)
        let watch = ProgressWatch(
            paths: [job.directory, folder.out]
                + (known?.profile.progress ?? []).map { path in
                    known?.filled(path) ?? path
                })
        let idle = job.limits.idle
        do throws(LaunchError) {
            let ended = try await runner.run(
                command, onStart: { [started] _ in started(job.marker) },
                onOutput: { chunk in
                    monitor.take(chunk)
                    job.onOutput(chunk.bytes)
                },
                quiet: {
                    let silent = monitor.quiet
                    return silent < idle ? silent : min(silent, watch.quiet(enough: idle / 2))
                })
            let verdict = SessionJudge(
                job: job, ended: ended, left: folder.readResult(), transcript: monitor.transcript,
                profile: known.map { judge($0, monitor) }, now: now())
            var report = verdict.report
            if let fault = keep(verdict.transcript, at: folder.transcript) { report.tail += "\n" + fault }
            return report
        } catch {
            return AgentReport(result: .failed(error.isOfHost ? .host : .crashed, error.description))
        }
    }

    private func judge(_ known: ProfileCommand, _ monitor: SessionMonitor) -> ProfileJudge {
        let profile = known.profile
        var reading = monitor.finish()
        if let report = profile.report {
            ReportFile(profile: profile, path: known.filled(report)).read(into: &reading)
        }
        return ProfileJudge(profile: profile, reading: reading, log: profile.log.map { known.filled($0.path) })
    }

    /// Writes the transcript, if anything was printed. Work that was done is not lost for want of its transcript, so a
    /// failure is only told.
    private func keep(_ output: CapturedOutput, at path: String) -> String? {
        guard output.total > 0 else { return nil }
        do throws(SystemError) {
            try Files.write(output.bounded(to: SessionCommand.transcriptLimit), to: path)
            return nil
        } catch {
            return "the transcript could not be kept: \(error)"
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
