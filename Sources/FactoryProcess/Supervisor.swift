import CSystem
import FactoryFiles
import Glibc

/// The runs in progress, and the orphans they leave.
///
/// Our process is a sub-reaper: whoever loses its parent below us becomes our child, at the moment its parent ends. The
/// kernel lists those with the main thread, and those that we start with the reactor's thread, which started them. So
/// one short file of `/proc` names every orphan there is, and whatever is left of a run is one of them or below one of
/// them. Belongs to the reactor's thread.
final class Supervisor {
    let loop: EventLoop
    /// When `expire` has something to do next, in monotonic seconds.
    private(set) var wake: Double?
    private var runs: [UInt64: Run] = [:]
    private var deliveries: [() -> Void] = []
    private var strays: Set<Int32> = []
    private let spawner = Spawner()
    private let orphanList: Descriptor
    /// The tag of children that other code of this process starts.
    ///
    /// They are none of our business.
    private let foreignTag = ProcessTable.tag(of: getpid())
    private var serial = UInt32.random(in: 0...UInt32.max)
    private var lastSweep = 0.0

    init(loop: EventLoop) throws(SystemError) {
        self.loop = loop
        let path = "/proc/self/task/\(getpid())/children"
        // Opened once: asking costs two microseconds then. It must exist, else we would never see an orphan.
        orphanList = try Descriptor(open(path, O_RDONLY | O_CLOEXEC), from: "open", on: path)
        guard factory_become_subreaper() == 0 else { throw SystemError("prctl", "PR_SET_CHILD_SUBREAPER") }
    }

    /// Starts a run.
    ///
    /// Its `completion` is called when it is over, or at once with the reason why it could not start.
    func start(_ request: Run.Request) {
        guard !request.cancellation.isRequested else { return deliver(.success(.cancelledBeforeStart), to: request) }
        serial &+= 1
        let mark = Mark(marker: request.command.marker, serial: serial)
        do throws(LaunchError) {
            let run = Run(request, try spawner.spawn(request.command, mark: mark, door: request.door), mark, self)
            runs[mark.tag] = run
            do throws(SystemError) { try run.begin() } catch {
                throw LaunchError.exhausted(program: request.command.executable, error)
            }
        } catch {
            deliver(.failure(error), to: request)
        }
    }

    /// Tears down the run with this cancellation, if it is still there.
    func cancel(_ cancellation: Cancellation) {
        runs.values.first { $0.request.cancellation === cancellation }?.stop(.cancelled)
    }

    /// Hands on for how long a run has been quiet, if it is still there.
    func tell(run tag: UInt64, quietFor seconds: Double) { runs[tag]?.tell(quietFor: seconds) }

    func forget(_ run: Run) { runs[run.mark.tag] = nil }

    /// Answers the caller at the end of this turn, when the run and its descriptors have gone.
    func deliver(_ result: Result<ProcessResult, LaunchError>, to request: Run.Request) {
        deliveries.append { request.completion(result) }
    }

    func makeDeliveries() { for deliver in exchange(&deliveries, with: []) { deliver() } }

    func schedule(_ deadline: Double) { wake = min(deadline, wake ?? deadline) }

    /// Has each run look at its deadline.
    ///
    /// Idle deadlines move on with every byte, so they are found out only here.
    func expire() {
        let now = monotonicSeconds()
        if now - lastSweep > 1, !runs.isEmpty { _ = orphans() }
        guard let due = wake, due <= now else { return }
        for run in Array(runs.values) { run.expire(now) }
        wake = runs.values.compactMap(\.deadline).min()
    }

    /// The living orphans by the tag of their run.
    ///
    /// Dead ones are reaped on the way; those of no run in progress come from a runner inside a run that crashed, and
    /// are killed.
    func orphans() -> [UInt64: [Int32]] {
        lastSweep = monotonicSeconds()
        var living: [UInt64: [Int32]] = [:]
        for pid in adopted() {
            guard let tag = owner(of: pid), !reap(pid) else { continue }
            if runs[tag] == nil { end(stray: pid) }
            living[tag, default: []].append(pid)
        }
        return living
    }

    /// The living orphans of one run.
    func orphans(of run: Run) -> [Int32] { orphans()[run.mark.tag] ?? [] }

    /// Kills an orphan that no run in progress looks after, and sees it off.
    private func end(stray pid: Int32) {
        kill(pid, SIGKILL)
        guard !strays.contains(pid), let handle = try? Descriptor(factory_pidfd_open(pid), from: "pidfd_open") else {
            return
        }
        let watched: Void? = try? loop.add(handle) { [unowned self] in
            loop.remove(handle)
            strays.remove(pid)
            // Reaps it, and finds those that were below it.
            _ = orphans()
        }
        if watched != nil { strays.insert(pid) }
    }

    private func owner(of pid: Int32) -> UInt64? {
        let tag = ProcessTable.tag(of: pid)
        if let tag, runs[tag] != nil { return tag }
        let marks = ProcessTable.variable(Mark.variable, of: pid).map(Mark.tags(in:)) ?? []
        return marks.first { runs[$0] != nil } ?? (tag == foreignTag ? nil : tag)
    }

    private func reap(_ pid: Int32) -> Bool {
        var signalled: Int32 = 0
        var value: Int32 = 0
        return factory_reap(0, pid, &signalled, &value) == pid
    }

    private func adopted() -> [Int32] {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        lseek(orphanList.number, 0, SEEK_SET)
        while case let count = read(orphanList.number, &chunk, chunk.count), count > 0 {
            text.append(contentsOf: chunk[..<count])
        }
        return text.isEmpty ? [] : ProcessTable.numbers(in: String(decoding: text, as: UTF8.self))
    }
}
