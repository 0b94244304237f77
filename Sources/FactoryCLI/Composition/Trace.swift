import FactoryFiles
import Glibc
import Synchronization

/// Moments of the line's work, a JSON object a line, for measuring: `FACTORY_TRACE=FILE`.
final class Trace: Sendable {
    private let descriptor: Int32

    /// Nil without the variable.
    init?(environment: [String: String]) {
        guard let path = environment["FACTORY_TRACE"] else { return nil }
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Notes an event at this moment, in microseconds of the monotonic clock.
    func note(_ event: String, pr: Int) {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let micros = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        let line = "{\"t\":\(micros),\"event\":\"\(event)\",\"pr\":\(pr)}\n"
        try? Files.append(Array(line.utf8), to: descriptor, named: "trace")
    }
}

/// Counts durable effects, and ends the process right after one of them: `FACTORY_STOP_AFTER_EFFECT=N`, so that
/// recovery can be tried at every point there is. `FACTORY_PAUSE_AFTER_EFFECT=NAME` stops it after each of that name, as
/// a machine does that sleeps, until somebody continues it.
final class EffectCounter: Sendable {
    private let count = Atomic(0)
    private let last: Int?
    private let list: Int32
    private let pause: String?

    init(environment: [String: String]) {
        last = environment["FACTORY_STOP_AFTER_EFFECT"].flatMap { Int($0) }
        pause = environment["FACTORY_PAUSE_AFTER_EFFECT"]
        list = environment["FACTORY_EFFECTS"].map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644) } ?? -1
    }

    func note(_ name: String) {
        let number = count.add(1, ordering: .relaxed).newValue
        if list >= 0 { try? Files.append(Array("\(number) \(name)\n".utf8), to: list, named: "effects") }
        if number == last { kill(getpid(), SIGKILL) }
        // Sent to this thread: one that is sent to the process another thread may take up, a moment too late.
        if name == pause { pthread_kill(pthread_self(), SIGSTOP) }
    }
}
