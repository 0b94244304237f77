package import FactoryProcess

/// The git program, for what needs a person's own repository or the network.
package struct GitProgram: Sendable {
    private let runner: ProcessRunner
    private let environment: [String: String]
    /// Where it runs.
    package let directory: String

    /// `environment` is the person's own, credentials and all; what would point git elsewhere is taken out.
    package init(runner: ProcessRunner, environment: [String: String], directory: String) {
        self.runner = runner
        self.directory = directory
        var own = environment
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"] {
            own[name] = nil
        }
        own["GIT_TERMINAL_PROMPT"] = "0"
        own["LC_ALL"] = "C"
        self.environment = own
    }

    /// The same with settings for this command alone, which go by the environment.
    package func with(_ settings: [(name: String, value: String)]) -> GitProgram {
        var own = environment
        let first = own["GIT_CONFIG_COUNT"].flatMap(Int.init) ?? 0
        own["GIT_CONFIG_COUNT"] = String(first + settings.count)
        for (index, setting) in settings.enumerated() {
            own["GIT_CONFIG_KEY_\(first + index)"] = setting.name
            own["GIT_CONFIG_VALUE_\(first + index)"] = setting.value
        }
        return GitProgram(runner: runner, environment: own, directory: directory)
    }

    /// How a git command ended.
    package struct Answer: Sendable {
        package let code: Int
        package let output: [UInt8]
        package let errors: String
        /// Standard output without the line end.
        package var text: String {
            var text = String(decoding: output, as: UTF8.self)[...]
            while text.last?.isNewline == true { text = text.dropLast() }
            return String(text)
        }
    }

    /// Runs git. A code other than 0 is an answer. Throws when git cannot be run at all, or takes over ten minutes.
    package func ask(_ arguments: [String]) async throws -> Answer {
        let result = try await runner.run(
            Command(
                "git", arguments, environment: environment, directory: directory, capture: .apart,
                limits: ProcessLimits(wall: 600, outputBytes: 32 << 20), marker: "git"))
        guard result.stopped == nil, case .exited(let code) = result.ending else {
            throw ForgeError.git(arguments, "it was ended before it was done")
        }
        return Answer(code: Int(code), output: result.output.bytes, errors: result.errors.text)
    }

    /// Runs git and throws when it fails.
    @discardableResult
    package func run(_ arguments: [String]) async throws -> String {
        let answer = try await ask(arguments)
        guard answer.code == 0 else { throw ForgeError.git(arguments, answer.errors) }
        return answer.text
    }
}
