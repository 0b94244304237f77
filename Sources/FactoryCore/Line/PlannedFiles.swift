/// The files that a plan names, found by fixed rules: the same text gives the same names. A stranger's text, so bounded.
package enum PlannedFiles {
    /// The most that is read of a plan, in bytes, and the most names that are taken from it.
    private static let (textLimit, countLimit, nameLimit) = (256 << 10, 200, 200)

    /// Paths and patterns in the order in which the plan names them, each once: those below its heading `Files`, or of
    /// the whole text where nothing stands there.
    ///
    /// In backticks a name counts that has a slash or looks like a file of code; elsewhere it needs a slash, and a last
    /// part with a dot, a star or a slash behind it: "and/or" is no file.
    package static func named(in plan: [UInt8]) -> [String] {
        let text = String(decoding: plan.prefix(textLimit), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        let listed = names(in: section(of: lines))
        return listed.isEmpty ? names(in: lines[...]) : listed
    }

    /// The lines between the heading `Files` and the next heading that is no deeper.
    private static func section(of lines: [Substring]) -> ArraySlice<Substring> {
        guard let start = lines.firstIndex(where: { title(of: $0) == "files" }) else { return [] }
        let depth = level(of: lines[start])
        let rest = lines[(start + 1)...]
        return rest.prefix { level(of: $0) == 0 || level(of: $0) > depth }
    }

    /// How many signs a heading begins with; 0: it is none.
    private static func level(of line: Substring) -> Int {
        let signs = line.prefix { $0 == "#" }
        return signs.count <= 6 && line.dropFirst(signs.count).first == " " ? signs.count : 0
    }

    private static func title(of line: Substring) -> String? {
        let depth = level(of: line)
        return depth == 0 ? nil : line.dropFirst(depth).filter { $0.isLetter || $0.isNumber }.lowercased()
    }

    private static func names(in lines: ArraySlice<Substring>) -> [String] {
        var (found, seen): ([String], Set<String>) = ([], [])
        for line in lines {
            // Every second piece stands between two backticks.
            for (index, piece) in line.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
                for word in piece.split(whereSeparator: { $0.isWhitespace || ",;()[]{}<>\"'|".contains($0) }) {
                    guard let name = name(word, isQuoted: index % 2 == 1), seen.insert(name).inserted else { continue }
                    found.append(name)
                    if found.count == countLimit { return found }
                }
            }
        }
        return found
    }

    /// The repository path or pattern that a word is; nil when it is none.
    private static func name(_ word: Substring, isQuoted: Bool) -> String? {
        var word = word
        if word.count > 4, word.hasPrefix("**"), !word.hasPrefix("**/"), word.hasSuffix("**") {
            word = word.dropFirst(2).dropLast(2)
        }
        while let last = word.last, ".:!?".contains(last) { word.removeLast() }
        while word.hasPrefix("./") { word.removeFirst(2) }
        // `lib/a.txt:12` names a line of it.
        if let colon = word.firstIndex(of: ":") { word = word[..<colon] }
        let isDirectory = word.hasSuffix("/")
        let parts = word.split(separator: "/")
        guard let last = parts.last, word.utf8.count <= nameLimit, !word.hasPrefix("/"), !word.hasPrefix("-"),
            word.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0.isPlain }),
            parts.allSatisfy({ $0 != ".." && $0 != "." }), parts.contains(where: { $0.contains { $0.isLetter } })
        else { return nil }
        let isFile = isDirectory || last.dropFirst().contains(".") || last.contains("*")
        guard parts.count > 1 ? isQuoted || isFile : isQuoted && (isDirectory || isCode(last)) else { return nil }
        return String(word)
    }

    /// Whether a name without a directory is that of a file: `array.count` is none.
    private static func isCode(_ name: Substring) -> Bool {
        if ["Makefile", "Dockerfile", "Justfile", "Gemfile", "Rakefile"].contains(name) { return true }
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
        return endings.contains(name[name.index(after: dot)...].lowercased())
    }

    private static let endings: Set<String> = [
        "c", "cc", "cfg", "cpp", "cs", "css", "csv", "go", "gradle", "h", "hpp", "html", "ini", "java", "js", "json",
        "jsx", "kt", "lock", "lua", "m", "md", "mod", "mjs", "php", "pl", "proto", "py", "rb", "rs", "scala", "scss",
        "sh",
        "sql", "sum", "swift", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml",
    ]
}

extension Unicode.Scalar {
    /// A sign that names of files and patterns are made of, beside letters.
    fileprivate var isPlain: Bool { properties.numericType != nil || "-_.+@~=/*?".unicodeScalars.contains(self) }
}

extension PlannedFiles {
    /// The names by which two plans touch each other, in the words of the first; at most five.
    ///
    /// Files that everybody touches do not count, nor does a pattern that begins with a star, which says nothing about
    /// where: either would put the whole queue in a row.
    package static func shared(_ a: [String], _ b: [String]) -> [String] {
        let others = b.filter { !isEverybodys($0) }
        guard !others.isEmpty else { return [] }
        var found: [String] = []
        for name in a where !isEverybodys(name) && others.contains(where: { touches(name, $0) }) {
            found.append(name)
            if found.count == 5 { break }
        }
        return found
    }

    /// What nearly every change adds a line to. A conflict there is small, and is met at landing.
    static func isEverybodys(_ name: String) -> Bool {
        guard let first = name.first, first != "*", first != "?" else { return true }
        let last = (name.split(separator: "/").last ?? "").lowercased()
        let stem = last.prefix { $0 != "." && $0 != "_" && $0 != "-" }
        return ["readme", "changelog", "changes", "news", "history"].contains(stem) || locks.contains(last)
            || last.hasSuffix(".lock")
    }

    private static let locks: Set<String> = [
        "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "bun.lockb", "package.resolved", "go.sum",
        "gradle.lockfile", "packages.lock.json",
    ]

    /// Whether two names can mean one file. A directory means all below it, with or without a slash behind it.
    static func touches(_ a: String, _ b: String) -> Bool {
        let (x, y) = (Extent(a), Extent(b))
        if !x.isPattern && !y.isPattern { return x.isAtOrAbove(y) || y.isAtOrAbove(x) }
        if !x.isPattern { return y.matches(x) }
        if !y.isPattern { return x.matches(y) }
        // Two patterns are compared by what stands before the first star and behind the last: rather too often a hit.
        let isNear = x.head.hasPrefix(y.head) || y.head.hasPrefix(x.head)
        return isNear && (x.tail.hasSuffix(y.tail) || y.tail.hasSuffix(x.tail))
    }

    /// Where a name reaches.
    private struct Extent {
        let text: String
        let isPattern: Bool

        init(_ name: String) {
            text = name.hasSuffix("/") ? String(name.dropLast()) : name
            isPattern = name.contains { "*?".contains($0) }
        }

        var head: Substring { text.prefix { !"*?".contains($0) } }
        var tail: Substring {
            text.suffix(from: text.lastIndex { "*?".contains($0) }.map(text.index(after:)) ?? text.startIndex)
        }

        func isAtOrAbove(_ other: Extent) -> Bool { other.text == text || other.text.hasPrefix(text + "/") }

        /// Whether this pattern can mean the path, or something below it.
        func matches(_ path: Extent) -> Bool {
            Glob(text).matches(RepoPath(path.text)) || head.hasPrefix(path.text + "/")
        }
    }
}
