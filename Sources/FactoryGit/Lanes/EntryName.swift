import Glibc

/// The name of one entry of a directory: bytes, no slash, no zero. Kept with its closing zero, so that a system call
/// takes it without a copy.
struct EntryName: Hashable, Comparable, Sendable {
    private let terminated: [UInt8]

    init(_ bytes: some Sequence<UInt8>) { terminated = Array(bytes) + [0] }
    init(_ text: StaticString) { self.init(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    var bytes: ArraySlice<UInt8> { terminated.dropLast() }

    func withCString<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        terminated.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) { characters in
                // The array is never empty: the closing zero is always there.
                characters.baseAddress.map(body) ?? body("")
            }
        }
    }

    /// Byte order, as in a git tree of files.
    static func < (a: EntryName, b: EntryName) -> Bool { a.compared(to: b) < 0 }

    func compared(to other: EntryName) -> Int32 {
        withCString { mine in other.withCString { strcmp(mine, $0) } }
    }

    /// The names that every directory has for itself and the one above it.
    var isDots: Bool { terminated == [0x2E, 0] || terminated == [0x2E, 0x2E, 0] }

    /// Whether a file system that folds case, or git itself, would take this name for a repository.
    var isGitDirectory: Bool {
        guard terminated.count <= 6 else { return false }
        return folded == Array(".git".utf8) || folded == Array("git~1".utf8)
    }

    /// The name as a file system without cases sees it; letters beyond ASCII only where the name is UTF-8.
    var folded: [UInt8] {
        if let text = String(validating: bytes, as: UTF8.self), !bytes.allSatisfy({ $0 < 0x80 }) {
            return Array(text.lowercased().utf8)
        }
        return bytes.map { 0x41...0x5A ~= $0 ? $0 + 0x20 : $0 }
    }
}
