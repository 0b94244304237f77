import Glibc

/// What the kernel says about a file without reading it. While it stays the same, so does the content: the change
/// time cannot be set back, and a file put in place of another has another inode.
struct FileStamp: Hashable, Sendable {
    /// In bytes.
    var size: Int64
    /// In nanoseconds since 1970.
    var modified: Int64
    /// In nanoseconds since 1970.
    var changed: Int64
    var inode: UInt64
    /// Kind and permissions, as the kernel has them.
    var mode: UInt32

    init(_ info: stat) {
        size = Int64(info.st_size)
        modified = Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
        changed = Int64(info.st_ctim.tv_sec) * 1_000_000_000 + Int64(info.st_ctim.tv_nsec)
        inode = UInt64(info.st_ino)
        mode = UInt32(info.st_mode)
    }

    init(size: Int64, modified: Int64, changed: Int64, inode: UInt64, mode: UInt32) {
        self.size = size
        self.modified = modified
        self.changed = changed
        self.inode = inode
        self.mode = mode
    }

    enum Kind { case file, link, directory, special }

    var kind: Kind {
        switch mode & UInt32(S_IFMT) {
        case UInt32(S_IFREG): .file
        case UInt32(S_IFLNK): .link
        case UInt32(S_IFDIR): .directory
        default: .special
        }
    }

    /// Git knows one permission only: whether the owner may execute the file.
    var isExecutable: Bool { mode & 0o100 != 0 }

    /// Whether a write after `moment` (nanoseconds since 1970) must have given the file another change time. A file
    /// that changed in the tick of `moment` may change again within that tick and look the same.
    func isProven(at moment: Int64) -> Bool { changed < moment - granularity }

    /// The clock behind change times ticks 100 times a second at the slowest; a file system that stores whole
    /// seconds is recognised by them.
    private var granularity: Int64 { changed % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000 }
}

/// The wall clock in nanoseconds since 1970, the one that file systems stamp with.
func currentMoment() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
