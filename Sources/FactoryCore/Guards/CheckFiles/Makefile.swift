/// As much of a makefile as it takes to see whether a target still does what it did.
struct Makefile {
    private struct Rule {
        var text: String
        var needs: [String]
    }
    /// The first target, which is made when none is named.
    private(set) var first: String?
    private var rules: [String: Rule] = [:]
    private var variables: [String: String] = [:]

    /// What steers every recipe; the first stands for what is handed on to all of them or read from other files.
    private static let global: Set<String> = [
        "export", "SHELL", ".SHELLFLAGS", "MAKEFLAGS", "GNUMAKEFLAGS", ".IGNORE", ".SILENT", ".ONESHELL",
        ".DEFAULT_GOAL",
    ]
    private static let handingOn: Set<String> = ["export", "unexport", "include", "-include", "sinclude", "load"]

    init(_ text: String) {
        var current: [String] = []
        for line in Self.logicalLines(text) {
            if line.hasPrefix("\t") {
                for target in current { rules[target]?.text += line.trimmingSpace + "\n" }
                continue
            }
            let code = Quoted.withoutComment(line, "#").trimmingSpace
            if code.isEmpty { continue }
            let words = code.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.first(where: { $0 != "override" }).map(Self.handingOn.contains) == true {
                variables["export", default: ""] += code + "\n"
            }
            if let (name, isAssignment, rest) = Self.head(of: code) {
                if isAssignment {
                    variables[name, default: ""] += code + "\n"
                    current = []
                } else {
                    current = name.split(whereSeparator: \.isWhitespace).map(String.init)
                    let needs = rest.split { $0.isWhitespace || $0 == "|" }.map(String.init)
                    for target in current {
                        if first == nil, !target.hasPrefix(".") { first = target }
                        rules[target, default: Rule(text: "", needs: [])].text += ": \(rest)\n"
                        rules[target]?.needs += needs
                    }
                }
            }
        }
    }

    /// Everything that making a target comes down to: recipes, what they need, and the variables in them, by name.
    func closure(of target: String) -> [String: String] {
        var found: [String: String] = [:]
        var waiting = [target] + Self.global
        while let name = waiting.popLast() {
            if found[name] != nil { continue }
            let text = (rules[name]?.text ?? "") + (variables[name] ?? "")
            if text.isEmpty { continue }
            found[name] = text
            waiting += (rules[name]?.needs ?? []) + Self.references(in: text)
        }
        return found
    }

    /// The variables that a text uses, and the words behind a call of make itself.
    private static func references(in text: String) -> [String] {
        var names = text.split { !$0.isLetter && !$0.isNumber && !"_.-$({".contains($0) }
            .flatMap { $0.split(separator: "$").dropFirst($0.hasPrefix("$") ? 0 : 1) }
            .filter { $0.hasPrefix("(") || $0.hasPrefix("{") }
            .map { String($0.dropFirst().prefix { $0 != "(" && $0 != "{" }) }
        for line in text.split(separator: "\n") {
            guard let call = line.firstRange(of: "$(MAKE)") else { continue }
            names += line[call.upperBound...].split(whereSeparator: \.isWhitespace).map(String.init)
        }
        return names
    }

    /// Name, whether it is assigned to, and what stands behind: `CC := clang`, `test: build`. Nil for neither.
    private static func head(of line: String) -> (name: String, isAssignment: Bool, rest: String)? {
        guard let sign = line.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
        let name = String(line[..<sign]).trimmingSpace
        let rest = line[line.index(after: sign)...]
        if line[sign] == "=" || rest.hasPrefix("=") || rest.hasPrefix(":=") {
            let words = name.filter { !"?+!".contains($0) }.split(whereSeparator: \.isWhitespace)
            return words.last.map { (String($0), true, String(rest)) }
        }
        return name.isEmpty ? nil : (name, false, String(rest.drop { $0 == ":" }).trimmingSpace)
    }

    private static func logicalLines(_ text: String) -> [String] {
        var lines: [String] = []
        var isOpen = false
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let goesOn = line.hasSuffix("\\")
            let part = goesOn ? String(line.dropLast()) : String(line)
            if isOpen, let last = lines.indices.last { lines[last] += " " + part } else { lines.append(part) }
            isOpen = goesOn
        }
        return lines
    }
}
