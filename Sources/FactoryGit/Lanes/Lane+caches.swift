import FactoryCore
package import FactoryFiles
import Glibc

/// Declared caches. Those that a run on the main branch's own tree left are kept beside the lane; everyone else works
/// on a copy that is thrown away, so that no pull request can poison the next.
///
///     on main's tree:   restoreCaches → setup and checks run → promoteCaches
///     on another tree:  restoreCaches → agents and checks run; the next restoreCaches removes what they left
extension Lane {
    private var store: String { Paths.join(directory, "keep") }

    /// Whether a run on the main branch's tree has left caches.
    package var keepsCaches: Bool { Files.isDirectory(store) }

    /// Removes the caches among the files, and copies in those of the main branch whose directory the tree has.
    ///
    /// Throws `SystemError` and, like `show`, `GitError`.
    package func restoreCaches() throws {
        try reset()
        try discardCaches()
        guard Files.isDirectory(store) else { return }
        expectMore()
        try restore(OpenDirectory.open(root: store), root, depth: 0)
        lend()
    }

    /// Removes the caches among the files.
    package func discardCaches() throws(SystemError) {
        for path in scan().caches {
            guard let (directory, name) = try locate(path) else { continue }
            try directory.remove(name)
        }
        forgetCaches()
    }

    /// Takes the caches among the files for those of the main branch, in place of the earlier ones. They are moved, so
    /// `restoreCaches` comes before the next use. Call it only while the lane shows the main branch's tree and only
    /// what that tree holds has run: whoever wrote these files writes into every later run.
    package func promoteCaches() throws(SystemError) {
        let caches = scan().caches
        let fresh = store + ".new"
        try Files.remove(fresh)
        try Files.makeDirectory(fresh)
        for path in caches {
            guard let (directory, name) = try locate(path) else { continue }
            var target = try OpenDirectory.open(root: fresh)
            for part in path.entryNames.dropLast() { target = try target.makeChild(part).directory }
            let moved = name.withCString { renameat(directory.descriptor, $0, target.descriptor, $0) }
            guard moved == 0 else { throw SystemError("rename", path.description) }
        }
        forgetCaches()
        try Files.remove(store)
        guard rename(fresh, store) == 0 else { throw SystemError("rename", store) }
    }

    private func restore(_ source: OpenDirectory, _ target: OpenDirectory, depth: Int) throws(SystemError) {
        for name in try source.names() {
            if caches.contains(where: { $0.matches(source.path(of: name)) }) {
                try source.copy(name, to: target, depth: depth)
            } else if let below = try source.existingChild(name), let place = try target.existingChild(name) {
                try restore(below, place, depth: depth + 1)
            }
        }
    }
}

extension OpenDirectory {
    private static let deepest = 200

    /// Copies a file, link or directory with all that is in it, times and permissions included. Special files are left
    /// out, and so is what is nested too deep.
    fileprivate func copy(_ name: EntryName, to target: OpenDirectory, depth: Int) throws(SystemError) {
        guard depth < Self.deepest, let info = try inspect(name) else { return }
        switch FileStamp(info).kind {
        case .special: return
        case .link: _ = try target.writeLink(name, to: readLink(name))
        case .file: try copyFile(name, info, to: target)
        case .directory:
            let source = try child(name)
            let copy = try target.makeChild(name).directory
            for entry in try source.names() { try source.copy(entry, to: copy, depth: depth + 1) }
            fchmod(copy.descriptor, info.st_mode & 0o777 | 0o700)
            try Self.setTimes(of: copy.descriptor, to: info, shown: copy.path)
        }
    }

    /// Copies a regular file, times and permissions included. Throws `EEXIST` when the name is taken.
    func copyFile(_ name: EntryName, _ info: stat, to target: OpenDirectory) throws(SystemError) {
        let shown = path(of: name)
        let source = name.withCString { openat(descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        guard source >= 0 else { throw SystemError("open", shown.description) }
        defer { close(source) }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let copy = name.withCString { openat(target.descriptor, $0, flags, info.st_mode & 0o777 | 0o600) }
        guard copy >= 0 else { throw SystemError("open", shown.description) }
        defer { close(copy) }
        // FICLONE shares the blocks where the file system can.
        if ioctl(copy, 0x4004_9409, source) != 0 { try Self.copyBytes(source, copy, shown: shown) }
        try Self.setTimes(of: copy, to: info, shown: shown)
    }

    private static func copyBytes(_ source: Int32, _ copy: Int32, shown: RepoPath) throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: 128 << 10)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read", shown.description) }
            if count == 0 { return }
            try Files.append(Array(buffer[..<count]), to: copy, named: shown.description)
        }
    }

    private static func setTimes(of file: Int32, to info: stat, shown: RepoPath) throws(SystemError) {
        guard futimens(file, [info.st_atim, info.st_mtim]) == 0 else { throw SystemError("utime", shown.description) }
    }
}
