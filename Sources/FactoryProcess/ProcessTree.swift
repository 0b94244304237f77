import CSystem
import Glibc

/// Finds and ends processes by the marker of their command: for the time after a crash of ours, when no runner knows
/// them any more.
package enum ProcessTree {
    /// Seconds that `endAll` takes at most.
    private static let patience = 10.0

    /// Kills every process of the marker and of those below it (`hub/12` covers `hub/12/3`), with all descendants.
    ///
    /// Found are those that carry the marker in their environment, those that cleaned their environment but were
    /// started under exactly this marker, and everything that shares a run or an ancestor with one of them. Our own
    /// process and those above it are never touched. Returns when they are gone, after 10 seconds at most; blocks.
    /// - Returns: How many processes were killed. `remaining` tells whether one withstood.
    @discardableResult
    package static func endAll(marker: String) -> Int {
        var ended: Set<ProcessIdentity> = []
        let giveUp = monotonicSeconds() + patience
        while monotonicSeconds() < giveUp {
            let found = remaining(marker: marker)
            guard !found.isEmpty else { break }
            let handles = found.compactMap(killed)
            // Alive and not ours to kill: trying again would not help.
            if handles.isEmpty, found.allSatisfy(\.isAlive) { break }
            ended.formUnion(found)
            waitForEnd(of: handles, until: giveUp)
        }
        return ended.filter { !$0.isAlive }.count
    }

    /// The processes of the marker, and of those below it, that are alive.
    package static func remaining(marker: String) -> [ProcessIdentity] {
        let above = ancestors()
        var entries: [Int32: ProcessTable.Entry] = [:]
        for pid in ProcessTable.all() where !above.contains(pid) {
            entries[pid] = ProcessTable.entry(of: pid)
        }
        let tags = entries.keys.reduce(into: [:]) { $0[$1] = ProcessTable.tag(of: $1) }
        var members = Set(
            entries.keys.filter { pid in
                tags[pid].map { Mark.tag($0, isOf: marker) } ?? false
                    || ProcessTable.variable(Mark.variable, of: pid).map { Mark.value($0, isUnder: marker) } ?? false
            })
        let runs = Set(members.compactMap { tags[$0] }).subtracting([ProcessTable.tag(of: getpid())].compactMap { $0 })
        members.formUnion(tags.filter { runs.contains($0.value) }.keys)
        var size = -1
        while size < members.count {
            size = members.count
            members.formUnion(entries.filter { members.contains($0.value.parent) }.keys)
        }
        return members.sorted().compactMap { pid in
            entries[pid].flatMap { $0.isZombie ? nil : ProcessIdentity(pid: pid, startTime: $0.startTime) }
        }
    }

    /// Our own process, and those that it was started by.
    private static func ancestors() -> Set<Int32> {
        var found: Set<Int32> = []
        var next: Int32? = getpid()
        while let pid = next, pid > 0, found.insert(pid).inserted { next = ProcessTable.entry(of: pid)?.parent }
        return found
    }

    /// Kills one process by a handle, so that a later one with the same number is not hit.
    private static func killed(_ process: ProcessIdentity) -> Descriptor? {
        guard let handle = try? Descriptor(factory_pidfd_open(process.pid), from: "pidfd_open"), process.isAlive,
            factory_pidfd_kill(handle.number) == 0
        else { return nil }
        return handle
    }

    private static func waitForEnd(of handles: [Descriptor], until deadline: Double) {
        for handle in handles {
            var event = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
            poll(&event, 1, Int32(max(0, (deadline - monotonicSeconds()) * 1000)))
        }
    }
}
