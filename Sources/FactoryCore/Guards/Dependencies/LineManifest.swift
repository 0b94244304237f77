/// Manifests that can be read line by line.
enum LineManifest {
    static func requirements(_ text: String) -> [Manifest.Pair] {
        lines(text).compactMap { line -> Manifest.Pair? in
            var line = line.hasPrefix("#") ? "" : line
            if let comment = line.firstRange(of: " #") { line = String(line[..<comment.lowerBound]).trimmingSpace }
            for option in ["-e ", "--editable "] where line.hasPrefix(option) {
                line = String(line.dropFirst(option.count)).trimmingSpace
            }
            if line.isEmpty || line.hasPrefix("-") || line.hasPrefix(".") || line.hasPrefix("/") { return nil }
            if line.contains("://"), !line.contains(" @ ") {
                let egg = line.firstRange(of: "egg=").map { String(line[$0.upperBound...].prefix { $0 != "&" }) }
                return (egg.map(PythonRequirement.normal) ?? line, line)
            }
            return PythonRequirement(line).map { ($0.name, $0.text) }
        }
    }

    /// What a module needs by its own word; what those need in turn follows from it.
    static func go(_ text: String) -> [Manifest.Pair] {
        var block = ""
        return lines(text).compactMap { line -> Manifest.Pair? in
            if line == ")" {
                block = ""
                return nil
            }
            var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.count == 2, words[1] == "(" {
                block = words[0]
                return nil
            }
            let directive = block.isEmpty && !words.isEmpty ? words.removeFirst() : block
            let code = words.prefix { !$0.hasPrefix("//") }
            if directive == "require", code.count == 2, !words.contains("indirect") { return (code[0], code[1]) }
            guard directive == "replace", let arrow = code.firstIndex(of: "=>"), arrow + 1 < code.count,
                !code[arrow + 1].hasPrefix("."), !code[arrow + 1].hasPrefix("/")
            else { return nil }
            return (code[arrow + 1], code[arrow...].joined(separator: " "))
        }
    }

    private static let gems = ["gem ", "gem("]
    private static let gemMethods = [".add_dependency", ".add_runtime_dependency", ".add_development_dependency"]

    static func ruby(_ text: String) -> [Manifest.Pair] {
        lines(text).compactMap { line -> Manifest.Pair? in
            let line = Quoted.withoutComment(line, "#").trimmingSpace
            guard gems.contains(where: line.hasPrefix) || gemMethods.contains(where: { line.contains($0) }),
                !line.contains("path:"), let name = Quoted.strings(in: line).first
            else { return nil }
            return (name, line)
        }
    }

    static func maven(_ text: String) -> [Manifest.Pair] {
        ["dependency", "plugin"].flatMap { element in
            elements(element, in: text[...]).compactMap { body -> Manifest.Pair? in
                guard let artifact = elements("artifactId", in: body).first else { return nil }
                let group = elements("groupId", in: body).first ?? "org.apache.maven.plugins"
                let version = elements("version", in: body).first ?? ""
                return ("\(group.trimmingSpace):\(artifact.trimmingSpace)", version.trimmingSpace)
            }
        }
    }

    private static func elements(_ name: String, in text: Substring) -> [Substring] {
        var found: [Substring] = []
        var rest = text
        while let open = rest.firstRange(of: "<\(name)>") {
            let inside = rest[open.upperBound...]
            guard let close = inside.firstRange(of: "</\(name)>") else { break }
            found.append(inside[..<close.lowerBound])
            rest = inside[close.upperBound...]
        }
        return found
    }

    private static let configurations = [
        "implementation", "api", "compileonly", "runtimeonly", "classpath", "kapt", "ksp", "annotationprocessor",
        "compile",
    ]

    static func gradle(_ text: String) -> [Manifest.Pair] {
        lines(text).compactMap { line -> Manifest.Pair? in
            let word = line.prefix { $0.isLetter }.lowercased()
            guard configurations.contains(where: word.hasSuffix) else { return nil }
            guard let place = Quoted.strings(in: line).first else { return nil }
            let parts = place.split(separator: ":").map(String.init)
            return parts.count >= 2 ? ("\(parts[0]):\(parts[1])", parts.dropFirst(2).joined(separator: ":")) : nil
        }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map(\.trimmingSpace).filter { !$0.isEmpty }
    }
}
