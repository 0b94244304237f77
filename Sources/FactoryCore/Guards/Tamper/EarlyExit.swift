/// A product that ends the process with success: who loads it in a test ends the run of the tests, and nobody hears what
/// failed.
enum EarlyExit {
    static func findings(of change: Change) -> [Weakening] {
        TestLanguages.all.flatMap { language in
            let files = change.files.filter { file in
                file.before?.blob != file.after?.blob && language.writes(file.path) && TestPaths.isProduct(file.path)
            }
            var known: [String: Int] = [:]
            for place in files.flatMap({ places($0.path, $0.before, language) }) { known[place.text, default: 0] += 1 }
            return files.flatMap { places($0.path, $0.after, language) }.filter { place in
                guard let count = known[place.text], count > 0 else { return true }
                known[place.text] = count - 1
                return false
            }.map { place in
                Weakening(
                    signal: .defused,
                    message:
                        "\(place.path) ends the process with success, and the run of tests with it: `\(place.text)`",
                    path: place.path, line: place.line)
            }
        }
    }

    private struct Place {
        var path: RepoPath
        var line: Int
        var text: String
    }

    private static func places(
        _ path: RepoPath, _ version: FileVersion?, _ language: any TestLanguage
    ) -> [Place] {
        guard let content = version?.content, content.contains("xit"), !isEntry(path, content) else { return [] }
        var masked = language.masked(content)
        return language.exits(in: masked).map { index in
            let line = masked.sourceText(masked.lineStart(index)..<masked.lineEnd(index)).trimmed
            let text = line.count > 80 ? line.prefix(80) + "…" : line
            return Place(path: path, line: masked.line(at: index), text: text)
        }
    }

    private static let directories: Set<String> = ["bin", "cli", "commands", "scripts", "script", "tools"]
    private static let stems: Set<String> = ["main", "__main__", "cli", "server", "manage"]

    /// Whether a file is what one starts: by its name, by its directory, or by its first line.
    private static func isEntry(_ path: RepoPath, _ content: [UInt8]) -> Bool {
        let stem = path.name.split(separator: ".").first.map { $0.lowercased() } ?? ""
        return content.starts(with: "#!".utf8) || stems.contains(stem)
            || path.parts.dropLast().contains { directories.contains($0.lowercased()) }
    }
}

extension MaskedSource {
    /// The places of a word that is called with one of these arguments, white space left out.
    func calls(of names: Set<String>, with arguments: Set<String>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while let word = word(from: index) {
            index = word.upperBound
            guard has("(", at: index), names.contains(codeText(word)) else { continue }
            let close = min(closing(index), code.count)
            if arguments.contains(compact((index + 1)..<max(index + 1, close))) { found.append(word) }
        }
        return found
    }

    /// The words right before a word, joined with it by dots: `Foundation` of `Foundation.exit`.
    func receiver(of word: Range<Int>) -> String {
        var start = word.lowerBound
        while start > 0, Self.isWord(code[start - 1]) || code[start - 1] == UInt8(ascii: ".") { start -= 1 }
        return codeText(start..<max(start, word.lowerBound - 1))
    }
}
