/// Why a text is no YAML that we read: where, what, and the line with a caret under the place.
package struct YAMLError: Error, Hashable, CustomStringConvertible {
    package let position: YAML.Position
    package let problem: String
    /// The line of the text and below it a caret; empty where there is no such line.
    package let snippet: String

    package var line: Int { position.line }
    package var column: Int { position.column }

    package var description: String {
        "line \(line), column \(column): \(problem)" + (snippet.isEmpty ? "" : "\n" + snippet)
    }
}

/// The text that is being read, kept to point into it.
struct YAMLSource {
    let bytes: [UInt8]
    /// The number that the first line bears: above 1 for a part of a larger file.
    let firstLine: Int

    /// A place by line and column from 0, as libyaml counts.
    func position(line: Int, column: Int) -> YAML.Position {
        YAML.Position(line: line + firstLine, column: column + 1)
    }

    func error(_ problem: String, at position: YAML.Position) -> YAMLError {
        YAMLError(position: position, problem: problem, snippet: snippet(at: position))
    }

    func error(_ problem: String, atByte offset: Int) -> YAMLError {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") }
        let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count
        return error(problem, at: position(line: line, column: column))
    }

    private static let shownColumns = 76

    private func snippet(at position: YAML.Position) -> String {
        guard let line = line(position.line - firstLine) else { return "" }
        let start = max(0, position.column - Self.shownColumns)
        let shown = line.dropFirst(start).prefix(Self.shownColumns)
            .map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }.joined()
        return "  \(shown)\n  " + String(repeating: " ", count: max(0, position.column - 1 - start)) + "^"
    }

    /// The line with that index from 0, without its end. By bytes, since the text may be large and broken.
    func line(_ index: Int) -> String.UnicodeScalarView? {
        var rest = bytes[...]
        for _ in 0..<max(0, index) {
            guard let end = rest.firstIndex(where: Self.isLineEnd) else { return nil }
            rest = rest[(end + 1)...]
            if bytes[end] == UInt8(ascii: "\r"), rest.first == UInt8(ascii: "\n") { rest = rest.dropFirst() }
        }
        return String(decoding: rest.prefix { !Self.isLineEnd($0) }, as: UTF8.self).unicodeScalars
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}
