import CGit2
import FactoryCore
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

    /// Moves loose refs into one file, which makes listing many of them cheap.
    ///
    /// Writers may go on meanwhile.
    ///
    /// Refs that point to anything but a commit stay where they are.
    package func packRefs(under lock: FileLock) throws(GitError) {
        let packed = try PackedRefs(self)
        let loose = try looseRefs()
        if loose.isEmpty { return }
        packed.set(loose)
        try packed.commit()
        for ref in loose { try dropLoose(ref) }
        withExtendedLifetime(lock) {}
    }

    /// Removes the file of a ref that is packed; if someone holds or has moved it, it stays, and goes another time.
    private func dropLoose(_ ref: Ref) throws(GitError) {
        let file = path + "/" + ref.name
        let guardFile = Glibc.open(file + ".lock", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard guardFile >= 0 else { return }
        defer {
            unlink(file + ".lock")
            close(guardFile)
        }
        if try looseTarget(file) == ref.target { unlink(file) }
    }

    private func looseRefs() throws(GitError) -> [Ref] {
        var found: [Ref] = []
        for file in try filesOfRefs() where !file.hasSuffix(".lock") {
            // Whoever holds it may be removing the ref, and it must not come back.
            if Files.exists(file + ".lock") { continue }
            guard let target = try looseTarget(file), try isCommit(target) else { continue }
            found.append(Ref(name: String(file.dropFirst(path.count + 1)), target: target))
        }
        return found
    }

    /// Nil when it names another ref, or is gone.
    private func looseTarget(_ file: String) throws(GitError) -> CommitID? {
        do throws(SystemError) {
            let text = try Files.text(file, limit: 4096) ?? ""
            return text.utf8.count == 41 && text.last == "\n" ? CommitID(String(text.dropLast())) : nil
        } catch { throw GitError(error, "read \(file)") }
    }

    private func isCommit(_ commit: CommitID) throws(GitError) -> Bool {
        var id = try git_oid(commit)
        var size = 0
        var kind = GIT_OBJECT_INVALID
        return git_odb_read_header(&size, &kind, objects, &id) == 0 && kind == GIT_OBJECT_COMMIT
    }

    private func filesOfRefs() throws(GitError) -> [String] {
        do throws(SystemError) { return try RefFiles.all(in: path) } catch {
            throw GitError(error, "list refs of \(path)")
        }
    }

    /// Makes again the directories for loose objects that git removed when it packed, if the repository is durable.
    package func restoreFanOut() throws(GitError) {
        guard isDurable else { return }
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
        let files = ["packed-refs.lock", "HEAD.lock"].map { path + "/" + $0 } + (try RefFiles.all(in: path))
        for file in files where file.hasSuffix(".lock") { found[file] = LockIdentity(file) }
        return found
    }
}

/// The files below `refs`, locks among them.
private enum RefFiles {
    static func all(in repository: String) throws(SystemError) -> [String] {
        var found: [String] = []
        var open = [repository + "/refs"]
        while let directory = open.popLast() {
            for name in try names(in: directory) {
                let child = directory + "/" + name
                if Files.isDirectory(child) { open.append(child) } else { found.append(child) }
            }
        }
        return found
    }

    /// None when a rival has just removed the directory.
    private static func names(in directory: String) throws(SystemError) -> [String] {
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
