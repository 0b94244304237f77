import CGit2
import FactoryCore
import FactoryFiles
import Glibc

/// What we put into a lane's `.git`, to find out what is still as we left it.
///
/// Nothing in there is ever read to be believed: a file or directory is ours as long as its stamp, or its content, is
/// the one we left, and whatever else is in there is removed.
struct LaneGit {
    private struct Written {
        let content: Int
        let stamp: FileStamp
    }

    private struct Directory {
        /// As we left it; nil when it changed since.
        var stamp: FileStamp?
    }

    /// By path in `.git`.
    private var files: [String: Written] = [:]
    /// By path in `.git`, which itself has the empty one.
    private var directories: [String: Directory] = ["": Directory()]
    /// What the objects in it were put there for, and which index was written.
    private var plan: Plan?
    private var indexed: Int?
    private static let skeleton = ["info", "objects/info", "objects/pack", "refs/heads"]

    /// What belongs into `.git`.
    struct Plan: Equatable {
        let head: CommitID
        let main: CommitID
        /// What the lane shows; it may be newer than the head.
        let tree: TreeID
    }

    var isLaidOut: Bool { plan != nil }

    /// Makes `.git` anew where it is not what it should be. `objects` are those that it holds itself and `index` makes
    /// the index; they are asked for only if the plan, or the index's version, is not the one of last time.
    mutating func layOut(
        _ plan: Plan, _ small: [(String, [UInt8])], index: (version: Int, make: () -> [UInt8]),
        objects: () throws -> [git_oid], in lane: Lane
    ) throws {
        try lane.root.openUp(EntryName(".git"))
        let git = try lane.root.makeChild(EntryName(".git")).directory
        try removeStrangers(git, lane.lent)
        for path in Self.skeleton where directories[path] == nil { _ = try makeDirectory(path, in: git) }
        if self.plan != plan {
            // Until all is in its place nothing is taken for granted.
            self.plan = nil
            try replaceObjects(with: objects(), in: git, of: lane)
            self.plan = plan
        }
        for (path, content) in small { try write(content, to: path, in: git) }
        if indexed != index.version || files["index"] == nil { try write(index.make(), to: "index", in: git) }
        indexed = index.version
        for (path, directory) in directories where directory.stamp == nil {
            directories[path]?.stamp = Self.stamp(path, in: git)
        }
    }

    // MARK: Proof

    /// Removes whatever is not ours, hooks and all, and forgets what is not as we left it.
    private mutating func removeStrangers(_ git: OpenDirectory, _ lent: Int64) throws {
        // From the top, so that every path leads through directories that are known to be some.
        for path in directories.keys.sorted() {
            guard let known = directories[path] else { continue }
            let stamp = Self.stamp(path, in: git)
            if let stamp, stamp == known.stamp, stamp.isProven(at: lent) { continue }
            if stamp != known.stamp { directories[path]?.stamp = nil }
            guard let directory = try Self.open(path, in: git) else {
                forget(path)
                continue
            }
            try sweep(directory, at: path)
        }
        for (path, known) in files where !Self.isUntouched(known, path, in: git, lent) {
            files[path] = nil
            // Anything but an object is written again in its place.
            guard Self.isObject(path) else { continue }
            plan = nil
            try remove(path, in: git)
        }
    }

    private mutating func sweep(_ directory: OpenDirectory, at path: String) throws {
        for name in try directory.names() {
            let child = (path.isEmpty ? "" : path + "/") + String(decoding: name.bytes, as: UTF8.self)
            if files[child] != nil { continue }
            if directories[child] != nil, try directory.stamp(of: name)?.kind == .directory { continue }
            try directory.remove(name)
            forget(child)
        }
    }

    /// Forgets a directory and all that was in it.
    private mutating func forget(_ path: String) {
        guard directories[path] != nil else { return }
        if files.keys.contains(where: { Self.isObject($0) && $0.hasPrefix(path + "/") }) { plan = nil }
        for child in directories.keys where child == path || child.hasPrefix(path + "/") { directories[child] = nil }
        for child in files.keys where child.hasPrefix(path + "/") { files[child] = nil }
    }

    /// Only for paths that lead through directories of ours: links on the way would be followed.
    private static func stamp(_ path: String, in git: OpenDirectory) -> FileStamp? {
        if path.isEmpty { return try? git.ownStamp() }
        var info = stat()
        return fstatat(git.descriptor, path, &info, AT_SYMLINK_NOFOLLOW) == 0 ? FileStamp(info) : nil
    }

    private static func isUntouched(_ known: Written, _ path: String, in git: OpenDirectory, _ lent: Int64) -> Bool {
        guard let stamp = stamp(path, in: git), stamp == known.stamp else { return false }
        if stamp.isProven(at: lent) { return true }
        let (parent, name) = split(path)
        let content = try? open(parent, in: git)?.readFile(EntryName(name.utf8), limit: Int(stamp.size)).bytes
        return content.map { fingerprint($0) == known.content } ?? false
    }

    /// Seeded anew in every process, so that nobody can aim at it; an array's own hash is far slower.
    private static func fingerprint(_ content: [UInt8]) -> Int {
        var hasher = Hasher()
        content.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    // MARK: Objects

    /// Those of another head go first: they are not for whoever works here next.
    private mutating func replaceObjects(with wanted: [git_oid], in git: OpenDirectory, of lane: Lane) throws {
        let objects = try git.child(EntryName("objects"))
        let paths = Set(wanted.map(Self.path))
        var others: [String: [String]] = [:]
        for path in files.keys where Self.isObject(path) && !paths.contains(path) {
            let (parent, name) = Self.split(path)
            others[parent, default: []].append(name)
        }
        for (path, names) in others { try remove(names, from: path, in: objects) }
        for id in wanted where files[Self.path(of: id)] == nil { try add(id, in: objects, of: lane) }
        try removeEmptyDirectories(in: objects)
    }

    private mutating func remove(_ names: [String], from path: String, in objects: OpenDirectory) throws {
        let directory = try objects.child(EntryName(Self.split(path).name.utf8))
        directories[path]?.stamp = nil
        for name in names {
            try directory.remove(EntryName(name.utf8))
            files["\(path)/\(name)"] = nil
        }
    }

    private mutating func removeEmptyDirectories(in objects: OpenDirectory) throws {
        let used = Set(files.keys.map { Self.split($0).directory })
        for path in directories.keys where Self.isFanOut(path) && !used.contains(path) {
            directories["objects"]?.stamp = nil
            directories[path] = nil
            _ = try objects.removeEmptyDirectory(EntryName(Self.split(path).name.utf8))
        }
    }

    /// The bytes are copied, and no link is made: whoever works here could write through it.
    private mutating func add(_ id: git_oid, in objects: OpenDirectory, of lane: Lane) throws {
        let (fanOut, name) = LooseObject.place(id)
        let parent = "objects/\(fanOut)"
        if directories[parent] == nil {
            directories["objects"]?.stamp = nil
            try objects.createDirectory(EntryName(fanOut.utf8))
            directories[parent] = Directory()
        }
        directories[parent]?.stamp = nil
        let directory = try objects.child(EntryName(fanOut.utf8))
        let written: (bytes: [UInt8], stamp: FileStamp)
        if let content = try LooseObject.file(id, of: lane.hub) {
            written = (content, try directory.createObject(EntryName(name.utf8), content))
        } else {
            directories["objects"]?.stamp = nil
            // Every directory on the way was just made or found to be one, and nobody else is at work.
            try LooseObject.write(id, of: lane.hub, to: lane.path + "/.git/objects")
            written = try directory.readFile(EntryName(name.utf8), limit: .max - 1)
        }
        files["\(parent)/\(name)"] = Written(content: Self.fingerprint(written.bytes), stamp: written.stamp)
    }

    private static func path(of id: git_oid) -> String {
        let (directory, name) = LooseObject.place(id)
        return "objects/\(directory)/\(name)"
    }

    private static func isFanOut(_ path: String) -> Bool { path.utf8.count == 10 && path.hasPrefix("objects/") }
    private static func isObject(_ path: String) -> Bool { path.utf8.count == 49 && path.hasPrefix("objects/") }

    // MARK: Writing

    private mutating func write(_ content: [UInt8], to path: String, in git: OpenDirectory) throws {
        let fingerprint = Self.fingerprint(content)
        if files[path]?.content == fingerprint { return }
        files[path] = nil
        let (parent, name) = Self.split(path)
        let directory = try makeDirectory(parent, in: git)
        directories[parent]?.stamp = nil
        let stamp = try content.withUnsafeBytes { bytes throws(SystemError) in
            try directory.writeFile(EntryName(name.utf8), bytes, executable: false)
        }
        files[path] = Written(content: fingerprint, stamp: stamp)
    }

    private mutating func remove(_ path: String, in git: OpenDirectory) throws {
        let (parent, name) = Self.split(path)
        directories[parent]?.stamp = nil
        try Self.open(parent, in: git)?.remove(EntryName(name.utf8))
        files[path] = nil
    }

    private mutating func makeDirectory(_ path: String, in git: OpenDirectory) throws -> OpenDirectory {
        var directory = git
        var parent = ""
        for part in path.split(separator: "/") {
            let child = parent.isEmpty ? String(part) : "\(parent)/\(part)"
            if directories[child] == nil {
                directories[parent]?.stamp = nil
                directories[child] = Directory()
            }
            directory = try directory.makeChild(EntryName(part.utf8)).directory
            parent = child
        }
        return directory
    }

    // MARK: Paths

    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
        return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }

    /// Nil when there is no such directory.
    private static func open(_ path: String, in git: OpenDirectory) throws -> OpenDirectory? {
        var directory = git
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            let name = EntryName(part)
            try directory.openUp(name)
            guard let child = try directory.existingChild(name) else { return nil }
            directory = child
        }
        return directory
    }
}

extension OpenDirectory {
    /// Makes a directory. Nothing may have the name.
    fileprivate func createDirectory(_ name: EntryName) throws(SystemError) {
        guard name.withCString({ mkdirat(descriptor, $0, 0o755) }) == 0 else {
            throw SystemError("mkdir", path(of: name).description)
        }
    }

    /// Makes a file that nobody is meant to change. Nothing may have the name.
    fileprivate func createObject(_ name: EntryName, _ content: [UInt8]) throws(SystemError) -> FileStamp {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = name.withCString { openat(descriptor, $0, flags, 0o444) }
        guard file >= 0 else { throw SystemError("open", path(of: name).description) }
        defer { close(file) }
        try Files.append(content, to: file, named: path(of: name).description)
        var info = stat()
        guard fstat(file, &info) == 0 else { throw SystemError("stat", path(of: name).description) }
        return FileStamp(info)
    }
}
