/// Trips on the marks that an unfinished merge leaves.
///
/// A row of `=` alone underlines a heading, and a file that had such marks before may keep them: it speaks about
/// merges.
package struct ConflictMarker: Guard {
    package let id = "conflict-marker"
    package let summary = "marks of an unfinished merge"

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        change.files.compactMap { file in
            guard let content = file.newContent?.content, let found = Self.firstMark(in: content),
                file.before?.content.flatMap(Self.firstMark) == nil
            else { return nil }
            return Violation(
                rule: id, message: "\(file.path) holds the mark `\(found.mark)` of an unfinished merge",
                path: file.path, line: found.line)
        }
    }

    /// The first mark and its line, if the marks together can only come from a merge: `<` alone suffices, `>` and `|`
    /// need a second kind beside them.
    private static func firstMark(in content: [UInt8]) -> (mark: String, line: Int)? {
        var first: (mark: String, line: Int)?
        var kinds: Set<UInt8> = []
        var line = 1
        var start = 0
        while start < content.count {
            if let kind = mark(in: content, at: start) {
                if first == nil, kind != UInt8(ascii: "=") {
                    first = (String(repeating: Character(UnicodeScalar(kind)), count: 7), line)
                }
                kinds.insert(kind)
            }
            guard let end = content[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            start = end + 1
            line += 1
        }
        return kinds.contains(UInt8(ascii: "<")) || kinds.count > 1 ? first : nil
    }

    /// The character of which seven open the line, with a space or the line's end behind them.
    private static func mark(in content: [UInt8], at start: Int) -> UInt8? {
        let kind = content[start]
        guard "<=>|".utf8.contains(kind), start + 7 <= content.count,
            content[start..<start + 7].allSatisfy({ $0 == kind })
        else { return nil }
        guard start + 7 < content.count else { return kind }
        return " \r\n".utf8.contains(content[start + 7]) ? kind : nil
    }
}
