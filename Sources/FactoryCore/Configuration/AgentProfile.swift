/// How a known agent program is started, read and judged. Data: a new program needs a new profile and no new code.
///
/// Words of arguments and environment may hold placeholders in braces, such as `{model}`; which there are says
/// `AgentProfileReference`.
package struct AgentProfile: Hashable, Sendable {
    /// Who makes the models that it usually talks to, such as `openai`: two agents of one vendor have the same blind
    /// spots. Nil: unknown, or whatever it is configured for.
    package var vendor: String?
    /// The version that the profile was written for, and how well that is known.
    package var checked: Checked = .init()
    /// The program: a name in `PATH`, or an absolute path.
    package var program: String
    /// Its arguments. A word that is `{mode}`, `{model}`, `{schema}` or `{extra}` stands for the list of that name.
    package var arguments: [String] = []
    /// What `{mode}` stands for, for a writer.
    package var write: [String] = []
    /// What `{mode}` stands for, for a reviewer.
    package var readOnly: [String] = []
    /// What `{mode}` stands for inside the line's own sandbox, where the program's own is switched off; nil: as outside.
    package var fenced: Fenced?
    /// What `{model}` stands for when a model is configured.
    package var model: [String] = []
    /// What `{schema}` stands for: how the program is given a schema for its last answer. Empty: it takes none.
    package var schema: [String] = []
    /// What `{extra}` stands for: further arguments of the user's.
    package var extra: [String] = []
    /// Arguments that make it print its version.
    package var version: [String] = ["--version"]
    package var prompt: PromptChannel = .stdin
    /// Variables it gets, as templates.
    package var environment: [String: String] = [:]
    /// Variables of the line's environment that are passed on when they are set, beside those that the setting names.
    package var keys: [String] = []
    /// Files that are laid out before the start, in the session's own directories: path and text, as templates.
    package var files: [String: String] = [:]
    /// The program's login files, laid out when the setting says `login: true`.
    package var login: [LoginFile] = []
    /// Hosts that it needs.
    package var hosts: [String] = []
    /// How its output is read.
    package var output: OutputFormat = .text
    /// The file that tells how the run went or what it used; a component may be `*`. Nil: there is none.
    package var report: String?
    /// Which lines of standard output that are no JSON are the program's own words, not the model's: a pattern. Nil: all
    /// of them where the output is JSON, none where it is text.
    package var notices: String?
    /// A log file of the program, and the pattern of its lines that speak of the provider.
    package var log: Log?
    /// What exit codes mean.
    package var exits: [Int: Fault] = [:]
    /// Whether it exits with 0 after errors of the provider, so that its own words have to decide.
    package var failsWithZero = false
    /// Patterns of its diagnostics, tried before the usual ones.
    package var errors: [Fault: String] = [:]
    /// Files and directories beside the lane whose change shows progress.
    package var progress: [String] = []
    /// Seconds between SIGTERM and SIGKILL.
    package var grace: Double = 5
    /// USD per million tokens, for programs that tell no cost.
    package var prices: Prices?

    package init(program: String) { self.program = program }
}

extension AgentProfile {
    /// How the prompt reaches the program. It stands in a file in any case.
    package enum PromptChannel: String, CaseIterable, Sendable {
        case stdin
        /// Its path is an argument: `{prompt-file}`.
        case file
        /// It is an argument itself: `{prompt}`. Linux takes at most 128 KiB.
        case argument
    }

    /// How the output is read: each is the shape that one program or several of them print.
    package enum OutputFormat: String, CaseIterable, Sendable {
        case codex
        case claude
        case gemini
        case opencode
        case goose
        case messages
        case openhands
        /// Text for people, and a trajectory in `report`.
        case mini
        /// JSON lines, and an export in `report`.
        case vibe
        case text
    }

    /// What can be wrong with the provider or the program, in the order in which diagnostics are searched.
    package enum Fault: String, CaseIterable, Sendable {
        case quota
        case rateLimit = "rate-limit"
        case authentication
        case modelUnknown = "model-unknown"
        case contextOverflow = "context-overflow"
        case refusal
        case limit
        case providerDown = "provider-down"
    }

    /// The version that a profile was written for.
    package struct Checked: Hashable, Sendable {
        /// How well that is known.
        package enum Source: String, CaseIterable, Sendable {
            /// The program was run.
            case run
            /// Only its documents or its source were read.
            case documents
        }
        package var version: String = ""
        package var source: Source = .documents
        package init() {}
    }

    /// The arguments of both modes inside the line's own sandbox.
    package struct Fenced: Hashable, Sendable {
        package var write: [String] = []
        package var readOnly: [String] = []
        package init() {}
    }

    /// A file that holds a login: where the user has it, and where the session expects it.
    package struct LoginFile: Hashable, Sendable {
        /// `~` is the user's home.
        package var from: String
        package var to: String
        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// A log of the program, and the pattern of its lines that speak of the provider.
    package struct Log: Hashable, Sendable {
        package var path: String
        package var lines: String
        package init(path: String, lines: String) {
            self.path = path
            self.lines = lines
        }
    }

    /// USD per million tokens.
    package struct Prices: Hashable, Sendable {
        package var input: Double
        package var output: Double
        package init(input: Double, output: Double) {
            self.input = input
            self.output = output
        }
    }
}

extension AgentProfile {
    /// What a word in braces stands for, in arguments, variables, paths and laid-out files.
    package enum Placeholder: String, CaseIterable, Sendable {
        /// The text of the prompt, and the path of the file that holds it.
        case prompt
        case promptFile = "prompt-file"
        /// The prompt as a JSON string, quotes included.
        case promptJSON = "prompt-json"
        /// The configured model; empty when there is none.
        case modelName = "model-name"
        /// The lane.
        case directory
        /// The file that `FACTORY_RESULT` names, and its directory.
        case resultFile = "result-file"
        case out
        /// Two directories of the session's own, empty at its start and removed at its end.
        case state
        case tmp
        /// The JSON schema of the result: the path of a file that holds it, and the text.
        case schemaFile = "schema-file"
        case schemaText = "schema-text"
    }

    /// What a whole argument in braces stands for: a list of this profile, which may be empty.
    package enum ListPlaceholder: String, CaseIterable, Sendable { case mode, model, schema, extra }
}

/// A text that may hold placeholders.
package struct ProfileTemplate: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// The names in braces: letters and hyphens and nothing else, so that JSON and TOML may stand in a template.
    package var names: [String] { text.matches(of: Self.pattern).map { String($0.1) } }

    /// The text with every placeholder replaced.
    package func filled(_ value: (AgentProfile.Placeholder) -> String) -> String {
        text.replacing(Self.pattern) { match in
            AgentProfile.Placeholder(rawValue: String(match.1)).map(value) ?? String(match.0)
        }
    }

    private static var pattern: Regex<(Substring, Substring)> { /\{([a-z]+(?:-[a-z]+)*)\}/ }
}
