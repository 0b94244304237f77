import FactoryCore
import FactoryText

/// What one build tool or language suggests.
struct Toolchain {
    let name: String
    var commands: [(name: String, run: String)] = []
    var setup: [SetupStep] = []
    var keep: [String] = []
    /// One command checks everything, so that nothing else need be run.
    var coversAll = false

    static func languages(_ files: RepositoryFiles) -> [Toolchain] {
        [node(files), python(files), cargo(files), swift(files), go(files)].compactMap { $0 }
    }

    private mutating func fetch(_ run: String) {
        var step = SetupStep(run: run)
        step.network = true
        setup.append(step)
    }

    static func make(_ files: RepositoryFiles) -> Toolchain? {
        guard let text = ["GNUmakefile", "makefile", "Makefile"].lazy.compactMap({ files.text($0) }).first else {
            return nil
        }
        let targets = makeTargets(text)
        var make = Toolchain(name: "make")
        make.coversAll = targets.contains("check")
        let wanted = make.coversAll ? ["check"] : ["lint", "test"]
        make.commands = wanted.filter(targets.contains).map { ($0, "make \($0)") }
        return make
    }

    /// The names before the colon of each rule; assignments (`:=`, `::=`) and recipes are none.
    static func makeTargets(_ text: String) -> Set<String> {
        var targets: Set<String> = []
        for line in UTF8Text.lines(of: text) where line.first.map({ !$0.isWhitespace && $0 != "#" }) == true {
            guard let colon = line.firstIndex(of: ":"), !line[..<colon].contains("=") else { continue }
            if line[colon...].drop(while: { $0 == ":" }).first == "=" { continue }
            targets.formUnion(line[..<colon].split(whereSeparator: \.isWhitespace).map(String.init))
        }
        return targets
    }

    static func node(_ files: RepositoryFiles) -> Toolchain? {
        guard let bytes = files.bytes("package.json"), let package = try? JSON(parsing: bytes) else { return nil }
        var node = Toolchain(name: "npm")
        let managers = [
            ("package-lock.json", "npm ci", "npm run"), ("npm-shrinkwrap.json", "npm ci", "npm run"),
            ("pnpm-lock.yaml", "pnpm install --frozen-lockfile", "pnpm run"),
            ("yarn.lock", "yarn install --frozen-lockfile", "yarn run"),
        ]
        let manager = managers.first { files.has($0.0) }
        if let manager {
            node.fetch(manager.1)
            node.keep = ["node_modules"]
        }
        let scripts = package["scripts"]
        for name in ["lint", "typecheck", "test"] {
            guard let script = scripts?[name]?.string, !script.contains("no test specified") else { continue }
            let runner = manager?.2 ?? "npm run"
            node.commands.append(
                (name, name == "test" ? runner.replacing(" run", with: "") + " test" : "\(runner) \(name)"))
        }
        return node
    }

    static func python(_ files: RepositoryFiles) -> Toolchain? {
        let manifests = ["pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt", "requirements-dev.txt"]
        let namesPytest = manifests.contains { files.text($0)?.contains("pytest") == true }
        let configures = ["pytest.ini", "conftest.py", "tests/conftest.py"].contains(where: files.has)
        if namesPytest || configures {
            return Toolchain(name: "python", commands: [("test", "python3 -m pytest")])
        }
        let isTest = { (path: String) in
            path.hasSuffix(".py") && (path.split(separator: "/").last ?? "").hasPrefix("test")
        }
        for folder in ["tests", "test"] where files.paths.contains(where: { $0.hasPrefix(folder + "/") && isTest($0) })
        {
            let top = files.has("\(folder)/__init__.py") ? " -t ." : ""
            return Toolchain(name: "python", commands: [("test", "python3 -m unittest discover -s \(folder)\(top)")])
        }
        guard files.paths.contains(where: { !$0.contains("/") && isTest($0) }) else { return nil }
        return Toolchain(name: "python", commands: [("test", "python3 -m unittest")])
    }

    static func cargo(_ files: RepositoryFiles) -> Toolchain? {
        guard files.has("Cargo.toml") else { return nil }
        var cargo = Toolchain(name: "cargo", commands: [("test", "cargo test")], keep: ["target"])
        if files.text("Cargo.lock")?.contains("source = ") == true { cargo.fetch("cargo fetch --locked") }
        return cargo
    }

    static func swift(_ files: RepositoryFiles) -> Toolchain? {
        guard let manifest = files.text("Package.swift") else { return nil }
        let hasTests = files.paths.contains { $0.hasPrefix("Tests/") }
        let command = hasTests ? ("test", "swift test") : ("build", "swift build")
        var swift = Toolchain(name: "swift", commands: [command], keep: [".build"])
        if manifest.contains(".package(url:") { swift.fetch("swift package resolve") }
        return swift
    }

    static func go(_ files: RepositoryFiles) -> Toolchain? {
        guard files.has("go.mod") else { return nil }
        var go = Toolchain(name: "go", commands: [("lint", "go vet ./..."), ("test", "go test ./...")])
        if files.has("go.sum") { go.fetch("go mod download") }
        return go
    }
}
