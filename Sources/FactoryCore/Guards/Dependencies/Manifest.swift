/// The dependencies that a manifest names: what somebody else wrote and the product would take in. Packages of the same
/// repository are none.
struct Manifest {
    /// Where names of equal spelling are the same dependency.
    enum Ecosystem: Hashable { case swift, node, python, rust, go, ruby, java, php }

    let ecosystem: Ecosystem
    /// The requirement of each, as written, by name.
    let dependencies: [String: String]

    /// Nil when the path is no manifest that is known.
    init?(_ path: RepoPath, _ content: [UInt8]?) {
        guard let (ecosystem, read) = Self.reader(of: path.lowerName) else { return nil }
        self.ecosystem = ecosystem
        let pairs = content.map { read(String(decoding: $0, as: UTF8.self)) } ?? []
        dependencies = Dictionary(pairs) { "\($0), \($1)" }
    }

    typealias Pair = (name: String, requirement: String)

    private static func reader(of name: String) -> (Ecosystem, (String) -> [Pair])? {
        switch name {
        case "package.swift": (.swift, SwiftManifest.read)
        case "package.json": (.node, { JSONManifest.read($0, nodeKeys) })
        case "composer.json":
            (.php, { JSONManifest.read($0, ["require", "require-dev"]).filter { $0.name.contains("/") } })
        case "pyproject.toml", "pipfile": (.python, TOMLManifest.python)
        case "cargo.toml": (.rust, TOMLManifest.rust)
        case "go.mod": (.go, LineManifest.go)
        case "gemfile": (.ruby, LineManifest.ruby)
        case "pom.xml": (.java, LineManifest.maven)
        case "build.gradle", "build.gradle.kts": (.java, LineManifest.gradle)
        case _ where FileKind.isRequirements(name): (.python, LineManifest.requirements)
        case _ where name.hasSuffix(".gemspec"): (.ruby, LineManifest.ruby)
        default: nil
        }
    }

    private static let nodeKeys = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]
}

/// `package.json` and `composer.json`.
enum JSONManifest {
    static func read(_ text: String, _ keys: [String]) -> [Manifest.Pair] {
        guard let document = try? JSON(parsing: text) else { return [] }
        return keys.flatMap { key in
            (document[key]?.object?.members ?? []).compactMap { member -> Manifest.Pair? in
                guard let requirement = member.value.string, !isLocal(requirement) else { return nil }
                return (member.key, requirement)
            }
        }
    }

    private static func isLocal(_ requirement: String) -> Bool {
        ["file:", "link:", "workspace:", "portal:"].contains { requirement.hasPrefix($0) }
    }
}

/// `Package.swift`.
enum SwiftManifest {
    static func read(_ text: String) -> [Manifest.Pair] {
        let masked = SwiftMask.masked(Array(text.utf8))
        var pairs: [Manifest.Pair] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 7, masked.has(".package(", at: word.lowerBound - 1) else { continue }
            let close = masked.closing(index)
            guard close < masked.code.count else { continue }
            let arguments = (index + 1)..<close
            // What stands inside a call is no call of its own, so every byte is looked at once.
            index = close
            let source = masked.sourceText(arguments)
            guard let place = string(after: "url:", masked, arguments) ?? string(after: "id:", masked, arguments) else {
                continue
            }
            let last = place.split(separator: "/").last.map(String.init) ?? place
            pairs.append(
                (
                    last.hasSuffix(".git") ? String(last.dropLast(4)) : last,
                    source.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                ))
        }
        return pairs
    }

    /// The string literal behind a label among arguments.
    private static func string(after label: StaticString, _ masked: MaskedSource, _ range: Range<Int>) -> String? {
        guard
            let start = range.first(where: { masked.has(label, at: $0) && !MaskedSource.isWord(masked.code[$0 - 1]) }),
            let open = masked.near(UInt8(ascii: "\""), from: start),
            let close = masked.near(UInt8(ascii: "\""), from: open + 1)
        else { return nil }
        return masked.sourceText((open + 1)..<close)
    }
}

/// `pyproject.toml`, `Pipfile` and `Cargo.toml`.
enum TOMLManifest {
    static func python(_ text: String) -> [Manifest.Pair] {
        TOMLEntry.all(in: text).flatMap { entry -> [Manifest.Pair] in
            switch (entry.section, entry.key) {
            case ("project", "dependencies"), ("build-system", "requires"), ("project.optional-dependencies", _),
                ("dependency-groups", _), ("tool.uv", "dev-dependencies"):
                return entry.strings.compactMap(PythonRequirement.init).map { ($0.name, $0.text) }
            case ("packages", _), ("dev-packages", _), ("tool.poetry.dependencies", _),
                ("tool.poetry.dev-dependencies", _):
                return named(entry)
            case (let section, _) where section.hasPrefix("tool.poetry.group.") && section.hasSuffix(".dependencies"):
                return named(entry)
            default: return []
            }
        }
    }

    private static func named(_ entry: TOMLEntry) -> [Manifest.Pair] {
        guard entry.key != "python", !isPath(entry.value) else { return [] }
        return [(PythonRequirement.normal(entry.key), entry.value)]
    }

    static func rust(_ text: String) -> [Manifest.Pair] {
        var pairs: [Manifest.Pair] = []
        var tables: [String: String] = [:]
        for entry in TOMLEntry.all(in: text) {
            if entry.section.hasSuffix("dependencies") {
                let name = entry.key.split(separator: ".").first.map(String.init) ?? entry.key
                let value = name == entry.key ? entry.value : "\(entry.key.dropFirst(name.count + 1)) = \(entry.value)"
                if !isElsewhere(value) { pairs.append((name, value)) }
            } else if let dot = entry.section.lastIndex(of: "."), entry.section[..<dot].hasSuffix("dependencies") {
                tables[String(entry.section[entry.section.index(after: dot)...]), default: ""] +=
                    "\(entry.key) = \(entry.value) "
            }
        }
        return pairs + tables.filter { !isElsewhere($0.value) }.map { ($0.key, $0.value.trimmingSpace) }
    }

    /// A crate of this repository, or one that the workspace's own manifest names.
    private static func isElsewhere(_ value: String) -> Bool {
        isPath(value) || value.filter { $0 != " " }.contains("workspace=true")
    }

    private static func isPath(_ value: String) -> Bool {
        let keys = value.split { !$0.isLetter }.map(String.init)
        return keys.contains("path") && !keys.contains("version") && !keys.contains("git")
    }
}

/// One requirement as pip reads it, such as `requests[socks]>=2 ; python_version < "3.12"`.
struct PythonRequirement {
    let name: String
    let text: String

    init?(_ text: String) {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard let first = name.first, first != ".", first != "-" else { return nil }
        self.name = Self.normal(String(name))
        self.text = text
    }

    /// The spelling under which an index knows a name.
    static func normal(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
    }
}
