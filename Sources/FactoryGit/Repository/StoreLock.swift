import FactoryFiles
import Glibc

/// Keeps writers of refs apart from the one who breaks leftover locks: writers share it, the breaker has it alone.
///
/// The kernel gives it back when a process ends, so a killed writer does not hold anyone up.
final class StoreLock {
    /// Made with the repository.
    static let name = "factory-store.lock"

    private let descriptor: Int32
    private let path: String
    private var holders = 0

    init(_ repository: String) throws(SystemError) {
        path = repository + "/" + Self.name
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError("open", path) }
    }

    deinit { close(descriptor) }

    /// Joins the writers; waits while the breaker is at work.
    ///
    /// Each call needs a `leave`.
    func share() throws(SystemError) {
        if holders == 0 { try take(LOCK_SH) }
        holders += 1
    }

    func leave() {
        holders -= 1
        if holders == 0 { flock(descriptor, LOCK_UN) }
    }

    /// Runs alone; false, without running, when a writer does not let go within `patience` seconds.
    func alone(patience: Double, _ body: () throws(SystemError) -> Void) throws(SystemError) -> Bool {
        let deadline = Clock.now() + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw SystemError("flock", path) }
            guard Clock.now() < deadline else { return false }
            usleep(500)
        }
        defer { flock(descriptor, LOCK_UN) }
        try body()
        return true
    }

    private func take(_ kind: Int32) throws(SystemError) {
        while flock(descriptor, kind) != 0 {
            guard errno == EINTR else { throw SystemError("flock", path) }
        }
    }
}

/// Time that only goes forward, in seconds.
enum Clock {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
