import CGit2
import FactoryCore
import FactoryFiles
import Glibc

/// Locks on refs of one repository.
///
/// What is read while they are held stays true until `commit`, or until the last reference goes, which lets go of them
/// and changes nothing.
///
/// libgit2's own compare-and-swap is not enough: it looks for an existing ref before it takes the lock, and takes a
/// deleted ref for one that has the expected value.
final class RefLocks {
    private let repository: Repository
    private let transaction: OpaquePointer
    private var removals: Set<String> = []

    /// Waits for locks that others hold, for as long as the repository's patience; throws `.locked` after that.
    init(_ repository: Repository, _ refs: [String]) throws(GitError) {
        var transaction: OpaquePointer?
        let code = git_transaction_new(&transaction, repository.handle)
        guard code == 0, let transaction else { throw GitError.last(code, "lock refs") }
        do throws(SystemError) { try repository.storeLock?.share() } catch {
            git_transaction_free(transaction)
            throw GitError(error, "lock refs of \(repository.path)")
        }
        self.repository = repository
        self.transaction = transaction
        for ref in refs { try lock(ref) }
    }

    deinit {
        git_transaction_free(transaction)
        repository.storeLock?.leave()
    }

    private func lock(_ ref: String) throws(GitError) {
        let deadline = Clock.now() + repository.lockPatience
        var pause: UInt32 = 100
        while true {
            let code = git_transaction_lock_ref(transaction, ref)
            if code == 0 { return }
            guard code == GIT_ELOCKED.rawValue else { throw GitError.last(code, "lock \(ref)") }
            guard Clock.now() < deadline else { throw GitError.locked(ref) }
            // At random, so that two writers do not keep in step.
            usleep(UInt32.random(in: pause / 2...pause))
            pause = min(pause * 2, 5_000)
        }
    }

    /// Throws `.lostSwap` unless the ref is where the caller thinks.
    func verify(_ ref: String, is expected: CommitID?) throws(GitError) {
        let actual = try repository.resolve(ref)
        guard actual == expected else { throw GitError.lostSwap(ref: ref, actual: actual) }
    }

    /// Nil removes the ref.
    ///
    /// It happens at `commit`.
    func set(_ ref: String, to target: CommitID?) throws(GitError) {
        guard let target else {
            removals.insert(ref)
            return
        }
        var id = try git_oid(target)
        try check(git_transaction_set_target(transaction, ref, &id, nil, nil), "move \(ref)")
    }

    /// Writes what was set, one ref after the other, removes what was to be removed, and lets go of the locks.
    func commit() throws(GitError) {
        try remove()
        try check(git_transaction_commit(transaction), "move refs")
    }

    /// First from the packed file, so that no reader sees an old value come back.
    private func remove() throws(GitError) {
        guard !removals.isEmpty else { return }
        let packed = try PackedRefs(repository)
        if packed.remove(removals) { try packed.commit() }
        for ref in removals {
            let file = repository.path + "/" + ref
            guard unlink(file) == 0 || errno == ENOENT else {
                throw GitError(SystemError("unlink", file), "remove \(ref)")
            }
        }
    }
}
