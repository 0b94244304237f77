package import FactoryCore

/// Decision records: by which names texts mention them, and which files are meant.
package enum DecisionRecords {
    /// The names in a text, each once, in order: paths such as `docs/decisions/0003-x.md`, and `ADR-3`, `ADR 3`,
    /// `decision 0003` or `decision record 3`.
    package static func mentioned(in text: String) -> [String] {
        let words = text.split { $0.isWhitespace || "()[]<>\"'`,;:!?*".contains($0) }
        var names: [String] = []
        for (index, word) in words.enumerated() {
            let word = word.hasSuffix(".") ? word.dropLast() : word
            let name = isPath(word) ? String(word) : number(at: index, in: words)
            if let name, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The files among `paths` that a name means: none, one, or several when the name is ambiguous.
    package static func find(named name: String, among paths: some Sequence<RepoPath>) -> [RepoPath] {
        if isPath(name[...]) {
            let wanted = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
            return paths.filter { $0.text == wanted }
        }
        guard let wanted = digits(atEndOf: name[...]).flatMap({ Int($0) }) else { return [] }
        return paths.filter { path in
            isPath(path.text[...]) && Int(path.name.prefix { $0.isASCII && $0.isNumber }) == wanted
        }
    }

    private static let directories: Set<Substring> = ["decisions", "adr", "adrs"]

    private static func isPath(_ word: Substring) -> Bool {
        word.hasSuffix(".md") && word.split(separator: "/").dropLast().contains { directories.contains($0) }
    }

    /// `ADR-3` in one word, or a number that follows `ADR`, `decision` or `decision record`.
    private static func number(at index: Int, in words: [Substring]) -> String? {
        let word = words[index].hasSuffix(".") ? words[index].dropLast() : words[index]
        guard let digits = digits(atEndOf: word) else { return nil }
        let start = word.dropLast(digits.count).lowercased()
        if start == "adr-" || start == "adr" { return String(word) }
        guard start.isEmpty, index > 0 else { return nil }
        let before = words[index - 1].lowercased()
        if before == "adr" || before == "decision" { return "\(words[index - 1]) \(digits)" }
        guard before == "record", index > 1, words[index - 2].lowercased() == "decision" else { return nil }
        return "\(words[index - 2]) \(digits)"
    }

    private static func digits(atEndOf word: Substring) -> Substring? {
        let count = word.reversed().prefix { $0.isASCII && $0.isNumber }.count
        return (1...6).contains(count) ? word.suffix(count) : nil
    }
}
