import Glibc

/// A lock on a file that the kernel gives back when its process ends. It belongs to the open file description and is
/// closed on exec, so no child inherits it.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock if it is free, nil if another process or another holder has it.
    package init?(tryLocking path: String) throws(SystemError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SystemError("open", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(file)
            guard code == EWOULDBLOCK else { throw SystemError("flock", path, code: code) }
            return nil
        }
        descriptor = file
    }

    /// Waits for the lock.
    package init(locking path: String) throws(SystemError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw SystemError("open", path) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let failure = SystemError("flock", path)
                close(file)
                throw failure
            }
        }
        descriptor = file
    }

    /// Gives the lock back. Closing alone would not do it in the moment in which a child that is being started still has
    /// a copy of the descriptor.
    package func release() { flock(descriptor, LOCK_UN) }

    deinit {
        release()
        close(descriptor)
    }
}
