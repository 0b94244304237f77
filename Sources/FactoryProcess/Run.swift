import CSystem
import FactoryFiles
import Glibc

/// One program from its start until nothing of it is left.
///
/// Belongs to the reactor's thread.
///
/// The program (the leader) stays unreaped until the end, so that its process group, which has the same number, can be
/// nobody else's. While it lives every process of the run is below it or below an orphan; once it has ended, all are
/// below orphans. Those are our children, so the kernel tells us when one ends, and then its own children have become
/// orphans already. Looking at them whenever one ends therefore misses nobody, without any polling.
final class Run {
    /// What the caller asked for, and where the answers go.
    ///
    /// All are called on the reactor's thread.
    struct Request: Sendable {
        let command: Command
        /// An open descriptor that the program gets as number 3.
        var door: Descriptor?
        let cancellation: Cancellation
        let onStart: (@Sendable (ProcessIdentity) -> Void)?
        let onOutput: (@Sendable (OutputChunk) -> Void)?
        /// Seconds since the last sign of progress; not called on the reactor's thread, since it may look at files.
        let quiet: (@Sendable () -> Double)?
        let completion: @Sendable (Result<ProcessResult, LaunchError>) -> Void
    }

    private enum Phase {
        case running
        /// The program has ended and left something, which may end by itself until this time: a `tee` that has yet to
        /// write its last line, for example.
        case lingering(until: Double)
        /// SIGTERM was sent; SIGKILL follows at this time.
        case asked(killAt: Double)
        /// SIGKILL was sent; at this time we give up on what is left.
        case killed(giveUpAt: Double)
        case finished
    }

    /// Seconds in which what the program has left may end by itself.
    private static let lingering = 0.2
    /// Seconds that the kernel gets to end a process after SIGKILL.
    private static let patience = 10.0

    let request: Request
    let mark: Mark
    private let leader: Int32
    private let handle: Descriptor
    private unowned let supervisor: Supervisor
    private let streams: Streams
    private let started = monotonicSeconds()
    private var phase = Phase.running
    private var stopped: StopReason?
    private var leaderEnded = false
    /// Monotonic seconds of the last sign of progress that we know of, where the caller is asked for them.
    private var lastSign = monotonicSeconds()
    private var isAsking = false
    private var asked: Set<Int32> = []
    private var survivors: Set<Int32> = []
    private var watches: [Int32: Descriptor] = [:]
    private var watcher: Watcher?
    private var nextLook = Double.infinity

    init(_ request: Request, _ spawned: Spawned, _ mark: Mark, _ supervisor: Supervisor) {
        self.request = request
        leader = spawned.pid
        handle = spawned.handle
        self.mark = mark
        self.supervisor = supervisor
        streams = Streams(spawned, request, supervisor.loop)
        guard let watch = request.command.limits.watch else { return }
        watcher = Watcher(watch)
        nextLook = started + Watch.interval
    }

    /// When `expire` is to be called, in monotonic seconds.
    var deadline: Double? {
        switch phase {
        case .running:
            let limits = request.command.limits
            let sign = request.quiet == nil ? streams.lastOutput : lastSign
            let idle = isAsking ? nil : limits.idle.map { sign + $0 }
            return ([limits.wall.map { started + $0 }, idle].compactMap { $0 } + (watcher == nil ? [] : [nextLook]))
                .min()
        case .lingering(let time), .asked(let time), .killed(let time): return time
        case .finished: return nil
        }
    }

    /// Begins to listen.
    ///
    /// If that fails, nothing of the run is left.
    func begin() throws(SystemError) {
        do throws(SystemError) {
            try watch(leader, by: handle)
            try streams.open()
        } catch {
            killpg(leader, SIGKILL)
            waitpid(leader, nil, 0)
            close()
            throw error
        }
        // Where memory runs out, what is inside a fence goes first. A failure costs nothing but that.
        if request.command.isFenced { try? Files.overwrite("/proc/\(leader)/oom_score_adj", "800") }
        if let onStart = request.onStart, let entry = ProcessTable.entry(of: leader) {
            onStart(ProcessIdentity(pid: leader, startTime: entry.startTime))
        }
        if let deadline { supervisor.schedule(deadline) }
    }

    /// Begins the teardown: SIGTERM for all, and SIGKILL later for what is left.
    func stop(_ reason: StopReason) {
        guard case .running = phase else { return }
        stopped = reason
        askToEnd()
    }

    func expire(_ now: Double) {
        guard let deadline, deadline <= now else { return }
        switch phase {
        case .running: expireRunning(now)
        case .lingering: askToEnd()
        case .asked: forceToEnd()
        case .killed: finish(unkillable: tree())
        case .finished: break
        }
    }

    private func expireRunning(_ now: Double) {
        let limits = request.command.limits
        if let wall = limits.wall, started + wall <= now { return stop(.wallLimit) }
        if let idle = limits.idle, !isAsking {
            if let quiet = request.quiet {
                if lastSign + idle <= now { ask(quiet) }
            } else if streams.lastOutput + idle <= now {
                return stop(.idleLimit)
            }
        }
        guard nextLook <= now else { return }
        nextLook = now + Watch.interval
        guard watcher?.isDue(now) == true else { return }
        let processes = tree(atMost: limits.watch?.processes ?? .max)
        guard let reason = watcher?.look(at: processes, now) else { return }
        // Whoever takes too much is not asked first: it would take more meanwhile.
        stopped = reason
        forceToEnd()
    }

    /// Asks whether there was progress, at the moment the idle limit would end the run: so nobody has to poll for it.
    private func ask(_ quiet: @escaping @Sendable () -> Double) {
        isAsking = true
        // A task of its own, because looking at a lane takes longer than the reactor may be away.
        Task.detached { [tag = mark.tag] in
            let seconds = quiet()
            (try? Reactor.shared.get())?.perform { $0.tell(run: tag, quietFor: seconds) }
        }
    }

    /// The answer to `ask`.
    func tell(quietFor seconds: Double) {
        isAsking = false
        lastSign = max(lastSign, monotonicSeconds() - max(0, seconds))
        guard case .running = phase, let deadline else { return }
        if let idle = request.command.limits.idle, seconds >= idle {
            stop(.idleLimit)
        } else {
            supervisor.schedule(deadline)
        }
    }

    private func watch(_ pid: Int32, by handle: Descriptor) throws(SystemError) {
        try supervisor.loop.add(handle) { [self] in ended(pid) }
        watches[pid] = handle
    }

    private func ended(_ pid: Int32) {
        watches.removeValue(forKey: pid).map(supervisor.loop.remove)
        if pid == leader { leaderEnded = true }
        if case .finished = phase { _ = reapLeader() } else if leaderEnded { settle() }
    }

    /// Sees whether anything is left, and goes on with the teardown if so.
    private func settle() {
        let orphans = supervisor.orphans(of: self)
        guard !orphans.isEmpty else { return finish(unkillable: []) }
        for pid in orphans where watches[pid] == nil {
            // Without a handle we would not hear of its end, and the time limits of the teardown have to do.
            if let handle = try? Descriptor(factory_pidfd_open(pid), from: "pidfd_open") { try? watch(pid, by: handle) }
        }
        switch phase {
        case .running: enter(.lingering(until: monotonicSeconds() + Self.lingering))
        case .lingering, .finished: break
        case .asked: askToEnd()
        case .killed: forceToEnd()
        }
    }

    private func askToEnd() {
        // First the whole list, then the signals: a parent that ends at once must not hide its children.
        let isFenced = request.command.isFenced
        for pid in tree() where !(isFenced && pid == leader) && asked.insert(pid).inserted { kill(pid, SIGTERM) }
        if case .asked = phase { return }
        enter(.asked(killAt: monotonicSeconds() + request.command.limits.grace))
    }

    private func forceToEnd() {
        // Whole groups at once, since that is how a process that only forks is caught. Then each process before its
        // children are read: it cannot have new ones by then, and those it had become orphans if it goes.
        if request.command.isFenced, !leaderEnded {
            // With the first process inside the kernel ends all others, be they many thousand.
            for pid in ProcessTable.children(of: leader) { kill(pid, SIGKILL) }
            killpg(leader, SIGKILL)
        } else {
            killpg(leader, SIGKILL)
            _ = tree { kill($0, SIGKILL) }
        }
        if case .killed = phase { return }
        enter(.killed(giveUpAt: monotonicSeconds() + Self.patience))
    }

    /// All processes of the run, parents before their children.
    ///
    /// `visit` is called for each before its children are read.
    private func tree(atMost most: Int = .max, visit: (Int32) -> Void = { _ in }) -> [Int32] {
        var found = (leaderEnded ? [] : [leader]) + supervisor.orphans(of: self)
        var known = Set(found)
        var next = 0
        while next < found.count, found.count <= most {
            visit(found[next])
            found += ProcessTable.children(of: found[next]).filter { known.insert($0).inserted }
            next += 1
        }
        if leaderEnded { survivors.formUnion(found) }
        return found
    }

    private func enter(_ next: Phase) {
        phase = next
        if let deadline { supervisor.schedule(deadline) }
    }

    private func finish(unkillable: [Int32]) {
        // Whoever could write has ended, so what the pipes hold now is all there is to come.
        streams.drain()
        let ending = leaderEnded ? reapLeader() : .signalled(SIGKILL)
        close()
        let result = ProcessResult(
            ending: ending, stopped: stopped, output: streams.output, errors: streams.errors,
            duration: monotonicSeconds() - started, survivorsKilled: survivors.subtracting(unkillable).count,
            unkillable: unkillable)
        supervisor.deliver(.success(result), to: request)
    }

    private func close() {
        phase = .finished
        streams.close()
        supervisor.forget(self)
        // A leader that cannot be killed is still reaped when it ends after all.
        for (pid, handle) in watches where pid != leader || leaderEnded { supervisor.loop.remove(handle) }
    }

    private func reapLeader() -> Ending {
        var signalled: Int32 = 0
        var value: Int32 = 0
        _ = factory_reap(1, handle.number, &signalled, &value)
        return signalled == 0 ? .exited(value) : .signalled(value)
    }
}
