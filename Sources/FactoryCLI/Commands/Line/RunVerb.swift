import FactoryConfig
import FactoryCore
import FactoryLine
import FactoryProcess

/// `factory run`: works until nothing can move.
struct RunVerb: Verb {
    static let name = "run"
    static let summary = "Work the queue until nothing can move"
    static let options = [
        Option("watch", nil, "go on waiting for work instead of ending"),
        Option("patience", "TIME", "how long to wait for what was put off (default 15m)"),
        Option("new-night", nil, "begin a night of its own, with nothing spent, instead of going on with the open one"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        var options = Line.Options(watch: arguments.has("watch"))
        if let text = arguments.value("patience") {
            guard let seconds = Duration.seconds(text) else {
                throw UsageError("--patience \(text)? Say it as 90, 45s, 15m or 2h")
            }
            options.patience = seconds
        }
        options.newNight = arguments.has("new-night")
        return try await LineRun(context: context, options: options).perform()
    }
}

/// `factory step`: works one stage of one PR.
struct StepVerb: Verb {
    static let name = "step"
    static let summary = "Work one stage of one pull request"
    static let options = [Option("pr", "N", "the pull request")]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        guard let text = arguments.value("pr"), let number = Int(text.drop { $0 == "#" }) else {
            throw UsageError("step needs --pr N")
        }
        let options = Line.Options(patience: 0, only: PRNumber(number), oneStage: true)
        return try await LineRun(context: context, options: options).perform()
    }
}

/// Reads a time span on the command line.
enum Duration {
    /// Seconds of `90`, `45s`, `15m` or `2h`; nil for anything else.
    static func seconds(_ text: String) -> Double? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Double(unit == nil ? text : String(text.dropLast())), number >= 0, number.isFinite else {
            return nil
        }
        return number * (unit ?? 1)
    }
}
