import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryLine
import FactoryText

extension GitHubError {
    /// What it means for a script.
    fileprivate var exitCode: ExitCode {
        switch self {
        case .unauthenticated, .forbidden, .badKey: .authentication
        case .conflict: .changedMeanwhile
        case .limited, .unreachable: .pending
        case .notFound, .refused, .unexpected: .failed
        }
    }
}

/// The program: finds the command, runs it, turns whatever it throws into a sentence and an exit code.
package enum FactoryProgram {
    package static let version = "0.1.0"

    /// Every command, in the order of the help.
    static let verbs: [any Verb.Type] = [
        InitVerb.self, SpecNewVerb.self, SpecCheckVerb.self, SubmitVerb.self, RunVerb.self, StepVerb.self,
        StatusVerb.self, ShowVerb.self, WhyVerb.self, LogsVerb.self, ReportVerb.self, ApproveVerb.self,
        AnswerVerb.self, RetryVerb.self, ParkVerb.self, CloseVerb.self, RevertVerb.self, StopVerb.self,
        StartVerb.self, HoldoutAddVerb.self, HoldoutListVerb.self, HoldoutRemoveVerb.self, GuardsVerb.self,
        DoctorVerb.self, VerifyVerb.self, GitHubSetupVerb.self,
    ]

    /// Runs a command line, the program's own name left out, and gives the exit code.
    package static func run(_ words: [String]) async -> Int32 {
        do {
            return await run(words, try Context.ofThisProcess()).rawValue
        } catch {
            Output(environment: [:]).say("factory: \(error)")
            return ExitCode.failed.rawValue
        }
    }

    static func run(_ words: [String], _ context: Context) async -> ExitCode {
        do {
            return try await dispatch(words, context)
        } catch {
            let (code, text) = explain(error)
            context.output.say("factory: \(text)")
            return code
        }
    }

    private static func dispatch(_ words: [String], _ context: Context) async throws -> ExitCode {
        guard let first = words.first else {
            context.output.print(Help.overview)
            return .usage
        }
        if first == "--version" || first == "version" {
            context.output.print("factory \(version)")
            return .ok
        }
        if first == "help" || first == "--help" || first == "-h" { return try help(Array(words.dropFirst()), context) }
        let (verb, rest) = try find(words)
        if rest.contains("--help") || rest.contains("-h") {
            context.output.print(verb.help)
            return .ok
        }
        return try await verb.run(try Arguments(rest, options: verb.options), context)
    }

    private static func help(_ words: [String], _ context: Context) throws -> ExitCode {
        context.output.print(words.isEmpty ? Help.overview : try find(words).verb.help)
        return .ok
    }

    /// The command that the first words name, and the words behind it.
    private static func find(_ words: [String]) throws -> (verb: any Verb.Type, rest: [String]) {
        for count in [2, 1] where words.count >= count {
            let name = words.prefix(count).joined(separator: " ")
            if let verb = verbs.first(where: { $0.name == name }) { return (verb, Array(words.dropFirst(count))) }
        }
        let name = words.prefix(1).joined(separator: " ")
        let longer = verbs.map { $0.name }.filter { $0.hasPrefix(name + " ") }
        guard longer.isEmpty else { throw UsageError("\(name) what? \(longer.joined(separator: " or "))") }
        throw UsageError("there is no command \(name)\(NearestName.hint(name, among: verbs.map { $0.name }))")
    }

    /// The exit code and the sentence for an error.
    private static func explain(_ error: any Error) -> (ExitCode, String) {
        switch error {
        case let failure as CommandFailure: (failure.code, failure.description)
        case let usage as UsageError: (.usage, "\(usage)\nfactory: see `factory help`")
        case let conflict as JournalConflict: (.changedMeanwhile, "\(conflict): look at it again, then decide again")
        case let move as IllegalMove: (.failed, "\(move)")
        case let system as SystemError where system.isDiskFull:
            (.failed, "the disk is full (\(system)): free some space, then run again; nothing is lost")
        case let hub as GitHubError: (hub.exitCode, "\(hub)")
        case let record as CodecError:
            (.failed, "an entry of the journal cannot be read (\(record)): was it written by a newer version?")
        default: (.failed, "\(error)")
        }
    }
}
