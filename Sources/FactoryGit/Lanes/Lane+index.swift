import CGit2
import FactoryCore
package import FactoryFiles
import Glibc

extension Lane {
    private var indexPath: String { Paths.join(directory, "index") }

    /// Writes what is known of the files beside them, so that the next process need not read them all. It happens by
    /// itself after much was written; call it when the lane is given up.
    package func save() throws(SystemError) {
        guard let tree else { return }
        var writer = IndexWriter(provenAt: currentMoment())
        writer.write(tree, tracked)
        try Files.write(writer.finished(), to: indexPath)
        unsaved = 0
        isSaved = true
    }

    /// Takes up what an earlier process saved; if anything about it is odd, nothing is known.
    func load() {
        guard let bytes = try? Files.readUntrusted(indexPath, limit: 1 << 30) else { return }
        guard var reader = IndexReader(bytes), let (tree, directory) = reader.read() else { return }
        self.tree = tree
        tracked = directory
        isSaved = true
    }
}

/// The saved form of the trusted index: a mark, the tree, the directories in depth, a checksum. Numbers are
/// little-endian.
private enum IndexForm {
    static let mark = Array("factory lane 1\n".utf8)
    static let file: UInt8 = 1
    static let directory: UInt8 = 2
    static let submodule: UInt8 = 3

    /// Finds damage, not forgery: only the line writes beside a lane.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

private struct IndexWriter {
    private var bytes = IndexForm.mark
    /// A stamp that is younger proves nothing to a later reader and is left out.
    private let moment: Int64

    init(provenAt moment: Int64) { self.moment = moment }

    mutating func write(_ tree: TreeID, _ root: TrackedDirectory) {
        bytes += tree.hex.utf8
        write(root)
    }

    private mutating func write(_ directory: TrackedDirectory) {
        write(directory.stamp)
        write(UInt32(directory.entries.count))
        for entry in directory.entries {
            write(UInt16(entry.name.bytes.count))
            bytes += entry.name.bytes
            switch entry.content {
            case .file(let file):
                bytes.append(IndexForm.file)
                write(file.mode.rawValue)
                write(file.blob)
                write(file.stamp)
            case .directory(let child):
                bytes.append(IndexForm.directory)
                write(child)
            case .submodule(let commit):
                bytes.append(IndexForm.submodule)
                write(commit)
            }
        }
    }

    private mutating func write(_ stamp: FileStamp?) {
        guard let stamp, stamp.isProven(at: moment) else { return bytes.append(0) }
        bytes.append(1)
        write(stamp.size)
        write(stamp.modified)
        write(stamp.changed)
        write(stamp.inode)
        write(stamp.mode)
    }

    private mutating func write(_ id: git_oid) { withUnsafeBytes(of: id) { bytes.append(contentsOf: $0) } }

    private mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func finished() -> [UInt8] {
        write(IndexForm.checksum(bytes))
        return bytes
    }
}

private struct IndexReader {
    private var rest: ArraySlice<UInt8>

    /// Nil when the bytes are damaged.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > IndexForm.mark.count + 48, bytes.starts(with: IndexForm.mark) else { return nil }
        rest = bytes.suffix(8)
        guard number(UInt64.self) == IndexForm.checksum(bytes.dropLast(8)) else { return nil }
        rest = bytes.dropLast(8).dropFirst(IndexForm.mark.count)
    }

    mutating func read() -> (TreeID, TrackedDirectory)? {
        guard let hex = take(40), let root = directory(), rest.isEmpty else { return nil }
        return (TreeID(String(decoding: hex, as: UTF8.self)), root)
    }

    private mutating func directory() -> TrackedDirectory? {
        let directory = TrackedDirectory()
        guard let stamp = stamp(), let count = number(UInt32.self) else { return nil }
        directory.stamp = stamp
        for _ in 0..<count {
            guard let length = number(UInt16.self), let name = take(Int(length)), let content = content() else {
                return nil
            }
            directory[EntryName(name)] = content
        }
        return directory
    }

    private mutating func content() -> TrackedEntry.Content? {
        switch rest.popFirst() {
        case IndexForm.file:
            guard let raw = number(UInt32.self), let mode = FileVersion.Mode(rawValue: raw), let id = id(),
                let stamp = stamp()
            else { return nil }
            return .file(TrackedFile(mode: mode, blob: id, stamp: stamp))
        case IndexForm.directory: return directory().map { .directory($0) }
        case IndexForm.submodule: return id().map { .submodule($0) }
        case _: return nil
        }
    }

    /// Nil: damaged; nil inside: there was none.
    private mutating func stamp() -> FileStamp?? {
        guard let flag = rest.popFirst() else { return nil }
        guard flag == 1 else { return .some(nil) }
        guard let size = number(Int64.self), let modified = number(Int64.self), let changed = number(Int64.self),
            let inode = number(UInt64.self), let mode = number(UInt32.self)
        else { return nil }
        return FileStamp(size: size, modified: modified, changed: changed, inode: inode, mode: mode)
    }

    private mutating func id() -> git_oid? {
        guard let bytes = take(20) else { return nil }
        var id = git_oid()
        withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: bytes) }
        return id
    }

    private mutating func number<N: FixedWidthInteger>(_ type: N.Type) -> N? {
        guard let bytes = take(MemoryLayout<N>.size) else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | N(truncatingIfNeeded: $1) }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
