/// A logical line of Python: it ends where no bracket is open.
///
/// Blank ones are left out.
struct PythonLine {
    /// In columns; a tab counts eight.
    var indent: Int
    /// The first byte that is no white space.
    var start: Int
    var end: Int
    var range: Range<Int> { start..<end }

    static func all(in masked: MaskedSource) -> [PythonLine] {
        var lines: [PythonLine] = []
        var index = 0
        while index < masked.code.count {
            let start = index
            var depth = 0
            while index < masked.code.count, depth > 0 || masked.code[index] != UInt8(ascii: "\n") {
                switch masked.code[index] {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
                default: break
                }
                index += 1
            }
            if let first = masked.code[start..<index].firstIndex(where: { !MaskedSource.isSpace($0) }) {
                let indent = masked.code[start..<first].reduce(0) { $0 + ($1 == 9 ? 8 : 1) }
                lines.append(PythonLine(indent: indent, start: first, end: index))
            }
            index += 1
        }
        return lines
    }

    /// The identifier behind a keyword that opens the line; `async` may stand before it.
    func name(after keyword: StaticString, in masked: MaskedSource) -> String? {
        let opening = masked.has("async ", at: start) ? masked.skipSpace(start + 6) : start
        let end = opening + keyword.utf8CodeUnitCount
        guard masked.has(keyword, at: opening), masked.wordEnd(opening) == end else { return nil }
        return masked.word(from: end).flatMap { $0.upperBound <= self.end ? masked.codeText($0) : nil }
    }
}

/// The comments, strings and dead branches of Python.
enum PythonMask {
    static func masked(_ source: [UInt8]) -> MaskedSource {
        var masked = MaskedSource(source)
        var index = 0
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "#"):
                let end = masked.lineEnd(index)
                masked.blank(comment: index..<end)
                index = end
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let (quotes, end) = stringEnd(source, index)
                masked.blank((index + quotes)..<max(index + quotes, end - quotes))
                index = end
            default: index += 1
            }
        }
        blankDeadCode(&masked)
        masked.pairBrackets()
        return masked
    }

    private static func stringEnd(_ text: [UInt8], _ start: Int) -> (quotes: Int, end: Int) {
        let quote = text[start]
        let isLong = start + 2 < text.count && text[start + 1] == quote && text[start + 2] == quote
        let quotes = isLong ? 3 : 1
        var index = start + quotes
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\n") where !isLong: return (quotes, index + 1)
            case quote
            where !isLong || (index + 2 < text.count && text[index + 1] == quote && text[index + 2] == quote):
                return (quotes, index + quotes)
            default: index += 1
            }
        }
        return (quotes, text.count)
    }

    /// Blanks what is indented behind `if False:` or `if 0:`, and the condition itself.
    private static func blankDeadCode(_ masked: inout MaskedSource) {
        let lines = PythonLine.all(in: masked)
        for (number, line) in lines.enumerated() {
            guard masked.has("if ", at: line.start) else { continue }
            let condition = masked.skipSpace(line.start + 3)
            let end = masked.wordEnd(condition)
            guard
                masked.has("False", at: condition) && end == condition + 5
                    || masked.has("0", at: condition) && end == condition + 1,
                masked.has(":", at: masked.skipSpace(end))
            else { continue }
            let inner = lines[(number + 1)...].prefix { $0.indent > line.indent }
            masked.blank(line.start..<(inner.last?.end ?? line.end))
        }
    }
}
