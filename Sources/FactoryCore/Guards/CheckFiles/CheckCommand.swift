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

    /// Whether a file that is there would be used in place of another: a makefile that make looks for first, a manifest
    /// for one version of Swift, or a module of the name of one that Python is told to run.
    func prefers(_ path: RepoPath) -> Bool {
        let parts = path.parts
        let here = directory.isEmpty ? 0 : directory.split(separator: "/").count
        guard parts.prefix(here).joined(separator: "/") == directory, parts.count - here <= 2, let name = parts.last
        else {
            return false
        }
        if parts.count - here == 1, makeTargets != nil, ["GNUmakefile", "makefile"].contains(name) { return true }
        if parts.count - here == 1, TestTargetDelta.isManifest(path), name != "Package.swift" {
            return commands.contains { $0.contains("swift") || $0.contains("make") || $0.contains("xcodebuild") }
        }
        let modules: [String] = commands.flatMap { words -> [String] in
            let named = zip(words, words.dropFirst()).filter { $0.0 == "-m" }.map { pair in
                String(pair.1.prefix { $0 != "." })
            }
            return words.first == "pytest" ? named + ["pytest"] : named
        }
        return (modules + Self.runners).contains { module in
            parts.count - here == 1
                ? name == "\(module).py" : parts[here] == module && ["__init__.py", "__main__.py"].contains(name)
        }
    }

    /// Modules by which Python runs tests, or which it loads before anything else: whatever starts it, one of that name in
    /// the directory comes first.
    private static let runners = [
        "unittest", "pytest", "_pytest", "nose2", "doctest", "coverage", "tox", "sitecustomize", "usercustomize",
    ]

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
