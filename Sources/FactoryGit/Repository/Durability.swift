import CGit2
import FactoryFiles
import Glibc

/// How a handle makes sure that what it wrote outlives a power cut.
enum Durability {
    /// Not at all: what is written can be made again.
    case none
    /// By the file system's own order. Its journal keeps the order of changes, so when the data of a file is handed to
    /// the disk before its name is given, one sync of the last directory makes everything before it durable as well.
    /// Git does the same under `core.fsyncMethod=batch`.
    case ordered
    /// Every file and every directory by a sync of its own.
    case full

    /// ext2 to ext4, XFS, and tmpfs, where there is nothing to keep.
    private static let orderly: Set<Int> = [0xEF53, 0x5846_5342, 0x0102_1994]

    /// What a store at this path needs.
    static func of(_ path: String, durable: Bool) -> Durability {
        guard durable else { return .none }
        return orderly.contains(factory_file_system(path)) ? .ordered : .full
    }

    /// Sees to a file's data before it gets its name.
    func settle(_ file: Int32, named path: String) throws(SystemError) {
        switch self {
        case .none: return
        case .ordered:
            if factory_write_out(file) == 0 { return }
            fallthrough
        case .full: guard fsync(file) == 0 else { throw SystemError("fsync", path) }
        }
    }

    /// Sees to a name that a directory was given; the end of every durable change.
    func settle(namesIn directory: String) throws(SystemError) {
        switch self {
        case .none: return
        case .ordered, .full: try Files.syncDirectory(directory)
        }
    }
}

extension Repository {
    /// Hands an object's data to the disk. It becomes durable with the ref that makes it reachable.
    func settleObject(_ id: git_oid) throws(GitError) {
        guard durability == .ordered else { return }
        let hex = id.hex
        let path = "\(self.path)/objects/\(hex.prefix(2))/\(hex.dropFirst(2))"
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        // Another store that is borrowed from has it.
        guard file >= 0 else { return }
        defer { close(file) }
        do throws(SystemError) { try durability.settle(file, named: path) } catch {
            throw GitError(error, "write an object to \(self.path)")
        }
    }
}
