/// The rules of one `.gitignore`.
///
/// Evaluated here and not by libgit2, because an agent may have put anything in the file's place: a link, a FIFO, a
/// file without end.
struct IgnoreRules {
    private let rules: [Rule]

    init(_ text: [UInt8]) {
        let text = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
        rules = text.split(separator: UInt8(ascii: "\n")).compactMap { Rule($0) }
    }

    /// What the last rule that matches says: true for ignored, false for a rule with `!`, nil when none matches. The
    /// path is relative to the file's directory.
    func verdict(on path: ArraySlice<UInt8>, isDirectory: Bool) -> Bool? {
        rules.last { $0.matches(path, isDirectory: isDirectory) }.map { !$0.isNegated }
    }
}

private struct Rule {
    let isNegated: Bool
    let directoriesOnly: Bool
    /// With a slash before its end a pattern speaks of the whole path, else of the name at any depth.
    let isAnchored: Bool
    let pattern: [UInt8]

    init?(_ line: ArraySlice<UInt8>) {
        var line = Self.trimmed(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
        isNegated = first == UInt8(ascii: "!")
        if isNegated { line = line.dropFirst() }
        directoriesOnly = line.last == UInt8(ascii: "/")
        if directoriesOnly { line = line.dropLast() }
        isAnchored = line.contains(UInt8(ascii: "/"))
        if line.first == UInt8(ascii: "/") { line = line.dropFirst() }
        guard !line.isEmpty else { return nil }
        pattern = Array(line)
    }

    /// Spaces at the end do not count, unless a backslash stands before them.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var index = line.startIndex
        while index < line.endIndex {
            if line[index] == UInt8(ascii: "\\") {
                index = min(index + 2, line.endIndex)
                end = index
            } else {
                index += 1
                if line[index - 1] != UInt8(ascii: " ") { end = index }
            }
        }
        return line[..<end]
    }

    func matches(_ path: ArraySlice<UInt8>, isDirectory: Bool) -> Bool {
        guard isDirectory || !directoriesOnly else { return false }
        if isAnchored { return Wildcard.matches(pattern[...], path) }
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
        return Wildcard.matches(pattern[...], name)
    }
}
