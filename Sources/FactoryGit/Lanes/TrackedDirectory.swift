import CGit2
import FactoryCore

/// One directory of the trusted index: what the lane is known to hold, and the stamps that prove it.
final class TrackedDirectory {
    /// Sorted by name.
    private(set) var entries: [TrackedEntry] = []
    /// The directory's stamp when it was seen to hold the tracked names and no other. While it stays the same, no name
    /// came or went, and the directory need not be listed.
    var stamp: FileStamp?
    /// The epoch of the watch that has it under watch; 0 is none.
    var watched = 0

    /// Where the name is, or where it would have to be put.
    private func position(of name: EntryName) -> (index: Int, found: Bool) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let order = entries[middle].name.compared(to: name)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    subscript(name: EntryName) -> TrackedEntry.Content? {
        get {
            let (index, found) = position(of: name)
            return found ? entries[index].content : nil
        }
        set {
            // Whole trees arrive in order: appending needs no search.
            if let newValue, let last = entries.last, last.name < name {
                return entries.append(TrackedEntry(name: name, content: newValue))
            }
            let (index, found) = position(of: name)
            switch (newValue, found) {
            case (let content?, true): entries[index].content = content
            case (let content?, false): entries.insert(TrackedEntry(name: name, content: content), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Records a new stamp for the file at a position in `entries`.
    func update(_ file: TrackedFile, at index: Int) { entries[index].content = .file(file) }

    /// The directory of that name; made, in place of whatever else had the name.
    func subdirectory(_ name: EntryName) -> TrackedDirectory {
        if case .directory(let directory)? = self[name] { return directory }
        let directory = TrackedDirectory()
        self[name] = .directory(directory)
        return directory
    }

    /// The entry at a path below this directory.
    func content(at path: RepoPath) -> TrackedEntry.Content? {
        var directory = self
        var parts = path.entryNames[...]
        guard let last = parts.popLast() else { return nil }
        for part in parts {
            guard case .directory(let next)? = directory[part] else { return nil }
            directory = next
        }
        return directory[last]
    }

    /// Puts an entry at a path below this directory, or takes it away.
    func set(_ content: TrackedEntry.Content?, at path: RepoPath) {
        var parts = path.entryNames[...]
        guard let last = parts.popLast() else { return }
        guard !parts.isEmpty else { return self[last] = content }
        let first = parts.removeFirst()
        let rest = RepoPath(joining: parts + [last])
        guard content == nil else { return subdirectory(first).set(content, at: rest) }
        guard case .directory(let directory)? = self[first] else { return }
        directory.set(nil, at: rest)
        guard directory.entries.isEmpty else { return }
        self[first] = nil
        // The directory itself may still be there, and has become a stranger.
        stamp = nil
    }

    /// The order differs from that of the names only where there are directories.
    var entriesInGitOrder: [TrackedEntry] {
        entries.contains(where: \.isDirectory) ? entries.sorted(by: TrackedEntry.areInGitOrder) : entries
    }

    /// The files and submodules below, sorted as git sorts an index: by the bytes of the whole path.
    func forEachLeaf(under path: RepoPath = RepoPath(""), _ body: (RepoPath, TrackedEntry.Content) -> Void) {
        for entry in entriesInGitOrder {
            let path = path.appending(Array(entry.name.bytes))
            if case .directory(let directory) = entry.content {
                directory.forEachLeaf(under: path, body)
            } else {
                body(path, entry.content)
            }
        }
    }
}

/// A name in a tracked directory, and what git has there.
struct TrackedEntry {
    enum Content {
        case file(TrackedFile)
        case directory(TrackedDirectory)
        /// Another repository's commit; the lane has an empty directory there.
        case submodule(git_oid)
    }

    let name: EntryName
    var content: Content

    /// Git sorts a directory as if its name ended in a slash.
    static func areInGitOrder(_ a: TrackedEntry, _ b: TrackedEntry) -> Bool {
        guard a.isDirectory || b.isDirectory else { return a.name < b.name }
        return a.sortKey.lexicographicallyPrecedes(b.sortKey)
    }

    var isDirectory: Bool {
        if case .directory = content { return true }
        return false
    }

    private var sortKey: [UInt8] { isDirectory ? name.bytes + [UInt8(ascii: "/")] : Array(name.bytes) }
}

/// A file or link that the lane is known to hold.
struct TrackedFile {
    /// A file, an executable or a symlink.
    var mode: FileVersion.Mode
    var blob: git_oid
    /// Nil: the file's content has to be read to be known.
    var stamp: FileStamp?
}

extension RepoPath {
    var entryNames: [EntryName] { bytes.split(separator: UInt8(ascii: "/")).map { EntryName($0) } }

    init(joining names: some Collection<EntryName>) {
        self.init(bytes: Array(names.map(\.bytes).joined(separator: [UInt8(ascii: "/")])))
    }
}

extension Repository {
    /// A tree as an index that believes nothing about the disk.
    func unproven(_ tree: git_oid) throws(GitError) -> TrackedDirectory {
        let directory = TrackedDirectory()
        for entry in try rawTree(tree).entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            let name = EntryName(entry.name)
            if entry.isTree {
                directory[name] = .directory(try unproven(entry.id))
            } else if entry.mode == RawTree.submodule {
                directory[name] = .submodule(entry.id)
            } else {
                directory[name] = .file(TrackedFile(mode: TreeFile(entry).kind, blob: entry.id, stamp: nil))
            }
        }
        return directory
    }
}
