import CGit2
import FactoryCore
import FactoryFiles
import Glibc

/// Writes and removes files of a lane and keeps the trusted index in step. Directories on the way to the last path
/// stay open, so that sorted paths cost one open each.
struct LaneWriter {
    private struct Level {
        let name: EntryName
        let directory: OpenDirectory
        let tracked: TrackedDirectory
        /// The directory held the tracked names and no other before we began, and so it will after.
        let isComplete: Bool
    }

    private let hub: Repository
    private var levels: [Level]
    /// Files and links written so far.
    private(set) var count = 0

    init(_ hub: Repository, _ root: OpenDirectory, _ tracked: TrackedDirectory) {
        self.hub = hub
        levels = [
            Level(name: EntryName(""), directory: root, tracked: tracked, isComplete: tracked.stamp != nil)
        ]
    }

    /// Puts a file, link or submodule directory at a path, in place of whatever is there.
    mutating func put(_ mode: FileVersion.Mode, _ id: git_oid, at path: RepoPath) throws {
        var parts = path.entryNames
        guard let name = parts.popLast() else { return }
        let level = try enter(parts)
        if mode == .submodule {
            if try !level.directory.removeEmptyDirectory(name) { try level.directory.remove(name) }
            _ = try level.directory.makeChild(name)
            return level.tracked[name] = .submodule(id)
        }
        let stamp = try hub.withContent(of: id) { content throws(SystemError) in
            mode == .symlink
                ? try level.directory.writeLink(name, to: Array(content))
                : try level.directory.writeFile(name, content, executable: mode == .executable)
        }
        count += 1
        level.tracked[name] = .file(TrackedFile(mode: mode, blob: id, stamp: stamp))
    }

    /// Removes what is at a path, and directories that hold nothing tracked any more, unless a cache is in them. With
    /// `untracked` the index keeps what it has for the path: something else stood there.
    mutating func remove(_ path: RepoPath, untracked: Bool = false) throws {
        var parts = path.entryNames
        guard let name = parts.popLast() else { return }
        guard let level = try enter(parts, creating: false) else { return }
        try level.directory.remove(name)
        if !untracked { level.tracked[name] = nil }
    }

    /// The level of a directory, made with those above it if need be.
    private mutating func enter(_ parts: [EntryName]) throws -> Level {
        guard let level = try enter(parts, creating: true) else { throw SystemError("open", "lane", code: ENOENT) }
        return level
    }

    private mutating func enter(_ parts: [EntryName], creating: Bool) throws -> Level? {
        let shared = zip(levels.dropFirst().map(\.name), parts).prefix { $0 == $1 }.count
        try leave(to: shared + 1)
        for name in parts[shared...] {
            let parent = levels[levels.count - 1]
            if !creating {
                guard let child = try parent.directory.existingChild(name) else { return nil }
                push(name, child, parent, isNew: false)
                continue
            }
            let (child, isNew) = try parent.directory.makeChild(name)
            push(name, child, parent, isNew: isNew)
        }
        return levels[levels.count - 1]
    }

    private mutating func push(_ name: EntryName, _ child: OpenDirectory, _ parent: Level, isNew: Bool) {
        let tracked: TrackedDirectory
        if case .directory(let known)? = parent.tracked[name] { tracked = known } else { tracked = TrackedDirectory() }
        let isComplete = isNew || tracked.stamp != nil
        levels.append(Level(name: name, directory: child, tracked: tracked, isComplete: isComplete))
    }

    /// Closes directories below a depth, and records what they became.
    private mutating func leave(to depth: Int) throws {
        while levels.count > depth, levels.count > 1 {
            let level = levels.removeLast()
            let parent = levels[levels.count - 1]
            if level.tracked.entries.isEmpty {
                if case .directory? = parent.tracked[level.name] { parent.tracked[level.name] = nil }
                // A cache may be inside; then the directory stays.
                _ = try parent.directory.removeEmptyDirectory(level.name)
            } else {
                parent.tracked[level.name] = .directory(level.tracked)
                level.tracked.stamp = level.isComplete ? try level.directory.ownStamp() : nil
            }
        }
    }

    /// Ends the work. Without it the index is not in step.
    mutating func finish() throws {
        try leave(to: 1)
        let root = levels[0]
        root.tracked.stamp = root.isComplete ? try root.directory.ownStamp() : nil
    }
}

extension Repository {
    /// The bytes of a blob, without a copy.
    func withContent<R>(of id: git_oid, _ body: (UnsafeRawBufferPointer) throws(SystemError) -> R) throws -> R {
        var result: Result<R, SystemError>?
        try withObject(id, GIT_OBJECT_BLOB) { content in
            result = Result { () throws(SystemError) in try body(content) }
        }
        guard let result else { throw GitError.notFound("the file \(id.hex)") }
        return try result.get()
    }
}
