import FactoryAgents
import FactoryCore
import FactoryFiles
import FactoryProcess
import Synchronization

/// A lane and a folder in a directory of their own, and sessions of small shell scripts in them.
struct Sessions {
    let directory: TemporaryDirectory
    let lane: String
    let folder: String
    private let runner: ProcessRunner

    init() throws {
        directory = try TemporaryDirectory("agents")
        lane = Paths.join(directory.path, "lane")
        folder = Paths.join(directory.path, "session")
        try Files.makeDirectory(lane)
        runner = try ProcessRunner()
    }

    /// Runs a shell script as an agent of a role.
    func run(
        _ role: Role, _ script: String, prompt: String = "Do it.\n", limits: Limits = Limits(),
        environment: [String: String] = standardEnvironment, change: (inout AgentJob) -> Void = { _ in }
    ) async -> AgentReport {
        var job = job(role, command: ["sh", "-c", script], prompt: prompt, limits: limits)
        change(&job)
        return await CommandAgent(
            runner: runner, environment: environment, locks: Paths.join(directory.path, "locks"),
            now: { Timestamp(seconds: 1_000_000) }
        ).run(job)
    }

    /// Runs a line as a check.
    func check(
        _ line: String, timeout: Double = 60, passing names: [String] = [],
        environment: [String: String] = standardEnvironment, log: String = "check.log"
    ) async -> CommandReport {
        let job = CommandJob(
            run: line, lane: lane, directory: lane, timeout: timeout, environment: names, marker: marker,
            log: Paths.join(folder, log), sandbox: .off, reach: .machine)
        return await ShellRunner(runner: runner, environment: environment).run(job)
    }

    private var marker: String { "agents-tests/" + Paths.name(of: directory.path) }

    func job(_ role: Role, command: [String], prompt: String, limits: Limits) -> AgentJob {
        let id = CommitID(String(repeating: "0", count: 40))
        let opening = Opening(
            specPath: RepoPath("specs/0007-dates.md"), title: "Dates", author: .factory, head: id, base: id)
        let pr = PullRequest(opening, number: PRNumber(7), at: Timestamp(seconds: 0))
        return AgentJob(
            role: role, setting: AgentSetting(command: command), pr: pr, attempt: 3, prompt: prompt, directory: lane,
            folder: folder, commandFiles: [:], marker: marker, limits: limits, sandbox: .off,
            done: twoItems)
    }
}

extension SandboxSetting {
    /// No sandbox, as a configuration may ask for.
    static var off: SandboxSetting {
        var setting = SandboxSetting()
        setting.kind = .none
        return setting
    }
}

let standardEnvironment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nowhere"]

/// A complete approval, as a shell word.
let approval = #"""
    '{"decision":"APPROVE","summary":"Good.","criteria":[{"id":"D1","met":true,"evidence":"a"},\#
    {"id":"D2","met":"human","evidence":"b"}]}'
    """#

extension AgentReport {
    /// The failure and its message, if that is how it ended.
    var failure: (kind: Failure, message: String)? {
        if case .failed(let kind, let message) = result { (kind, message) } else { nil }
    }
    var verdict: Verdict? { if case .reviewer(let verdict) = result { verdict } else { nil } }
    var isCancelled: Bool { if case .cancelled = result { true } else { false } }
    /// The writer's words; a nil inside means that it went well without any.
    var writer: WriterResult?? { if case .writer(let words) = result { .some(words) } else { nil } }
}

/// Collects bytes that come from another thread.
final class Collected: Sendable {
    private let storage = Mutex<[UInt8]>([])
    var bytes: [UInt8] { storage.withLock { $0 } }
    func append(_ bytes: [UInt8]) { storage.withLock { $0 += bytes } }
}
