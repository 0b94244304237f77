import CGit2
import FactoryCore
import FactoryFiles
import Glibc

/// One walk over a lane's files, compared with the trusted index. A file whose stamp is the recorded one is not opened;
/// a directory whose stamp is the recorded one is not listed. What cannot be looked at becomes a problem in the status:
/// nothing ends the walk.
struct LaneScan {
    let limits: LaneLimits
    let caches: [Glob]
    /// The moment since which others may have written, in nanoseconds since 1970.
    let lent: Int64
    /// Whether the files of repositories below the root are taken for changes as well, all but what is git's own.
    let entersRepositories: Bool
    /// The size in bytes that a tracked blob has, to recognise large files that are no change.
    let sizeOfBlob: (git_oid) -> Int?
    /// The names to look at; nil is all.
    let touches: LaneTouches?
    private(set) var status = LaneStatus()
    /// Whether a file that was read has further names.
    private(set) var metHardLink = false
    private var names = 0
    private var bytes = 0

    init(
        limits: LaneLimits, caches: [Glob], lent: Int64, touches: LaneTouches? = nil, entersRepositories: Bool = false,
        sizeOfBlob: @escaping (git_oid) -> Int?
    ) {
        self.limits = limits
        self.caches = caches
        self.lent = lent
        self.touches = touches
        self.entersRepositories = entersRepositories
        self.sizeOfBlob = sizeOfBlob
    }

    /// Walks the whole lane. Stamps that prove themselves are noted in the index on the way.
    mutating func run(_ tracked: TrackedDirectory, in root: OpenDirectory) -> LaneStatus {
        walk(tracked, in: root, IgnoreScope(root, within: nil), depth: 0)
        status.changes.sort { $0.path < $1.path }
        status.ignored.sort()
        status.caches.sort()
        status.leftovers.sort()
        status.problems.sort { $0.path < $1.path }
        return status
    }

    // MARK: What is tracked

    private mutating func walk(
        _ tracked: TrackedDirectory, in directory: OpenDirectory, _ scope: IgnoreScope, depth: Int
    ) {
        if let touches, !touches.reaches(directory.path) { return }
        let touched = touches.map { $0.names[directory.path] ?? [] }
        guard let stamp = note(directory.path, { () throws(SystemError) in try directory.ownStamp() }) else { return }
        if stamp.mode & 0o700 != 0o700 { status.misfits.append(directory.path) }
        var strangers: [EntryName] = []
        for (index, entry) in tracked.entries.enumerated() {
            let isThere: Bool
            switch entry.content {
            case .file where touched?.contains(entry.name) == false: isThere = true
            case .file(let file): isThere = compare(file, entry.name, at: index, of: tracked, in: directory)
            case .submodule: isThere = checkSubmodule(entry.name, in: directory)
            case .directory where touches?.reaches(directory.path(of: entry.name)) == false: isThere = true
            case .directory(let child):
                isThere = descend(child, entry.name, in: directory, scope, depth: depth)
            }
            if !isThere { strangers.append(entry.name) }
        }
        if touched?.isEmpty == true { return }
        let isUnchanged = tracked.stamp == stamp && stamp.isProven(at: lent)
        if isUnchanged && strangers.isEmpty { return }
        tracked.stamp = nil
        guard let listed = note(directory.path, { () throws(SystemError) in try directory.names() }) else { return }
        for name in listed where tracked[name] == nil { strangers.append(name) }
        meet(strangers, among: listed, in: directory, scope, depth: depth)
        let isRoot = directory.path.bytes.isEmpty
        if strangers.allSatisfy({ isRoot && $0 == EntryName(".git") }) { tracked.stamp = stamp }
    }

    /// Compares a tracked file with the disk; false when something that is no file or link has its name.
    private mutating func compare(
        _ file: TrackedFile, _ name: EntryName, at index: Int, of tracked: TrackedDirectory, in directory: OpenDirectory
    ) -> Bool {
        var info = stat()
        guard name.withCString({ fstatat(directory.descriptor, $0, &info, AT_SYMLINK_NOFOLLOW) }) == 0 else {
            missing(directory.path(of: name), code: errno)
            return true
        }
        let stamp = FileStamp(info)
        if stamp == file.stamp && stamp.isProven(at: lent) { return true }
        let path = directory.path(of: name)
        switch stamp.kind {
        case .directory:
            deleted(path)
            return false
        case .special:
            problem(.specialFile, path)
            status.leftovers.append(path)
            deleted(path)
        case .file, .link:
            let limit = max(limits.fileBytes, info.st_size == sizeOfBlob(file.blob) ?? -1 ? Int(info.st_size) : 0)
            guard let found = version(name, info, limit: limit, in: directory) else {
                status.misfits.append(path)
                return true
            }
            judge(found, against: file, at: index, of: tracked, path)
        }
        return true
    }

    private mutating func judge(
        _ found: LaneChange.Version, against file: TrackedFile, at index: Int, of tracked: TrackedDirectory,
        _ path: RepoPath
    ) {
        let isSameContent = found.blob.hex == file.blob.hex
        guard isSameContent && found.mode == file.mode else {
            let kind: LaneChange.Kind = isSameContent ? .modeChanged : .modified
            count(found, path)
            return status.changes.append(LaneChange(path: path, kind: kind, after: found))
        }
        let permissions: UInt32 = file.mode == .executable ? 0o755 : 0o644
        if found.mode != .symlink && found.stamp.mode & 0o7777 != permissions { return status.misfits.append(path) }
        tracked.update(TrackedFile(mode: file.mode, blob: file.blob, stamp: found.stamp), at: index)
    }

    /// Goes into a tracked directory; false when something else has its name.
    private mutating func descend(
        _ tracked: TrackedDirectory, _ name: EntryName, in directory: OpenDirectory, _ scope: IgnoreScope, depth: Int
    ) -> Bool {
        do {
            let child = try directory.child(name)
            walk(tracked, in: child, IgnoreScope(child, within: scope), depth: depth + 1)
            return true
        } catch {
            let path = directory.path(of: name)
            guard error.isMissing || error.code == ELOOP else {
                missing(path, code: error.code)
                return true
            }
            tracked.forEachLeaf(under: path) { path, content in
                if case .file = content { return deleted(path) }
                problem(.submodule, path)
                status.misfits.append(path)
            }
            return error.code == ENOENT
        }
    }

    private mutating func checkSubmodule(_ name: EntryName, in directory: OpenDirectory) -> Bool {
        if let child = try? directory.child(name), let inside = try? child.names(), inside.isEmpty { return true }
        let path = directory.path(of: name)
        problem(.submodule, path)
        status.misfits.append(path)
        return true
    }

    private mutating func missing(_ path: RepoPath, code: Int32) {
        if code == ENOENT { return deleted(path) }
        problem(.unreadable(code: code), path)
        status.misfits.append(path)
    }

    private mutating func deleted(_ path: RepoPath) {
        status.changes.append(LaneChange(path: path, kind: .deleted, after: nil))
    }

    // MARK: What is not

    /// Looks at untracked names of one directory; `siblings` are all names in it.
    private mutating func meet(
        _ strangers: [EntryName], among siblings: [EntryName], in directory: OpenDirectory, _ scope: IgnoreScope,
        depth: Int
    ) {
        let isRoot = directory.path.bytes.isEmpty
        var delivered: [EntryName] = []
        for name in strangers.sorted() where !(isRoot && name == EntryName(".git")) {
            names += 1
            guard names <= limits.names else {
                problem(.tooMuch, directory.path(of: name))
                status.leftovers.append(directory.path(of: name))
                continue
            }
            let before = status.changes.count
            meet(name, in: directory, scope, depth: depth)
            if status.changes.count > before { delivered.append(name) }
        }
        reportClashes(of: delivered, among: siblings, in: directory)
    }

    private mutating func meet(_ name: EntryName, in directory: OpenDirectory, _ scope: IgnoreScope, depth: Int) {
        let path = directory.path(of: name)
        guard let info = note(path, { () throws(SystemError) in try directory.inspect(name) }) ?? nil else { return }
        let kind = FileStamp(info).kind
        if name.isGitDirectory {
            problem(.nestedRepository, path)
            return status.leftovers.append(path)
        }
        if caches.contains(where: { $0.matches(path) }) { return status.caches.append(path) }
        if scope.ignores(path, isDirectory: kind == .directory) { return status.ignored.append(path) }
        switch kind {
        case .directory: enter(name, in: directory, scope, depth: depth)
        case .special:
            problem(.specialFile, path, forbids: false)
            status.leftovers.append(path)
        case .file, .link:
            guard let found = version(name, info, limit: limits.fileBytes, in: directory) else {
                return status.leftovers.append(path)
            }
            count(found, path)
            status.changes.append(LaneChange(path: path, kind: .added, after: found))
        }
    }

    private mutating func enter(_ name: EntryName, in directory: OpenDirectory, _ scope: IgnoreScope, depth: Int) {
        let path = directory.path(of: name)
        guard depth < limits.depth else {
            problem(.tooDeep, path)
            return status.leftovers.append(path)
        }
        do {
            let child = try directory.child(name)
            var inside = try child.names()
            if inside.contains(where: \.isGitDirectory) {
                problem(.nestedRepository, path)
                guard entersRepositories else { return status.leftovers.append(path) }
                inside.removeAll(where: \.isGitDirectory)
            }
            if inside.isEmpty { return status.leftovers.append(path) }
            meet(inside, among: inside, in: child, IgnoreScope(child, within: scope), depth: depth + 1)
        } catch {
            problem(.unreadable(code: error.code), path)
            status.leftovers.append(path)
        }
    }

    /// Reports new names that are others' in another case: on many machines only one of the two can exist.
    private mutating func reportClashes(
        of new: [EntryName], among siblings: [EntryName], in directory: OpenDirectory
    ) {
        guard !new.isEmpty else { return }
        var byFolded: [[UInt8]: [EntryName]] = [:]
        for name in siblings { byFolded[name.folded, default: []].append(name) }
        for name in new {
            guard let other = byFolded[name.folded]?.first(where: { $0 != name }) else { continue }
            problem(.caseClash(with: directory.path(of: other)), directory.path(of: name))
        }
    }

    // MARK: Content

    /// Reads a file or link to learn its id; nil, and a problem, when it cannot be taken.
    private mutating func version(
        _ name: EntryName, _ info: stat, limit: Int, in directory: OpenDirectory
    ) -> LaneChange.Version? {
        let path = directory.path(of: name)
        if info.st_nlink > 1 && FileStamp(info).kind == .file { metHardLink = true }
        guard bytes <= limits.totalBytes else { return nil }
        do {
            guard FileStamp(info).kind == .file else { return try linkVersion(name, FileStamp(info), in: directory) }
            guard info.st_size <= limit else {
                problem(.tooLarge(size: Int(info.st_size), allocated: Int(info.st_blocks) * 512), path)
                return nil
            }
            let (content, stamp) = try directory.readFile(name, limit: limit)
            return LaneChange.Version(
                mode: stamp.isExecutable ? .executable : .file, blob: BlobID(try git_oid(hashing: content)),
                stamp: stamp)
        } catch let error as SystemError {
            problem(.unreadable(code: error.code), path)
        } catch { problem(.unreadable(code: EIO), path) }
        return nil
    }

    private mutating func linkVersion(
        _ name: EntryName, _ stamp: FileStamp, in directory: OpenDirectory
    ) throws -> LaneChange.Version {
        let target = try directory.readLink(name)
        let path = directory.path(of: name)
        if Self.escapes(target, from: path) { problem(.escapingLink(target: target), path, forbids: false) }
        return LaneChange.Version(mode: .symlink, blob: BlobID(try git_oid(hashing: target)), stamp: stamp)
    }

    /// Whether a link's target is absolute or climbs above the root. It is not looked up: links on the way may lead
    /// anywhere, and are judged themselves.
    static func escapes(_ target: [UInt8], from path: RepoPath) -> Bool {
        if target.first == UInt8(ascii: "/") { return true }
        var depth = path.bytes.count { $0 == UInt8(ascii: "/") }
        for part in target.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual("..".utf8) { depth -= 1 } else if !part.elementsEqual(".".utf8) { depth += 1 }
            if depth < 0 { return true }
        }
        return false
    }

    private mutating func count(_ version: LaneChange.Version, _ path: RepoPath) {
        let before = bytes
        bytes += version.size
        if before <= limits.totalBytes && bytes > limits.totalBytes { problem(.tooMuch, path) }
    }

    // MARK: Problems

    private mutating func problem(_ kind: LaneProblem.Kind, _ path: RepoPath, forbids: Bool = true) {
        status.problems.append(LaneProblem(path: path, kind: kind, forbidsSnapshot: forbids))
    }

    private mutating func note<R>(_ path: RepoPath, _ body: () throws(SystemError) -> R) -> R? {
        do {
            return try body()
        } catch {
            problem(.unreadable(code: error.code), path)
            return nil
        }
    }
}

extension git_oid {
    /// The id that git gives to a blob of these bytes. Nothing is stored.
    init(hashing content: [UInt8]) throws(GitError) {
        self.init()
        // libgit2 refuses a null pointer even for no bytes.
        try check(
            (content.isEmpty ? [0] : content).withUnsafeBytes {
                git_odb_hash(&self, $0.baseAddress, content.count, GIT_OBJECT_BLOB)
            }, "hash a file")
    }
}
