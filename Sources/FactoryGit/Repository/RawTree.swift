import CGit2
import FactoryCore

/// The entries of one directory, in git's own form.
struct RawTree {
    struct Entry {
        var name: [UInt8]
        var mode: UInt32
        var id: git_oid

        var isTree: Bool { mode == RawTree.directory }

        /// Git sorts a directory as if its name ended in a slash.
        static func precedes(_ a: Entry, _ b: Entry) -> Bool {
            let shared = min(a.name.count, b.name.count)
            for index in 0..<shared where a.name[index] != b.name[index] { return a.name[index] < b.name[index] }
            return a.next(shared) < b.next(shared)
        }

        private func next(_ index: Int) -> UInt8 {
            index < name.count ? name[index] : isTree ? UInt8(ascii: "/") : 0
        }
    }

    static let directory: UInt32 = 0o040000
    static let submodule: UInt32 = 0o160000

    var entries: [Entry] = []

    init() {}

    /// Reads `mode name\0id` again and again; nil when the bytes are no tree.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count {
            var mode: UInt32 = 0
            while index < bytes.count, bytes[index] != UInt8(ascii: " ") {
                guard (48...55).contains(bytes[index]) else { return nil }
                mode = mode << 3 | UInt32(bytes[index] - 48)
                index += 1
            }
            let start = index + 1
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0), end + 20 < bytes.count else {
                return nil
            }
            var id = git_oid()
            withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: bytes[end + 1..<end + 21]) }
            entries.append(Entry(name: Array(bytes[start..<end]), mode: mode, id: id))
            index = end + 21
        }
    }

    /// The object's content, sorted as git demands.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 48)
        for entry in entries.sorted(by: Entry.precedes) {
            bytes += String(entry.mode, radix: 8).utf8
            bytes.append(UInt8(ascii: " "))
            bytes += entry.name
            bytes.append(0)
            withUnsafeBytes(of: entry.id) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
