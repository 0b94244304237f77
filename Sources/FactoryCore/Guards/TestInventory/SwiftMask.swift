/// The comments, strings and dead branches of Swift.
enum SwiftMask {
    static func masked(_ source: [UInt8]) -> MaskedSource {
        var masked = MaskedSource(source)
        var index = 0
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "/"): index = blankComment(&masked, index)
            case UInt8(ascii: "\""), UInt8(ascii: "#"): index = blankString(&masked, index)
            case UInt8(ascii: "`"):
                let end = closingQuote(source, index)
                masked.blank((index + 1)..<end)
                index = end + 1
            default: index += 1
            }
        }
        masked.pairBrackets()
        blankDeadCode(&masked)
        masked.pairBrackets()
        return masked
    }

    private static func blankComment(_ masked: inout MaskedSource, _ start: Int) -> Int {
        let text = masked.text
        guard start + 1 < text.count else { return start + 1 }
        if text[start + 1] == UInt8(ascii: "/") {
            let end = masked.lineEnd(start)
            masked.blank(comment: start..<end)
            return end
        }
        guard text[start + 1] == UInt8(ascii: "*") else { return start + 1 }
        var depth = 1
        var index = start + 2
        while index < text.count, depth > 0 {
            let pair = (text[index], index + 1 < text.count ? text[index + 1] : 0)
            if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
                depth += 1
                index += 2
            } else if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
                depth -= 1
                index += 2
            } else {
                index += 1
            }
        }
        masked.blank(comment: start..<index)
        return index
    }

    /// The backtick that ends a raw identifier, which stays on its line.
    private static func closingQuote(_ text: [UInt8], _ start: Int) -> Int {
        text[(start + 1)...].firstIndex { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "\n") } ?? text.count
    }

    private static func blankString(_ masked: inout MaskedSource, _ start: Int) -> Int {
        var quote = start
        while quote < masked.text.count, masked.text[quote] == UInt8(ascii: "#") { quote += 1 }
        guard quote < masked.text.count, masked.text[quote] == UInt8(ascii: "\"") else { return quote }
        let end = stringEnd(masked.text, quote, hashes: quote - start, nesting: 0)
        masked.blank((quote + 1)..<max(quote + 1, end - 1 - (quote - start)))
        return end
    }

    /// The place behind a string literal whose first quote is at `quote`.
    ///
    /// A literal of one line ends with its line, whatever it holds; strings inside interpolations nest, but not without
    /// end.
    private static func stringEnd(_ text: [UInt8], _ quote: Int, hashes: Int, nesting: Int) -> Int {
        let isLong = quote + 2 < text.count && text[quote + 1] == text[quote] && text[quote + 2] == text[quote]
        let quotes = isLong ? 3 : 1
        var index = quote + quotes
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\n") where !isLong: return index
            case UInt8(ascii: "\\") where run(text, index + 1, of: UInt8(ascii: "#"), upTo: hashes) == hashes:
                index += 1 + hashes
                if index < text.count, text[index] == UInt8(ascii: "("), nesting < 16 {
                    index = interpolationEnd(text, index, nesting: nesting + 1)
                } else {
                    index += 1
                }
            case UInt8(ascii: "\"")
            where run(text, index, of: UInt8(ascii: "\""), upTo: quotes) == quotes
                && run(text, index + quotes, of: UInt8(ascii: "#"), upTo: hashes) == hashes:
                return index + quotes + hashes
            default: index += 1
            }
        }
        return text.count
    }

    private static func run(_ text: [UInt8], _ start: Int, of byte: UInt8, upTo limit: Int) -> Int {
        var count = 0
        while count < limit, start + count < text.count, text[start + count] == byte { count += 1 }
        return count
    }

    private static func interpolationEnd(_ text: [UInt8], _ open: Int, nesting: Int) -> Int {
        var depth = 0
        var index = open
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: "\""):
                index = stringEnd(text, index, hashes: 0, nesting: nesting)
                continue
            case UInt8(ascii: "\n"): return index
            default: break
            }
            index += 1
        }
        return index
    }

    /// Blanks `#if false` up to its `#else` or `#endif`, and the block behind `if false`.
    private static func blankDeadCode(_ masked: inout MaskedSource) {
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 2, masked.has("if", at: word.lowerBound) else { continue }
            let condition = masked.skipSpace(index)
            guard masked.has("false", at: condition), masked.wordEnd(condition) == condition + 5 else { continue }
            if masked.has("#", at: word.lowerBound - 1) {
                let end = branchEnd(masked, index)
                masked.blank((word.lowerBound - 1)..<(masked.has("#endif", at: end) ? end + 6 : end))
            } else if masked.has("{", at: masked.skipSpace(condition + 5)) {
                let brace = masked.skipSpace(condition + 5)
                masked.blank(word.lowerBound..<masked.closing(brace) + 1)
            }
        }
    }

    /// What stands between `#if` and its end, but for questions of what is there to be imported or compiled.
    static func branches(_ masked: MaskedSource) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while let word = masked.word(from: index) {
            index = word.upperBound
            guard word.count == 2, masked.has("#if", at: word.lowerBound - 1) else { continue }
            let condition = masked.skipSpace(index)
            let isPlain: [StaticString] = ["canImport", "swift(", "compiler(", "!canImport", "hasFeature"]
            if isPlain.contains(where: { masked.has($0, at: condition) }) { continue }
            found.append(index..<branchEnd(masked, index))
        }
        return found
    }

    /// The `#` of the directive that ends the branch which a place is in.
    private static func branchEnd(_ masked: MaskedSource, _ start: Int) -> Int {
        var depth = 0
        var index = start
        while let hash = masked.code[index...].firstIndex(of: UInt8(ascii: "#")) {
            index = hash + 1
            if masked.has("#if", at: hash) { depth += 1 }
            if depth == 0, masked.has("#else", at: hash) || masked.has("#endif", at: hash) { return hash }
            if masked.has("#endif", at: hash) { depth -= 1 }
        }
        return masked.code.count
    }
}
