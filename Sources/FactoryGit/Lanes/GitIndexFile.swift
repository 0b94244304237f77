import CGit2
import FactoryCore

/// Git's own index, version 2, for the agent's `git status`. It is only written, never read.
struct GitIndexFile {
    /// Begins with the mark, the version and room for the count.
    private var bytes = Array("DIRC".utf8) + [0, 0, 0, 2, 0, 0, 0, 0]
    private var count: UInt32 = 0
    private let owner: (user: UInt32, group: UInt32)

    private init(owner: (user: UInt32, group: UInt32)) { self.owner = owner }

    /// The file for what a lane holds; `owner` is whose files they are.
    static func encode(_ tracked: TrackedDirectory, owner: (user: UInt32, group: UInt32)) -> [UInt8] {
        var file = GitIndexFile(owner: owner)
        var path: [UInt8] = []
        file.append(tracked, &path)
        withUnsafeBytes(of: file.count.bigEndian) { file.bytes.replaceSubrange(8..<12, with: $0) }
        return file.bytes + SHA1.hash(file.bytes)
    }

    private mutating func append(_ directory: TrackedDirectory, _ path: inout [UInt8]) {
        let length = path.count
        for entry in directory.entriesInGitOrder {
            path += entry.name.bytes
            switch entry.content {
            case .directory(let child):
                path.append(UInt8(ascii: "/"))
                append(child, &path)
            case .file(let file): append(path, file.mode, file.blob, file.stamp)
            case .submodule(let commit): append(path, .submodule, commit, nil)
            }
            path.removeLast(path.count - length)
        }
    }

    /// Without a stamp git reads the file to learn whether it changed.
    private mutating func append(
        _ path: [UInt8], _ mode: FileVersion.Mode, _ id: git_oid, _ stamp: FileStamp?
    ) {
        let changed = stamp?.changed ?? 0
        let modified = stamp?.modified ?? 0
        // Device numbers are not compared by default, and 0 is what git writes on systems without them.
        let numbers: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
            Self.seconds(changed), Self.rest(changed), Self.seconds(modified), Self.rest(modified), 0,
            UInt32(truncatingIfNeeded: stamp?.inode ?? 0).bigEndian, mode.rawValue.bigEndian,
            owner.user.bigEndian, owner.group.bigEndian, UInt32(truncatingIfNeeded: stamp?.size ?? 0).bigEndian
        )
        withUnsafeBytes(of: numbers) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: id) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt16(min(path.count, 0xFFF)).bigEndian) { bytes.append(contentsOf: $0) }
        bytes += path
        // One to eight zeros, so that every entry begins at a multiple of eight.
        for _ in 0..<(8 - (62 + path.count) % 8) { bytes.append(0) }
        count += 1
    }

    private static func seconds(_ moment: Int64) -> UInt32 {
        UInt32(truncatingIfNeeded: moment / 1_000_000_000).bigEndian
    }

    private static func rest(_ moment: Int64) -> UInt32 { UInt32(truncatingIfNeeded: moment % 1_000_000_000).bigEndian }
}
