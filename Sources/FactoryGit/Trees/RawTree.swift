import CGit2
import FactoryCore

/// The entries of one directory, in git's own form.
struct RawTree {
    struct Entry {
        var name: ArraySlice<UInt8>
        var mode: UInt32
        var id: git_oid

        var isTree: Bool { mode == RawTree.directory }

        /// Git's order: a directory sorts as if its name ended in a slash.
        static func precedes(_ a: Entry, _ b: Entry) -> Bool { compare(a, b) < 0 }

        /// Below, at or above zero; at zero both have the same name and both or neither are directories.
        static func compare(_ a: Entry, _ b: Entry) -> Int {
            a.name.withUnsafeBufferPointer { left in
                b.name.withUnsafeBufferPointer { right in
                    let shared = min(left.count, right.count)
                    for index in 0..<shared where left[index] != right[index] {
                        return Int(left[index]) - Int(right[index])
                    }
                    return a.byte(after: shared, of: left) - b.byte(after: shared, of: right)
                }
            }
        }

        private func byte(after index: Int, of name: UnsafeBufferPointer<UInt8>) -> Int {
            index < name.count ? Int(name[index]) : isTree ? Int(UInt8(ascii: "/")) : 0
        }

        static func == (a: Entry, b: Entry) -> Bool { a.mode == b.mode && a.id == b.id && a.name == b.name }
    }

    static let directory: UInt32 = 0o040000
    static let submodule: UInt32 = 0o160000

    var entries: [Entry] = []

    init() {}

    /// Reads `mode name\0id` again and again; nil when the bytes are no tree.
    ///
    /// The names are slices of one copy.
    init?(_ raw: UnsafeRawBufferPointer) {
        let copy = Array(raw)
        entries.reserveCapacity(copy.count / 36)
        var index = 0
        while index < raw.count {
            var mode: UInt32 = 0
            while index < raw.count, raw[index] != UInt8(ascii: " ") {
                guard (48...55).contains(raw[index]) else { return nil }
                mode = mode << 3 | UInt32(raw[index] - 48)
                index += 1
            }
            let start = index + 1
            var end = start
            while end < raw.count, raw[end] != 0 { end += 1 }
            guard end + 20 < raw.count else { return nil }
            var id = git_oid()
            withUnsafeMutableBytes(of: &id) { $0.copyMemory(from: .init(rebasing: raw[end + 1..<end + 21])) }
            entries.append(Entry(name: copy[start..<end], mode: mode, id: id))
            index = end + 21
        }
    }

    /// The object's content, sorted as git demands.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 48)
        for entry in entries.sorted(by: Entry.precedes) {
            bytes.append(contentsOf: String(entry.mode, radix: 8).utf8)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: entry.name)
            bytes.append(0)
            withUnsafeBytes(of: entry.id) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
