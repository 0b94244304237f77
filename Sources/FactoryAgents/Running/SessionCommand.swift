import FactoryCore
import FactoryProcess

/// How a session is started: the stable contract with any program.
enum SessionCommand {
    /// Bytes of output that are kept: 4 MiB, half head and half tail.
    static let transcriptLimit = 4 << 20

    /// The program with its arguments, environment and limits; nil when the setting names no command.
    static func make(_ job: AgentJob, in folder: SessionFolder, inherited: [String: String]) -> Command? {
        let words = (job.setting.command ?? []).map { job.commandFiles[repositoryPath($0)] ?? $0 }
        guard let program = words.first, !program.isEmpty else { return nil }
        let environment = AgentEnvironment.make(
            from: inherited, passing: job.setting.environment, fixed: contract(job, in: folder))
        return Command(
            program, Array(words.dropFirst()), environment: environment, directory: job.directory,
            input: Array(job.prompt.utf8),
            limits: ProcessLimits(wall: job.limits.stage, idle: job.limits.idle, outputBytes: 1 << 16),
            marker: job.marker)
    }

    /// The variables of the contract.
    static func contract(_ job: AgentJob, in folder: SessionFolder) -> [String: String] {
        [
            "FACTORY_ROLE": job.role.rawValue,
            "FACTORY_PR": String(job.pr.value),
            "FACTORY_ATTEMPT": String(job.attempt),
            "FACTORY_SPEC": job.specPath.text,
            "FACTORY_PLAN": job.planPath.text,
            "FACTORY_PROMPT": folder.prompt,
            "FACTORY_RESULT": folder.result,
        ]
    }

    /// A word as a path in the repository, so that `./tools/agent.sh` is the same file as `tools/agent.sh`: by any
    /// spelling it must be the main branch's file that runs, not the lane's.
    private static func repositoryPath(_ word: String) -> String {
        guard !word.hasPrefix("/"), word.contains("/") else { return word }
        var parts: [Substring] = []
        for part in word.split(separator: "/") where part != "." {
            if part == "..", parts.popLast() == nil { return word }
            if part != ".." { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
