import CSystem
import Glibc

/// Threads for what has to wait, so that no thread of Swift's own does.
enum Thread {
    private final class Body {
        let name: String
        let work: @Sendable () -> Void
        init(_ name: String, _ work: @escaping @Sendable () -> Void) {
            self.name = name
            self.work = work
        }
    }

    /// Runs `work` on a thread of its own. Where there are no more threads, `work` is let go of without having run.
    @discardableResult
    static func start(_ name: String, _ work: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(Body(name, work))
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { body in
                guard let body = body.map({ Unmanaged<Body>.fromOpaque($0).takeRetainedValue() }) else { return nil }
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_BLOCK, &all, nil)
                _ = factory_name_thread(body.name)
                body.work()
                return nil
            }, body.toOpaque())
        if error == 0 { pthread_detach(thread) } else { body.release() }
        return error == 0
    }
}
