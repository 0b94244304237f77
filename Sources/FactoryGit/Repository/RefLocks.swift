import CGit2
import FactoryCore
import FactoryFiles
import Glibc

/// Locks on refs of one repository, taken the way git takes them: a file `<ref>.lock` that must not be there yet.
///
/// What is read while they are held stays true until `commit`, or until the last reference goes, which lets go of them
/// and changes nothing. libgit2's own compare-and-swap is not enough: it looks for an existing ref before it takes the
/// lock, and takes a deleted ref for one that has the expected value.
final class RefLocks {
    private let repository: Repository
    private var held: [String: Int32] = [:]
    private var targets: [(ref: String, target: CommitID)] = []
    private var removals: Set<String> = []

    /// Waits for locks that others hold, for as long as the repository's patience; throws `.locked` after that.
    init(_ repository: Repository, _ refs: [String]) throws(GitError) {
        do throws(SystemError) { try repository.storeLock?.share() } catch {
            throw GitError(error, "lock refs of \(repository.path)")
        }
        self.repository = repository
        for ref in refs { held[ref] = try lock(ref) }
    }

    deinit {
        for (ref, file) in held {
            close(file)
            unlink(lockPath(ref))
        }
        repository.storeLock?.leave()
    }

    private func path(_ ref: String) -> String { repository.path + "/" + ref }
    private func lockPath(_ ref: String) -> String { path(ref) + ".lock" }

    private func lock(_ ref: String) throws(GitError) -> Int32 {
        var valid: Int32 = 0
        guard ref.hasPrefix("refs/"), git_reference_name_is_valid(&valid, ref) == 0, valid == 1 else {
            throw GitError.failed("lock \(ref)", "git does not allow this name")
        }
        let deadline = Clock.now() + repository.lockPatience
        var pause: UInt32 = 100
        while true {
            let file = open(lockPath(ref), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if file >= 0 { return file }
            switch errno {
            case EEXIST:
                guard Clock.now() < deadline else { throw GitError.locked(ref) }
                // At random, so that two writers do not keep in step.
                usleep(UInt32.random(in: pause / 2...pause))
                pause = min(pause * 2, 5_000)
            case ENOENT: try makeDirectory(Paths.parent(of: path(ref)))
            default: throw GitError(SystemError("open", lockPath(ref)), "lock \(ref)")
            }
        }
    }

    private func makeDirectory(_ directory: String) throws(GitError) {
        do throws(SystemError) {
            try Files.makeDirectory(directory)
            var above = directory
            while repository.isDurable, above.utf8.count > repository.path.utf8.count {
                above = Paths.parent(of: above)
                try Files.syncDirectory(above)
            }
        } catch { throw GitError(error, "make a directory for refs") }
    }

    /// Throws `.lostSwap` unless the ref is where the caller thinks.
    func verify(_ ref: String, is expected: CommitID?) throws(GitError) {
        let actual = try repository.resolve(ref)
        guard actual == expected else { throw GitError.lostSwap(ref: ref, actual: actual) }
    }

    /// Nil removes the ref.
    ///
    /// It happens at `commit`; the ref must be among those that are locked.
    func set(_ ref: String, to target: CommitID?) {
        if let target { targets.append((ref, target)) } else { removals.insert(ref) }
    }

    /// Removes what was to be removed, writes what was set, one ref after the other, and lets go of the locks.
    func commit() throws(GitError) {
        try remove()
        for (ref, target) in targets { try write(ref, target) }
        for (ref, file) in held {
            close(file)
            unlink(lockPath(ref))
        }
        held = [:]
    }

    /// First from the packed file, so that no reader sees an old value come back.
    private func remove() throws(GitError) {
        guard !removals.isEmpty else { return }
        let packed = try PackedRefs(repository)
        if packed.remove(removals) { try packed.commit() }
        for ref in removals {
            guard unlink(path(ref)) == 0 || errno == ENOENT || errno == EISDIR else {
                throw GitError(SystemError("unlink", path(ref)), "remove \(ref)")
            }
        }
    }

    private func write(_ ref: String, _ target: CommitID) throws(GitError) {
        guard let file = held[ref] else { throw GitError.failed("move \(ref)", "it is not locked") }
        try makeRoom(for: ref)
        do throws(SystemError) {
            try Files.append(Array((target.hex + "\n").utf8), to: file, named: lockPath(ref))
            try repository.durability.settle(file, named: lockPath(ref))
            guard rename(lockPath(ref), path(ref)) == 0 else { throw SystemError("rename", path(ref)) }
            // From here on the lock's name is another's to take.
            held[ref] = nil
            close(file)
            try repository.durability.settle(namesIn: Paths.parent(of: path(ref)))
        } catch { throw GitError(error, "move \(ref)") }
    }

    /// Looks at what stands where the ref's file goes; empty directories of former refs are cleared away.
    private func makeRoom(for ref: String) throws(GitError) {
        var info = stat()
        let isThere = lstat(path(ref), &info) == 0
        if isThere && info.st_mode & S_IFMT != S_IFDIR { return }
        try checkNames(around: ref)
        guard isThere else { return }
        do throws(SystemError) { try removeEmptyDirectories(path(ref)) } catch {
            throw GitError(error, "move \(ref)")
        }
    }

    private func removeEmptyDirectories(_ directory: String) throws(SystemError) {
        for name in try Files.list(directory) where Files.isDirectory(directory + "/" + name) {
            try removeEmptyDirectories(directory + "/" + name)
        }
        guard rmdir(directory) == 0 || errno == ENOENT else { throw SystemError("rmdir", directory) }
    }

    /// A ref may not be named like the directory of another, even when one of them is packed.
    private func checkNames(around ref: String) throws(GitError) {
        if try repository.resolve(ref) != nil { return }
        var above = Paths.parent(of: ref)
        while above.contains("/") {
            if try repository.resolve(above) != nil {
                throw GitError.failed("make \(ref)", "there is a ref named \(above)")
            }
            above = Paths.parent(of: above)
        }
        // A loose ref below would be a directory in the way, which `write` trips over; only a packed one is not seen.
        guard Files.exists(repository.path + "/packed-refs") else { return }
        if let below = try repository.references(prefix: ref + "/").first {
            throw GitError.failed("make \(ref)", "there is a ref named \(below.name)")
        }
    }
}
