/// One `key = value` of a TOML file. Enough of TOML to see what a manifest names; what is no TOML gives few entries.
struct TOMLEntry: Hashable {
    /// The header that it stands under, such as `tool.poetry.dependencies`; empty at the top.
    var section: String
    var key: String
    /// As written, over all its lines, without comments.
    var value: String

    /// The quoted texts in the value.
    var strings: [String] { Quoted.strings(in: value) }

    static func all(in text: String) -> [TOMLEntry] {
        var entries: [TOMLEntry] = []
        var section = ""
        var depth = 0
        for line in text.split(whereSeparator: \.isNewline) {
            let line = Quoted.withoutComment(line, "#").trimmingSpace
            if line.isEmpty { continue }
            if depth > 0, let last = entries.indices.last {
                entries[last].value += " " + line
            } else if line.hasPrefix("[") {
                section = line.filter { !"[]\"' ".contains($0) }
                continue
            } else if let equals = line.firstIndex(of: "=") {
                let key = String(line[..<equals]).trimmingSpace.filter { !"\"'".contains($0) }
                entries.append(
                    TOMLEntry(
                        section: section, key: key, value: String(line[line.index(after: equals)...]).trimmingSpace))
            } else {
                continue
            }
            depth = max(0, depth + Quoted.depth(of: line))
        }
        return entries
    }
}

/// Quoted text on a line.
enum Quoted {
    /// The texts between quotes of either kind, in order. A quote without a partner opens nothing.
    static func strings(in text: some StringProtocol) -> [String] {
        var found: [String] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: rest[open]) else { break }
            found.append(String(inside[..<close]))
            rest = inside[inside.index(after: close)...]
        }
        return found
    }

    /// The line up to a mark that stands outside of quotes.
    static func withoutComment(_ line: some StringProtocol, _ mark: Character) -> String {
        var quote: Character?
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == mark {
                return String(line[..<index])
            }
        }
        return String(line)
    }

    /// How many brackets a line leaves open, outside of quotes; negative: it closes earlier ones.
    static func depth(of line: String) -> Int {
        var quote: Character?
        var depth = 0
        for character in line {
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            switch character {
            case "\"", "'": quote = character
            case "[", "{", "(": depth += 1
            case "]", "}", ")": depth -= 1
            default: break
            }
        }
        return depth
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmingSpace: String {
        var rest = self[...].drop(while: \.isWhitespace)
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
