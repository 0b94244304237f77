import FactoryCore
import FactoryFiles
import FactoryProcess

/// How a known program is started for a session: its profile with everything filled in. Starts and writes nothing.
struct ProfileCommand {
    let profile: AgentProfile
    let job: AgentJob
    let folder: SessionFolder
    /// Whether the line's own sandbox is around it.
    var isFenced = false

    /// What a known program is told at the end of its prompt: not every one may write outside of the lane.
    static let note = """

        If you cannot write the file that `FACTORY_RESULT` names, give the JSON object as your last message instead, alone or
        in a fenced block at its end.

        """

    var prompt: String { job.prompt + Self.note }

    /// The program with its arguments, environment and limits.
    func command(inherited: [String: String]) -> Command {
        let own = profile.environment.mapValues(filled).filter { !$0.value.isEmpty }
        let environment = AgentEnvironment.make(
            from: inherited, passing: job.setting.environment,
            fixed: own.merging(SessionCommand.contract(job, in: folder)) { $1 })
        return Command(
            profile.program, arguments, environment: environment, directory: job.directory,
            input: profile.prompt == .stdin ? Array(prompt.utf8) : [], capture: .apart,
            limits: ProcessLimits(
                wall: job.limits.stage, idle: job.limits.idle, outputBytes: 1 << 16, grace: profile.grace),
            marker: job.marker)
    }

    /// The arguments, lists put in their places.
    var arguments: [String] {
        profile.arguments.flatMap { word -> [String] in
            guard word.hasPrefix("{"), word.hasSuffix("}") else { return [filled(word)] }
            switch AgentProfile.ListPlaceholder(rawValue: String(word.dropFirst().dropLast())) {
            case .mode: return mode.map(filled)
            case .model: return job.setting.model == nil ? [] : profile.model.map(filled)
            case .schema: return profile.schema.map(filled)
            case .extra: return profile.extra.map(filled)
            case nil: return [filled(word)]
            }
        }
    }

    /// The files to lay out before the start.
    var files: [(path: String, text: String)] {
        profile.files.sorted { $0.key < $1.key }.map { (filled($0.key), filled($0.value)) }
    }

    /// A text of the profile with its placeholders filled in.
    func filled(_ text: String) -> String {
        ProfileTemplate(text).filled { placeholder in
            switch placeholder {
            case .prompt: prompt
            case .promptFile: folder.prompt
            case .promptJSON: JSON.string(prompt).text()
            case .modelName: job.setting.model ?? ""
            case .directory: job.directory
            case .resultFile: folder.result
            case .out: folder.out
            case .state: folder.state
            case .tmp: folder.tmp
            case .schemaFile: folder.schema
            case .schemaText: ResultSchema.text(for: job.role)
            }
        }
    }

    private var mode: [String] {
        let outside = job.role.isReviewer ? profile.readOnly : profile.write
        guard isFenced, let fenced = profile.fenced else { return outside }
        return job.role.isReviewer ? fenced.readOnly : fenced.write
    }
}
