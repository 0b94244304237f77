import CSystem
import FactoryFiles
import Glibc
import Synchronization

/// The one permanent thread that starts programs, moves their bytes, keeps their time and sees them end.
///
/// It never blocks but in `epoll_wait`, and takes work from others as jobs.
final class Reactor: Sendable {
    typealias Job = @Sendable (Supervisor) -> Void

    /// There is one, because what it does (adopting orphans, starting programs from one thread) concerns the process.
    static let shared: Result<Reactor, SystemError> = Result { () throws(SystemError) in try Reactor() }

    private let jobs = Mutex<[Job]>([])
    private let doorbell: Descriptor

    private init() throws(SystemError) {
        try Self.occupyStandardDescriptors()
        doorbell = try Descriptor(factory_eventfd(), from: "eventfd")
        let supervisor = try Supervisor(loop: EventLoop())
        try supervisor.loop.add(doorbell) { [doorbell] in
            var count: UInt64 = 0
            _ = read(doorbell.number, &count, 8)
        }
        try start(supervisor)
    }

    /// Has the job done on the reactor's thread, after those that came before.
    ///
    /// The job must not block.
    func perform(_ job: @escaping Job) {
        let wasEmpty = jobs.withLock {
            $0.append(job)
            return $0.count == 1
        }
        guard wasEmpty else { return }
        var one: UInt64 = 1
        _ = write(doorbell.number, &one, 8)
    }

    /// So that no pipe of ours gets a number from 0 to 2, where the child's own will be.
    private static func occupyStandardDescriptors() throws(SystemError) {
        for number in 0...2 as ClosedRange<Int32> where fcntl(number, F_GETFD) < 0 {
            guard open("/dev/null", O_RDWR) == number else { throw SystemError("open", "/dev/null") }
        }
    }

    private func start(_ supervisor: Supervisor) throws(SystemError) {
        let body = Unmanaged.passRetained(ThreadBody(reactor: self, supervisor: supervisor))
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { body in
                body.map { Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard error == 0 else {
            body.release()
            throw SystemError("pthread_create", "reactor", code: error)
        }
    }

    fileprivate func takeJobs() -> [Job] { jobs.withLock { exchange(&$0, with: []) } }
}

/// What the thread owns.
///
/// Nothing else touches the supervisor once the thread runs.
private final class ThreadBody {
    let reactor: Reactor
    let supervisor: Supervisor

    init(reactor: Reactor, supervisor: Supervisor) {
        self.reactor = reactor
        self.supervisor = supervisor
    }

    func run() -> Never {
        var all = sigset_t()
        sigfillset(&all)
        // Signals are for other threads; and a write to a reader that has gone gives EPIPE here, not SIGPIPE.
        pthread_sigmask(SIG_BLOCK, &all, nil)
        _ = factory_name_thread("factory-reactor")
        // Nothing but this thread ends root's fork bomb, so it must not wait its turn behind it. Others may not, and
        // need not: the kernel holds their processes to a number.
        _ = factory_go_first()
        var pending: ArraySlice<Reactor.Job> = []
        while true {
            // Looked at before each wait, since an earlier turn may have answered the doorbell.
            if pending.isEmpty { pending = reactor.takeJobs()[...] }
            supervisor.loop.wait(until: pending.isEmpty ? supervisor.wake : 0)
            // One a turn: nobody waits for a crowd to start, and those of the crowd that have ended make room.
            pending.popFirst()?(supervisor)
            supervisor.expire()
            supervisor.makeDeliveries()
        }
    }
}
