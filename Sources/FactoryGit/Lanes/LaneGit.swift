import CGit2
import FactoryCore
import FactoryFiles
import Glibc

/// What we put into a lane's `.git`, to find out what is still as we left it.
///
/// Nothing in there is ever read to be believed: a file is ours as long as its stamp, or its content, is the one we
/// left, and whatever else is in there is removed.
struct LaneGit {
    private struct Written {
        let content: Int
        let stamp: FileStamp
    }

    private var written: [String: Written] = [:]
    /// What the pack in it was made for, and which index was written.
    private var packed: (plan: Plan, names: [String])?
    private var indexed: Int?
    private static let directories: Set<String> = [
        "info", "objects", "objects/info", "objects/pack", "refs", "refs/heads",
    ]

    /// What belongs into `.git`.
    struct Plan: Equatable {
        let head: CommitID
        let main: CommitID
        /// What the lane shows; it may be newer than the head.
        let tree: TreeID
    }

    var isLaidOut: Bool { packed != nil }

    /// Makes `.git` anew where it is not what it should be. `lent` is the moment since which others may have written;
    /// `index` is asked for only if its version is not the one written last.
    mutating func layOut(
        _ plan: Plan, _ files: [(String, [UInt8])], index: (version: Int, make: () -> [UInt8]), in lane: Lane
    ) throws {
        let git = try lane.root.makeChild(EntryName(".git")).directory
        let pack = try Self.makeDirectories(["objects", "pack"], in: git)
        if packed?.plan != plan || !isPackUntouched(pack, lane.lent) { try writePack(plan, pack, of: lane) }
        for (path, content) in files { try write(content, to: path, in: git, lent: lane.lent) }
        let isIndexed =
            indexed == index.version
            && written["index"].map { isOurs($0, EntryName("index"), in: git, lane.lent) } ?? false
        if !isIndexed { try write(index.make(), to: "index", in: git, lent: lane.lent) }
        indexed = index.version
        try purge(git, at: "")
        _ = try Self.makeDirectories(["refs", "heads"], in: git)
    }

    private static func makeDirectories(_ names: [StaticString], in git: OpenDirectory) throws -> OpenDirectory {
        var directory = git
        for name in names { directory = try directory.makeChild(EntryName(name)).directory }
        return directory
    }

    // MARK: The head's own objects

    private func isPackUntouched(_ pack: OpenDirectory, _ lent: Int64) -> Bool {
        guard let packed else { return false }
        return packed.names.allSatisfy { name in
            written["objects/pack/" + name].map { isOurs($0, EntryName(name.utf8), in: pack, lent) } ?? false
        }
    }

    private mutating func writePack(_ plan: Plan, _ pack: OpenDirectory, of lane: Lane) throws {
        for path in written.keys where path.hasPrefix("objects/pack/") { written[path] = nil }
        for name in try pack.names() { try pack.remove(name) }
        var objects = try lane.hub.objects(of: plan.head, notIn: plan.main)
        objects += try lane.hub.objects(of: plan.tree, notIn: lane.hub.info(plan.head).tree)
        // Every directory on the way was just made or found to be one, and nobody else is at work.
        let name = try PackFile.write(objects, of: lane.hub, to: lane.path + "/.git/objects/pack")
        let names = name.map { [$0 + ".pack", $0 + ".idx"] } ?? []
        for name in names {
            let (content, stamp) = try pack.readFile(EntryName(name.utf8), limit: 1 << 30)
            written["objects/pack/" + name] = Written(content: Self.fingerprint(content), stamp: stamp)
        }
        packed = (plan, names)
    }

    // MARK: Small files

    /// Seeded anew in every process, so that nobody can aim at it; an array's own hash is far slower.
    private static func fingerprint(_ content: [UInt8]) -> Int {
        var hasher = Hasher()
        content.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private mutating func write(_ content: [UInt8], to path: String, in git: OpenDirectory, lent: Int64) throws {
        var parts = path.split(separator: "/").map { EntryName($0.utf8) }
        guard let name = parts.popLast() else { return }
        var directory = git
        for part in parts { directory = try directory.makeChild(part).directory }
        if let known = written[path], known.content == Self.fingerprint(content),
            isOurs(known, name, in: directory, lent)
        {
            return
        }
        let stamp = try content.withUnsafeBytes { bytes throws(SystemError) in
            try directory.writeFile(name, bytes, executable: false)
        }
        written[path] = Written(content: Self.fingerprint(content), stamp: stamp)
    }

    private func isOurs(_ known: Written, _ name: EntryName, in directory: OpenDirectory, _ lent: Int64) -> Bool {
        guard let stamp = try? directory.stamp(of: name), stamp == known.stamp else { return false }
        if stamp.isProven(at: lent) { return true }
        let limit = Int(stamp.size)
        return (try? directory.readFile(name, limit: limit)).map { Self.fingerprint($0.bytes) == known.content }
            ?? false
    }

    /// Removes everything that is not ours, hooks and all.
    private func purge(_ directory: OpenDirectory, at prefix: String) throws {
        for name in try directory.names() {
            let path = prefix + String(decoding: name.bytes, as: UTF8.self)
            if written[path] != nil { continue }
            if Self.directories.contains(path), let child = try directory.existingChild(name) {
                try purge(child, at: path + "/")
            } else {
                try directory.remove(name)
            }
        }
    }
}
