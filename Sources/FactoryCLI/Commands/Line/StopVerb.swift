import FactoryCore
import FactoryForge
import FactoryGit
import FactoryLine

/// `factory stop`: nothing more is admitted and nothing lands, whichever process works.
struct StopVerb: Verb {
    static let name = "stop"
    static let arguments = "[NOTE]"
    static let summary = "Stop the whole line: nothing is taken on, nothing lands, until `factory start`"
    static let options = [
        Option("now", nil, "end the running sessions as well; it counts against nobody"), Decision.json,
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let person = try await context.checkout().identity().name
        let note = arguments.words.joined(separator: " ")
        let standing = try await Workplace.recording(context) { workplace, _ in
            let standing = try await workplace.store.stop(
                note: note, by: person, urgent: arguments.has("now"), at: context.clock.now())
            workplace.home.ring()
            return standing
        }
        let view = StandingView(standing: standing, time: LocalTime(context.clock))
        if arguments.has("json") {
            context.output.print(json: ["line": view.json(until: nil)])
        } else {
            context.output.print(view.text)
        }
        return .ok
    }
}

/// `factory start`: lets a stopped line go on.
struct StartVerb: Verb {
    static let name = "start"
    static let arguments = "[NOTE]"
    static let summary = "Let a stopped line go on; after a red main branch, once that is green"
    static let options = [
        Option("anyway", nil, "go on although the main branch is red"), Decision.json,
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        return try await Workplace.recording(context) { workplace, _ in
            let person = try await context.checkout().identity().name
            let note = arguments.words.joined(separator: " ")
            let ports = workplace.ports(upstream: nil) { event in
                if case .warning(let text) = event { context.output.say("note: \(text)") }
            }
            let answer = try await Interruption.heeding {
                try await LineControl(ports).start(note: note, by: person, anyway: arguments.has("anyway"))
            }
            workplace.home.ring()
            switch answer {
            case .cancelled: return .interrupted
            case .notStopped: if !arguments.has("json") { context.output.print("The line is not stopped.") }
            case .started(let stops):
                let what = Wording.list(stops.map(\.kind.rawValue))
                if !arguments.has("json") { context.output.print("The line goes on (it was stopped: \(what)).") }
            case .stillRed(let probe):
                let logs = workplace.home.sessions + "/main"
                throw CommandFailure(
                    "the main branch still is red at \(probe.commit.short): \(Wording.line(probe.summary)). The line stays "
                        + "stopped. Logs: \(logs). Bring a fix with git push factory, or say factory start --anyway",
                    code: .needsPerson)
            }
            if arguments.has("json") {
                let standing = try await workplace.store.standing().standing
                let view = StandingView(standing: standing, time: LocalTime(context.clock))
                context.output.print(json: ["line": view.json(until: nil)])
            }
            return .ok
        }
    }
}
