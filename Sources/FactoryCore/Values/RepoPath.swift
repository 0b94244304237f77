/// A path inside a repository: bytes without a leading slash, parts joined by `/`. Git promises no encoding, nor do we.
package struct RepoPath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes as git stores them.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: String) { self.bytes = Array(text.utf8) }

    /// Byte order, which is also the order of a git index.
    package static func < (a: RepoPath, b: RepoPath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// The path as text; bytes that are no UTF-8 are replaced, so use it to show and to match, never to open.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The path for people: whatever could steer a terminal or hide, and broken encoding, is shown as `\xNN`.
    package var description: String {
        guard let valid = String(validating: bytes, as: UTF8.self) else {
            return bytes.map { $0 < 0x20 || $0 >= 0x7F ? Self.escaped([$0]) : String(UnicodeScalar($0)) }.joined()
        }
        if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) { return valid }
        return valid.unicodeScalars.map { Self.isInvisible($0) ? Self.escaped(Array($0.utf8)) : String($0) }.joined()
    }

    private static func isInvisible(_ scalar: UnicodeScalar) -> Bool {
        let category = scalar.properties.generalCategory
        return [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
    }

    /// The parts between the slashes, as text.
    package var parts: [String] {
        bytes.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The last part, as text.
    package var name: String { parts.last ?? "" }

    /// What stands before the last slash, or nil at the top.
    package var parent: RepoPath? {
        bytes.lastIndex(of: UInt8(ascii: "/")).map { RepoPath(bytes: Array(bytes[..<$0])) }
    }

    /// The path of an entry in the directory that this path names.
    package func appending(_ name: [UInt8]) -> RepoPath {
        bytes.isEmpty ? RepoPath(bytes: name) : RepoPath(bytes: bytes + [UInt8(ascii: "/")] + name)
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
