import FactoryCore

/// Texts of strangers on GitHub: they can neither call people or teams, nor refer to or close issues, nor hide anything,
/// nor pass for a marker or a command of ours.
///
/// A character without width is put in between. GitHub looks for these things after Markdown has been read, so where
/// they stand, in code or not, makes no difference here.
enum SafeText {
    private static let gap: Unicode.Scalar = "\u{200B}"

    /// The text with its lines.
    static func lines(_ text: String) -> String {
        let clean = Array(String(decoding: Redaction().clean(Array(text.utf8)), as: UTF8.self).unicodeScalars)
            .filter { !isHarmful($0) }
        var safe = String.UnicodeScalarView()
        for (index, scalar) in clean.enumerated() {
            if scalar == "/", isCommand(clean, at: index) {
                safe.append(gap)
            }
            safe.append(scalar)
            if index + 1 < clean.count, isSplit(clean, after: index) { safe.append(gap) }
        }
        return String(safe)
    }

    /// The text on one line, in at most `limit` characters, as it may stand in a cell of a table.
    static func line(_ text: String, limit: Int = 200) -> String {
        let words = text.prefix(4 * limit).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let short = words.count <= limit ? words : words.prefix(max(0, limit - 1)) + "…"
        return lines(short).replacing("|", with: "\\|")
    }

    /// The text as code, with a fence that nothing in it can end.
    static func code(_ text: String) -> String {
        var (longest, run) = (2, 0)
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence)text\n\(lines(text))\n\(fence)"
    }

    /// Characters that a comment or a description may have.
    static let limit = 65_536

    /// The text within GitHub's limit; what is cut says where the rest is.
    static func cut(_ text: String, rest: String) -> String {
        guard text.utf16.count > limit else { return text }
        let note = "\n\n… cut here, because GitHub takes no more. The rest: \(rest)"
        var short = String.UnicodeScalarView()
        var count = note.utf16.count
        for scalar in text.unicodeScalars {
            count += scalar.utf16.count
            guard count <= limit else { break }
            short.append(scalar)
        }
        return String(short) + note
    }

    private static func isSplit(_ text: [Unicode.Scalar], after index: Int) -> Bool {
        let next = text[index + 1]
        switch text[index] {
        case "@": return next.properties.isAlphabetic || isDigit(next)
        case "#": return isDigit(next)
        // What would be read as another character, such as an at sign.
        case "&": return next == "#" || next.properties.isAlphabetic
        case "<": return next == "!" || next == "?"
        case "-": return isDigit(next) && ends(text, at: index, with: ["gh"])
        case "/": return isDigit(next) && ends(text, at: index, with: ["issues", "pull", "pulls", "discussions"])
        default: return false
        }
    }

    /// Whether one of the words stands right before.
    private static func ends(_ text: [Unicode.Scalar], at index: Int, with words: [String]) -> Bool {
        let before = text[max(0, index - 12)..<index].map { $0.properties.lowercaseMapping }.joined()
        return words.contains { before.hasSuffix($0) }
    }

    private static func isCommand(_ text: [Unicode.Scalar], at index: Int) -> Bool {
        guard index == 0 || text[index - 1].properties.isWhitespace else { return false }
        let word = text[index...].prefix(8).map { $0.properties.lowercaseMapping }.joined()
        return word == FactoryCommand.prefix
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Control characters, and marks that turn the direction of writing around.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case ..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
