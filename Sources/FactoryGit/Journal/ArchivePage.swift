package import FactoryCore

/// A closed PR in the archive.
package struct ArchivedPR: Hashable, Sendable {
    package let number: PRNumber
    /// The newest record of its journal.
    package let tip: CommitID
    /// What the writer put there, byte for byte.
    package let summary: [UInt8]
}

/// A hundred neighbouring PRs in one file: few objects for many PRs, and one read for one of them.
///
/// For each, a line `<number> <tip> <bytes>` and the summary, which may hold anything, followed by a line end.
struct ArchivePage {
    static let size = 100

    private(set) var entries: [Int: ArchivedPR] = [:]

    init() {}

    /// Nil when the bytes are no page.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let fields = rest[..<end].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count == 3, let number = Int(fields[0]), let length = Int(fields[2]),
                (0..<rest.endIndex - end - 1).contains(length)
            else { return nil }
            let start = end + 1
            entries[number] = ArchivedPR(
                number: PRNumber(number), tip: CommitID(fields[1]), summary: Array(rest[start..<start + length]))
            rest = rest[(start + length + 1)...]
        }
    }

    mutating func set(_ entry: ArchivedPR) { entries[entry.number.value] = entry }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for (number, entry) in entries.sorted(by: { $0.key < $1.key }) {
            bytes += "\(number) \(entry.tip.hex) \(entry.summary.count)\n".utf8
            bytes += entry.summary
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// The page that a PR stands on.
    static func index(of number: PRNumber) -> Int { number.value / size }

    /// Where a page stands in the archive's tree: directories of a hundred, so that none grows without bound.
    static func path(_ index: Int) -> RepoPath { RepoPath("\(index / 100)/\(index % 100)") }
}
