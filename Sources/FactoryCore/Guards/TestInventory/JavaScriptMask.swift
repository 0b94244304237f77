/// The comments, strings, regular expressions and dead branches of JavaScript and TypeScript.
enum JavaScriptMask {
    static func masked(_ source: [UInt8]) -> MaskedSource {
        var masked = MaskedSource(source)
        var index = 0
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "/"): index = blankSlash(&masked, index)
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
                let end = stringEnd(source, index, nesting: 0)
                masked.blank((index + 1)..<max(index + 1, end - 1))
                index = end
            default: index += 1
            }
        }
        masked.pairBrackets()
        blankDeadCode(&masked)
        masked.pairBrackets()
        return masked
    }

    /// The place behind a string or template.
    ///
    /// A string ends with its line, whatever it holds; templates nest.
    private static func stringEnd(_ text: [UInt8], _ start: Int, nesting: Int) -> Int {
        let quote = text[start]
        var index = start + 1
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 2
            case quote: return index + 1
            case UInt8(ascii: "\n") where quote != UInt8(ascii: "`"): return index + 1
            case UInt8(ascii: "$")
            where quote == UInt8(ascii: "`") && nesting < 16 && index + 1 < text.count
                && text[index + 1] == UInt8(ascii: "{"):
                index = substitutionEnd(text, index + 1, nesting: nesting + 1)
            default: index += 1
            }
        }
        return text.count
    }

    private static func substitutionEnd(_ text: [UInt8], _ open: Int, nesting: Int) -> Int {
        var depth = 0
        var index = open
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
                index = stringEnd(text, index, nesting: nesting)
                continue
            default: break
            }
            index += 1
        }
        return text.count
    }

    /// A slash opens a comment, a regular expression, or divides.
    private static func blankSlash(_ masked: inout MaskedSource, _ start: Int) -> Int {
        let next = start + 1 < masked.text.count ? masked.text[start + 1] : 0
        var end = start + 1
        if next == UInt8(ascii: "/") {
            end = masked.lineEnd(start)
        } else if next == UInt8(ascii: "*") {
            end = start + 2
            while end < masked.text.count, !masked.text[..<end].suffix(2).elementsEqual("*/".utf8) || end < start + 4 {
                end += 1
            }
        } else if opensPattern(masked, start) {
            // The slashes stay: what follows a pattern is no second one.
            end = patternEnd(masked.text, start)
            masked.blank((start + 1)..<max(start + 1, end - 1))
            return end
        } else {
            return end
        }
        masked.blank(comment: start..<end)
        return end
    }

    /// Whether a value may stand here, so that the slash cannot divide one.
    private static func opensPattern(_ masked: MaskedSource, _ index: Int) -> Bool {
        guard let before = masked.code[..<index].lastIndex(where: { !MaskedSource.isSpace($0) }) else { return true }
        if "(,=:[!&|?{};+-*%~^".utf8.contains(masked.code[before]) { return true }
        if masked.has("=>", at: before - 1) { return true }
        return masked.has("return", at: before - 5) || masked.has("typeof", at: before - 5)
    }

    private static func patternEnd(_ text: [UInt8], _ start: Int) -> Int {
        var inSet = false
        var index = start + 1
        while index < text.count, text[index] != UInt8(ascii: "\n") {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "["): inSet = true
            case UInt8(ascii: "]"): inSet = false
            case UInt8(ascii: "/") where !inSet: return index + 1
            default: break
            }
            index += 1
        }
        return min(index, text.count)
    }

    /// Blanks the block behind `if (false)` and `if (0)`.
    private static func blankDeadCode(_ masked: inout MaskedSource) {
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 2, masked.has("if", at: word.lowerBound) else { continue }
            let open = masked.skipSpace(index)
            guard masked.has("(", at: open) else { continue }
            let condition = masked.skipSpace(open + 1)
            let end = masked.wordEnd(condition)
            let close = masked.skipSpace(end)
            let brace = masked.skipSpace(close + 1)
            let isNever =
                masked.has("false", at: condition) && end == condition + 5
                || masked.has("0", at: condition) && end == condition + 1
            if isNever, masked.has(")", at: close), masked.has("{", at: brace) {
                masked.blank(word.lowerBound..<masked.closing(brace) + 1)
            }
        }
    }
}
