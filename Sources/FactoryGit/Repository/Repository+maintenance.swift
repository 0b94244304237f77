import CGit2
package import FactoryFiles
import Glibc

/// A git command for someone else to run; it needs no credentials.
package struct GitCommand: Hashable, Sendable {
    /// What follows `git` on the command line.
    package let arguments: [String]

    /// Packs a store and keeps every object in it, reachable or not.
    ///
    /// What is borrowed stays where it is. The pack and its index are synced before loose copies go. Call
    /// `Repository.restoreFanOut` afterwards, because git removes the directories that it emptied.
    package static func repackKeepingUnreachable(_ path: String) -> GitCommand {
        GitCommand(arguments: [
            "-C", path, "-c", "core.fsync=committed,derived-metadata,reference", "repack", "-a", "-d", "-l", "-q",
            "--keep-unreachable",
        ])
    }
}

extension Repository {
    /// The right to do maintenance, for one process at a time; nil when another has it.
    package func maintenanceLock() throws(GitError) -> FileLock? {
        do throws(SystemError) { return try FileLock(tryLocking: path + "/factory-maintenance.lock") } catch {
            throw GitError(error, "begin maintenance of \(path)")
        }
    }

    /// Moves all loose refs into one file, which makes listing many of them cheap.
    ///
    /// Writers may go on meanwhile.
    package func packRefs(under lock: FileLock) throws(GitError) {
        var database: OpaquePointer?
        try check(git_repository_refdb(&database, handle), "open the refs of \(path)")
        defer { git_refdb_free(database) }
        try withExtendedLifetime(lock) { () throws(GitError) in
            try check(git_refdb_compress(database), "pack the refs of \(path)")
        }
    }

    /// Makes again, durably, the directories for loose objects that git removed when it packed.
    package func restoreFanOut() throws(GitError) {
        do throws(SystemError) { try Self.ensureFanOut(path + "/objects") } catch {
            throw GitError(error, "restore \(path)/objects")
        }
    }

    /// Removes lock files that killed writers left behind, and names them.
    ///
    /// Our own writers are kept out meanwhile, so a lock can only be the git program's, which holds one for
    /// milliseconds: what is still there after `grace` seconds is a leftover. Nothing is waited for when there is none.
    /// Throws `.locked` when one of our writers does not come to an end.
    package func breakLeftoverLocks(under lock: FileLock, grace: Double = 0.5) throws(GitError) -> [String] {
        var removed: [String] = []
        do throws(SystemError) {
            if try leftoverLocks().isEmpty { return [] }
            let own = storeLock
            let store = if let own { own } else { try StoreLock(path) }
            let done = try store.alone(patience: lockPatience) { () throws(SystemError) in
                let suspects = try leftoverLocks()
                if !suspects.isEmpty { usleep(UInt32(grace * 1e6)) }
                let still = try leftoverLocks()
                for (file, identity) in still where suspects[file] == identity {
                    guard unlink(file) == 0 || errno == ENOENT else { throw SystemError("unlink", file) }
                    removed.append(file)
                }
            }
            guard done else { throw SystemError("flock", path, code: EWOULDBLOCK) }
        } catch {
            if error.code == EWOULDBLOCK { throw GitError.locked(path) }
            throw GitError(error, "break leftover locks of \(path)")
        }
        return removed.sorted()
    }

    /// Lock files of refs, each with what tells it from a later one of that name.
    private func leftoverLocks() throws(SystemError) -> [String: LockIdentity] {
        var found: [String: LockIdentity] = [:]
        for name in ["packed-refs.lock", "HEAD.lock", "config.lock"] {
            found[path + "/" + name] = LockIdentity(path + "/" + name)
        }
        var open = [path + "/refs"]
        while let directory = open.popLast() {
            for name in try names(in: directory) {
                let child = directory + "/" + name
                if name.hasSuffix(".lock") {
                    found[child] = LockIdentity(child)
                } else if Files.isDirectory(child) {
                    open.append(child)
                }
            }
        }
        return found
    }

    /// None when a rival has just removed the directory.
    private func names(in directory: String) throws(SystemError) -> [String] {
        do throws(SystemError) { return try Files.list(directory) } catch  where error.isMissing { return [] }
    }
}

private struct LockIdentity: Equatable {
    let inode: UInt
    let seconds: Int
    let nanoseconds: Int

    /// Nil when there is no such file.
    init?(_ path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        inode = UInt(info.st_ino)
        seconds = info.st_mtim.tv_sec
        nanoseconds = info.st_mtim.tv_nsec
    }
}
