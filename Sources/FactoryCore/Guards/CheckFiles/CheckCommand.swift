/// The command line of a check, as far as one can tell from it what the check leans on.
struct CheckCommand {
    /// Relative to the root; empty for the root itself.
    let directory: String
    /// The commands that the line is made of, each as its words.
    private let commands: [[String]]

    init(_ check: Check) {
        directory = check.directory.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        commands = check.run.split { ";&|\n()".contains($0) }.map { command in
            command.split { $0.isWhitespace || $0 == "\"" || $0 == "'" }.map(String.init)
        }
    }

    private static let workshops: Set<String> = [
        "tools", "tool", "scripts", "script", "ci", "hack", "build", "dev", "etc", "bin", "test", "tests",
    ]

    /// Whether the line names a file. Product code that a check starts is what the check is about, not what it is made of.
    func names(_ path: RepoPath) -> Bool {
        let isNamed = commands.contains { words in
            words.contains { word in
                let parts = (directory.isEmpty ? word : "\(directory)/\(word)").split(separator: "/").filter {
                    $0 != "."
                }
                return RepoPath(parts.joined(separator: "/")) == path
            }
        }
        guard isNamed, !(FileKind.isTest(path) && TestLanguages.all.contains { $0.covers(path) }) else { return false }
        return StubLanguage(path) == nil || path.parts.dropLast().contains { Self.workshops.contains($0.lowercased()) }
    }

    /// The targets that `make` is called with; nil when it is not called.
    var makeTargets: [String]? {
        let calls = commands.filter { $0.contains { $0 == "make" || $0 == "gmake" } }
        guard !calls.isEmpty else { return nil }
        return calls.flatMap { words in
            words.drop { $0 != "make" && $0 != "gmake" }.dropFirst().filter { !$0.hasPrefix("-") && !$0.contains("=") }
        }
    }

    /// The scripts of `package.json` that are run.
    var scripts: [String] { commands.flatMap(NodePackage.scripts) }
}
