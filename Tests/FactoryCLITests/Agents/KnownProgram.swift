import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// An agent program that is installed for `make test-agents`, pointed at a scripted model.
struct KnownProgram: Sendable, CustomTestStringConvertible {
    let name: String
    /// Below the directory of its virtual environment.
    let path: String
    let model: String
    /// Keys of its profile that lead it to the model at this port.
    let profile: @Sendable (Int) -> String

    var testDescription: String { name }

    /// Where the programs are installed; nil when they are not to be tested.
    static let directory = getenv("FACTORY_TEST_AGENTS").map { String(cString: $0) }

    /// Those that are installed.
    static var installed: [KnownProgram] {
        all.filter { program in directory.map { Files.isProgram("\($0)/\(program.name)/\(program.path)") } ?? false }
    }

    static let all = [
        KnownProgram(
            name: "codex", path: "lib/\(python)/site-packages/codex_cli_bin/bin/codex", model: "gpt-5.1",
            profile: { port in
                let provider =
                    "{name=\"scripted\",base_url=\"http://127.0.0.1:\(port)/v1\",wire_api=\"responses\",env_key=\"KEY\"}"
                return "extra: [-c, model_provider=scripted, -c, 'model_providers.scripted=\(provider)']"
            }),
        KnownProgram(
            name: "mini", path: "bin/mini", model: "openai/scripted",
            profile: { "environment: { OPENAI_BASE_URL: \"http://127.0.0.1:\($0)/v1\" }" }),
        KnownProgram(
            name: "kimi", path: "bin/kimi", model: "s",
            profile: { port in
                let provider = #"{"type":"openai_legacy","base_url":"http://127.0.0.1:\#(port)/v1","api_key":"x"}"#
                let model = #"{"provider":"p","model":"scripted","max_context_size":131072}"#
                let whole = #"{"default_model":"s","providers":{"p":\#(provider)},"models":{"s":\#(model)}}"#
                return "extra: [--config, '\(whole)']"
            }),
    ]

    /// The name of the directory in which a virtual environment keeps its packages.
    private static let python = directory.flatMap { try? Files.list("\($0)/codex/lib").first } ?? "python3"

    /// What a sandbox has to show of it: its virtual environment, and the Python that this was made with.
    var places: [String] {
        let home = "\(Self.directory ?? "")/\(name)"
        let python = (try? Paths.resolve("\(home)/bin/python3")).map { Paths.parent(of: Paths.parent(of: $0)) }
        return [home] + [python].compactMap { $0 }.filter { $0 != "/usr" }
    }

    /// A profile of a repository's own, which only says where the program and its model are.
    func profiles(port: Int) -> String {
        """
        version: 1
        profiles:
          \(name):
            program: \(Self.directory ?? "")/\(name)/\(path)
            \(profile(port))

        """
    }

    var setting: String { "{ profile: \(name), model: \(model), env: [KEY, CODEX_API_KEY, OPENAI_API_KEY] }" }
    static let keys = ["KEY": "x", "CODEX_API_KEY": "x", "OPENAI_API_KEY": "x"]
}

/// What a provider does, and what has to come of it.
struct Condition: Sendable, CustomTestStringConvertible {
    let name: String
    let expected: Expected

    enum Expected: Sendable {
        case deferred(Deferral.Kind)
        case failed(FactoryCore.Failure)
        case delivered
        /// Whatever the program makes of it.
        case anything
    }

    var testDescription: String { name }

    init(_ name: String, _ expected: Expected) {
        self.name = name
        self.expected = expected
    }

    static let all = [
        Condition("429", .deferred(.rateLimit)), Condition("quota", .deferred(.quota)),
        Condition("500", .deferred(.providerDown)), Condition("503", .deferred(.providerDown)),
        Condition("refused", .deferred(.providerDown)), Condition("401", .failed(.authentication)),
        Condition("unknown-model", .failed(.modelUnknown)), Condition("never", .failed(.stalled)),
        Condition("sleep", .anything), Condition("429 then well 2", .delivered),
    ]
}
