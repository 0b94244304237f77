import FactoryCore
import FactoryFiles
import Glibc

/// An open directory inside a lane. Names are resolved in it, one at a time and never through a link, so that nothing
/// an agent put there leads outside.
final class OpenDirectory {
    let descriptor: Int32
    /// Where it is, from the lane's root; empty for the root itself.
    let path: RepoPath

    private init(descriptor: Int32, path: RepoPath) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Opens the root of a lane; the path is ours, so links on the way to it are followed.
    static func open(root: String) throws(SystemError) -> OpenDirectory {
        let descriptor = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open", root) }
        return OpenDirectory(descriptor: descriptor, path: RepoPath(""))
    }

    func path(of name: EntryName) -> RepoPath { path.appending(Array(name.bytes)) }

    private func failure(_ call: String, _ name: EntryName, code: Int32 = errno) -> SystemError {
        SystemError(call, path(of: name).description, code: code)
    }

    // MARK: Looking

    /// The stamp of the directory itself.
    func ownStamp() throws(SystemError) -> FileStamp {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw SystemError("fstat", path.description) }
        return FileStamp(info)
    }

    /// The stamp of what has the name; a link is not followed. Nil when nothing has it.
    func stamp(of name: EntryName) throws(SystemError) -> FileStamp? {
        try inspect(name).map { FileStamp($0) }
    }

    func inspect(_ name: EntryName) throws(SystemError) -> stat? {
        var info = stat()
        if name.withCString({ fstatat(descriptor, $0, &info, AT_SYMLINK_NOFOLLOW) }) == 0 { return info }
        guard errno == ENOENT else { throw failure("stat", name) }
        return nil
    }

    /// Opens the directory of that name; throws `ENOENT`, `ENOTDIR` or `ELOOP` when there is none.
    func child(_ name: EntryName) throws(SystemError) -> OpenDirectory {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let child = name.withCString { openat(descriptor, $0, flags) }
        guard child >= 0 else { throw failure("open", name) }
        return OpenDirectory(descriptor: child, path: path(of: name))
    }

    /// The names in the directory, in no order.
    func names() throws(SystemError) -> [EntryName] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw SystemError("open", path.description) }
        defer { closedir(stream) }
        var names: [EntryName] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in EntryName(raw.prefix { $0 != 0 }) }
            if !name.isDots { names.append(name) }
        }
        return names
    }

    // MARK: Reading

    /// A regular file's bytes and its stamp, which is taken from the open file. Nothing else is opened: no link, no
    /// FIFO. Throws `EFBIG` when it holds more than `limit` bytes.
    func readFile(_ name: EntryName, limit: Int) throws(SystemError) -> (bytes: [UInt8], stamp: FileStamp) {
        let file = name.withCString { openat(descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        guard file >= 0 else { throw failure("open", name) }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw failure("stat", name) }
        let stamp = FileStamp(info)
        guard stamp.kind == .file else { throw failure("open", name, code: EINVAL) }
        guard stamp.size <= limit else { throw failure("read", name, code: EFBIG) }
        var bytes = [UInt8](repeating: 0, count: Int(stamp.size) + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes[count...].withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw failure("read", name) }
            if got == 0 { break }
            count += got
        }
        // A file that grows while it is read is still being written.
        guard count <= stamp.size else { throw failure("read", name, code: EBUSY) }
        bytes.removeLast(bytes.count - count)
        return (bytes, stamp)
    }

    /// Where a link points: its bytes, as git stores them.
    func readLink(_ name: EntryName) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4097)
        let count = name.withCString { name in
            bytes.withUnsafeMutableBytes { raw in
                raw.withMemoryRebound(to: CChar.self) { target in
                    target.baseAddress.map { readlinkat(descriptor, name, $0, target.count) } ?? -1
                }
            }
        }
        guard count >= 0 else { throw failure("readlink", name) }
        return Array(bytes[..<count])
    }
}

// MARK: Changing

extension OpenDirectory {
    /// Opens the directory of that name, even if it was closed to its owner; nil when there is none.
    func existingChild(_ name: EntryName) throws(SystemError) -> OpenDirectory? {
        do {
            return try child(name)
        } catch  where error.isMissing || error.code == ELOOP {
            return nil
        } catch  where error.code == EACCES {
            try openUp(name)
            return try child(name)
        }
    }

    /// Opens the directory of that name, made if it is missing, in place of whatever else has the name.
    func makeChild(_ name: EntryName) throws(SystemError) -> (directory: OpenDirectory, isNew: Bool) {
        if let child = try existingChild(name) { return (child, false) }
        guard name.withCString({ unlinkat(descriptor, $0, 0) }) == 0 || errno == ENOENT else {
            throw failure("unlink", name)
        }
        guard name.withCString({ mkdirat(descriptor, $0, 0o755) }) == 0 else { throw failure("mkdir", name) }
        return (try child(name), true)
    }

    /// Gives us back a directory that was closed to its owner.
    func openUp(_ name: EntryName) throws(SystemError) {
        guard let stamp = try stamp(of: name), stamp.kind == .directory, stamp.mode & 0o700 != 0o700 else { return }
        guard name.withCString({ fchmodat(descriptor, $0, 0o755, AT_SYMLINK_NOFOLLOW) }) == 0 else {
            throw failure("chmod", name)
        }
    }

    /// Puts a regular file there. A plain file is overwritten where it is, since making one is the dearest call of
    /// all; anything else that has the name, and a file that has other names as well, makes room for a new one.
    func writeFile(
        _ name: EntryName, _ content: UnsafeRawBufferPointer, executable: Bool
    ) throws(SystemError) -> FileStamp {
        let mode: mode_t = executable ? 0o755 : 0o644
        if let (file, size) = openForOverwriting(name) {
            defer { close(file) }
            return try fill(file, content, named: name, mode: mode, truncating: size > content.count)
        }
        try remove(name)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = name.withCString { openat(descriptor, $0, flags, mode) }
        guard file >= 0 else { throw failure("open", name) }
        defer { close(file) }
        return try fill(file, content, named: name, mode: mode, truncating: false)
    }

    private func openForOverwriting(_ name: EntryName) -> (descriptor: Int32, size: Int)? {
        let file = name.withCString { openat(descriptor, $0, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
        guard file >= 0 else { return nil }
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_nlink == 1 else {
            close(file)
            return nil
        }
        return (file, Int(info.st_size))
    }

    private func fill(
        _ file: Int32, _ content: UnsafeRawBufferPointer, named name: EntryName, mode: mode_t, truncating: Bool
    ) throws(SystemError) -> FileStamp {
        var rest = content[...]
        while !rest.isEmpty {
            let count = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("write", name) }
            rest = rest.dropFirst(count)
        }
        if truncating, ftruncate(file, content.count) != 0 { throw failure("truncate", name) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw failure("stat", name) }
        guard info.st_mode & 0o7777 != mode else { return FileStamp(info) }
        guard fchmod(file, mode) == 0, fstat(file, &info) == 0 else { throw failure("chmod", name) }
        return FileStamp(info)
    }

    /// Puts a link there, in place of whatever has the name.
    func writeLink(_ name: EntryName, to target: [UInt8]) throws(SystemError) -> FileStamp {
        try remove(name)
        let made = EntryName(target).withCString { target in
            name.withCString { symlinkat(target, descriptor, $0) }
        }
        guard made == 0, let stamp = try stamp(of: name) else { throw failure("symlink", name) }
        return stamp
    }

    /// Removes an empty directory; false when something is in it.
    func removeEmptyDirectory(_ name: EntryName) throws(SystemError) -> Bool {
        if name.withCString({ unlinkat(descriptor, $0, Int32(AT_REMOVEDIR)) }) == 0 { return true }
        switch errno {
        case ENOENT, ENOTDIR: return true
        case ENOTEMPTY, EEXIST: return false
        default: throw failure("rmdir", name)
        }
    }

    /// Removes whatever has the name, with all that is in it. Links are removed, not followed.
    func remove(_ name: EntryName) throws(SystemError) {
        var overflow = Overflow(top: self)
        try remove(name, depth: 0, overflow: &overflow)
        while let next = overflow.pending.popLast() { try remove(next, depth: 0, overflow: &overflow) }
    }

    /// Directories that lie too deep to hold one descriptor for each level above them are moved up first.
    private struct Overflow {
        let top: OpenDirectory
        var pending: [EntryName] = []
        var count = 0
        static let depth = 100
    }

    private func remove(_ name: EntryName, depth: Int, overflow: inout Overflow) throws(SystemError) {
        if name.withCString({ unlinkat(descriptor, $0, 0) }) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM || errno == EACCES else { throw failure("unlink", name) }
        if try removeEmptyDirectory(name) { return }
        guard depth < Overflow.depth else { return try moveUp(name, &overflow) }
        try openUp(name)
        let directory = try child(name)
        for entry in try directory.names() {
            try directory.remove(entry, depth: depth + 1, overflow: &overflow)
        }
        guard try removeEmptyDirectory(name) else { throw failure("rmdir", name) }
    }

    private func moveUp(_ name: EntryName, _ overflow: inout Overflow) throws(SystemError) {
        overflow.count += 1
        let place = EntryName(".factory-removed-\(getpid())-\(overflow.count)".utf8)
        let moved = name.withCString { old in
            place.withCString { renameat(descriptor, old, overflow.top.descriptor, $0) }
        }
        guard moved == 0 else { throw failure("rename", name) }
        overflow.pending.append(place)
    }
}
