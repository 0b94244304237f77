import Glibc

/// Files and directories by path. Every path is a `String`; names that are no UTF-8 exist only inside lanes, which
/// have their own code for them.
package enum Files {
    /// The whole file. Throws `EFBIG` when it holds more than `limit` bytes.
    package static func read(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError("open", path) }
        defer { close(file) }
        return try read(file, named: path, limit: limit)
    }

    /// The file's text; nil when there is no such file. Bytes that are no UTF-8 are replaced.
    package static func text(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> String? {
        do {
            return String(decoding: try read(path, limit: limit), as: UTF8.self)
        } catch  where error.isMissing { return nil }
    }

    /// Reads a file that a stranger may have prepared: a regular file only, no link followed, no FIFO waited for.
    package static func readUntrusted(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw SystemError("open", path) }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw SystemError("fstat", path) }
        guard info.st_mode & S_IFMT == S_IFREG else { throw SystemError("open", path, code: EINVAL) }
        return try read(file, named: path, limit: limit)
    }

    private static func read(_ file: Int32, named path: String, limit: Int) throws(SystemError) -> [UInt8] {
        var info = stat()
        guard fstat(file, &info) == 0 else { throw SystemError("fstat", path) }
        guard info.st_size <= limit else { throw SystemError("read", path, code: EFBIG) }
        var bytes = [UInt8]()
        var chunk = [UInt8](repeating: 0, count: max(4096, min(Int(info.st_size) + 1, 1 << 20)))
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read", path) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else { throw SystemError("read", path, code: EFBIG) }
        }
    }

    /// Writes the file in place of what was there: a new file, then a rename, so that no reader sees half of it.
    /// With `durable` it is on the disk, name and all, when the call returns.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, durable: Bool = false
    ) throws(SystemError) {
        let temporary = "\(path).tmp-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw SystemError("open", temporary) }
        do throws(SystemError) {
            defer { close(file) }
            try append(bytes, to: file, named: temporary)
            if durable, fsync(file) != 0 { throw SystemError("fsync", temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard Glibc.rename(temporary, path) == 0 else {
            let failure = SystemError("rename", path)
            unlink(temporary)
            throw failure
        }
        if durable { try syncDirectory(Paths.parent(of: path)) }
    }

    package static func write(_ text: String, to path: String) throws(SystemError) {
        try write(Array(text.utf8), to: path)
    }

    /// Writes text into a file that is there and stays the same file, such as one of the kernel's.
    package static func overwrite(_ path: String, _ text: String) throws(SystemError) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError("open", path) }
        defer { close(file) }
        try append(Array(text.utf8), to: file, named: path)
    }

    /// Writes all bytes to an open descriptor.
    package static func append(_ bytes: [UInt8], to file: Int32, named path: String) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("write", path) }
            written += count
        }
    }

    /// Gives a file or directory another name, in place of what has it.
    package static func rename(_ path: String, to other: String) throws(SystemError) {
        guard Glibc.rename(path, other) == 0 else { throw SystemError("rename", path) }
    }

    /// Makes the names in a directory durable.
    package static func syncDirectory(_ path: String) throws(SystemError) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw SystemError("open", path) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw SystemError("fsync", path) }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether the name is in use, be it by a link that leads nowhere.
    package static func isTaken(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0
    }

    /// Whether it is a file that this process may execute.
    package static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 && !isDirectory(path) }

    package static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes a directory and those above it; one that is there already is fine.
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        if mkdir(path, mode) == 0 || (errno == EEXIST && isDirectory(path)) { return }
        guard errno == ENOENT, Paths.parent(of: path) != path else { throw SystemError("mkdir", path) }
        try makeDirectory(Paths.parent(of: path), mode: mode)
        guard mkdir(path, mode) == 0 || (errno == EEXIST && isDirectory(path)) else { throw SystemError("mkdir", path) }
    }

    /// The names in a directory, sorted; names that are no UTF-8 are left out.
    package static func list(_ path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw SystemError("opendir", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file, or a directory with all that is in it; nothing there is fine. Links are removed, not followed,
    /// and directories that forbid it are opened up first.
    package static func remove(_ path: String) throws(SystemError) {
        try remove(Array(path.utf8CString), in: AT_FDCWD, shown: path)
    }

    /// By raw name, because an agent may have made names that are no UTF-8.
    private static func remove(_ name: [CChar], in parent: Int32, shown: String) throws(SystemError) {
        if unlinkat(parent, name, 0) == 0 || errno == ENOENT || errno == ENOTDIR { return }
        guard errno == EISDIR || errno == EPERM || errno == EACCES else { throw SystemError("unlink", shown) }
        _ = fchmodat(parent, name, 0o700, 0)
        let directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { throw SystemError("open", shown) }
        defer { close(directory) }
        for entry in try entries(of: directory, shown: shown) {
            try remove(entry, in: directory, shown: shown)
        }
        guard unlinkat(parent, name, Int32(AT_REMOVEDIR)) == 0 || errno == ENOENT else {
            throw SystemError("rmdir", shown)
        }
    }

    /// The raw names in an open directory, each with its closing zero.
    private static func entries(of directory: Int32, shown: String) throws(SystemError) -> [[CChar]] {
        guard let stream = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else {
            throw SystemError("fdopendir", shown)
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                raw.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
            }
            if name != [46], name != [46, 46] { names.append(name + [0]) }
        }
        return names
    }
}
