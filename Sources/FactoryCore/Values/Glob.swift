/// A pattern for repository paths: `*` and `?` within one part, `**` for any number of parts, `[abc]` for one of a set.
/// A pattern without a slash matches the name at any depth; one that ends in a slash matches all below it.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
    package let pattern: String
    private let parts: [[UInt8]]

    package init(_ pattern: String) {
        self.pattern = pattern
        var text = pattern.hasPrefix("/") ? String(pattern.dropFirst()) : pattern
        if text.hasSuffix("/") { text += "**" }
        if !pattern.contains("/") { text = "**/" + text }
        parts = text.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    }

    package var description: String { pattern }

    package func matches(_ path: RepoPath) -> Bool {
        let names = path.bytes.split(separator: UInt8(ascii: "/"))
        return Self.match(parts[...], names[...])
    }

    private static func match(_ parts: ArraySlice<[UInt8]>, _ names: ArraySlice<ArraySlice<UInt8>>) -> Bool {
        guard let part = parts.first else { return names.isEmpty }
        if part == [UInt8(ascii: "*"), UInt8(ascii: "*")] {
            let rest = parts.dropFirst()
            if rest.isEmpty { return !names.isEmpty }
            return (names.startIndex...names.endIndex).contains { match(rest, names[$0...]) }
        }
        guard let name = names.first, matchPart(part[...], name) else { return false }
        return match(parts.dropFirst(), names.dropFirst())
    }

    private static func matchPart(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        switch first {
        case UInt8(ascii: "*"):
            let rest = pattern.dropFirst()
            return (name.startIndex...name.endIndex).contains { matchPart(rest, name[$0...]) }
        case UInt8(ascii: "["):
            guard let close = pattern.firstIndex(of: UInt8(ascii: "]")), let byte = name.first else { return false }
            return pattern[(pattern.startIndex + 1)..<close].contains(byte)
                && matchPart(pattern[(close + 1)...], name.dropFirst())
        default:
            guard let byte = name.first, first == UInt8(ascii: "?") || first == byte else { return false }
            return matchPart(pattern.dropFirst(), name.dropFirst())
        }
    }
}
