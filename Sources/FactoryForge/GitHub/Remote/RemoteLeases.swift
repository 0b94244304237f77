package import FactoryCore
package import FactoryGit
import Synchronization

/// Leases that other machines heed: on this one a kernel lock, among machines a ref of the remote that its holder renews.
///
/// Nobody's clock is compared with another's. Who finds a lease waits until it has not changed for a while by his own,
/// monotonic clock, and takes it then. A holder that was only slow writes nothing any more: its token is not the
/// journal's.
package actor RemoteLeases: Leases {
    /// Times in seconds.
    package struct Times: Sendable {
        /// Between two renewals.
        package var beat = 45.0
        /// Without a renewal, after which a lease is free.
        package var patience = 180.0
        /// Between two looks at a lease that somebody else holds.
        package var look = 15.0
        package init() {}
    }

    /// What is known of somebody else's lease.
    private struct Sighting {
        var commit: CommitID
        var since: ContinuousClock.Instant
        var lookedAt: ContinuousClock.Instant
    }

    private let local: any Leases
    private let remote: RemoteGit
    private let store: GitStore
    private let host: String
    private let times: Times
    private let now: @Sendable () -> ContinuousClock.Instant
    private var sightings: [PRNumber: Sighting] = [:]
    /// What is being given back. Set by whoever releases, at once: the next one must see it.
    private nonisolated let endings = Mutex<[PRNumber: Task<Void, Never>]>([:])

    /// `host` names this machine; it outlives the process, so that a lease of one that died here is free at once.
    package init(
        over local: any Leases, remote: RemoteGit, store: GitStore, host: String, times: Times = Times(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.local = local
        // The loop waits while a lease is taken, and a renewal has the next one.
        self.remote = remote.inHurry()
        self.store = store
        self.host = host
        self.times = times
        self.now = now
    }

    private static func ref(_ number: PRNumber) -> String { "refs/factory/lease/\(number.value)" }

    package func take(_ number: PRNumber) async throws -> (any Lease)? {
        await endings.withLock { $0[number] }?.value
        if let sighting = sightings[number], now() - sighting.lookedAt < .seconds(times.look) { return nil }
        guard let own = try await local.take(number) else { return nil }
        guard let commit = try await claim(number) else {
            own.release()
            return nil
        }
        sightings[number] = nil
        let lease = RemoteLease(own: own, number: number, leases: self)
        lease.beat(Task { await renew(number, from: commit) })
        return lease
    }

    package nonisolated func endProcesses(marked marker: String) -> Int { local.endProcesses(marked: marker) }

    /// Puts our lease onto the ref, if it is free; nil when it is not.
    private func claim(_ number: PRNumber) async throws -> CommitID? {
        let ref = Self.ref(number)
        let there = try await remote.list([ref])[ref]
        if let there, try await !isFree(there, number) { return nil }
        let mine = try await store.leaseCommit(host: host, number: number)
        guard case .done = try await remote.push([.init(ref, from: there, to: mine)]) else { return nil }
        return mine
    }

    private func isFree(_ there: CommitID, _ number: PRNumber) async throws -> Bool {
        if try await store.leaseHost(there, fetchedBy: { try await self.remote.fetch([Self.ref(number)]) }) == host {
            return true
        }
        var sighting = sightings[number] ?? Sighting(commit: there, since: now(), lookedAt: now())
        if sighting.commit != there { sighting = Sighting(commit: there, since: now(), lookedAt: now()) }
        sighting.lookedAt = now()
        sightings[number] = sighting
        return now() - sighting.since >= .seconds(times.patience)
    }

    /// Renews until it is cancelled or somebody else has the lease. A remote that cannot be reached is tried again.
    private func renew(_ number: PRNumber, from first: CommitID) async {
        var (last, own) = (first, Set([first]))
        while true {
            try? await Task.sleep(for: .seconds(times.beat))
            if Task.isCancelled { break }
            guard let next = try? await store.leaseCommit(host: host, number: number) else { continue }
            own.insert(next)
            switch try? await remote.push([.init(Self.ref(number), from: last, to: next)]) {
            case .done: (last, own) = (next, [next])
            case .stale, .refused: return
            case nil: continue
            }
        }
        // In a task of its own, because this one is cancelled.
        // A renewal that was cut off may have come through, so whichever of ours is there goes.
        await Task { [last, own] in
            _ = try? await remote.remove(Self.ref(number), at: last, where: own.contains)
        }.value
    }

    fileprivate nonisolated func release(_ number: PRNumber, _ beating: Task<Void, Never>?) {
        beating?.cancel()
        endings.withLock { $0[number] = beating }
    }

    /// Returns when everything that was released is given back on the remote as well.
    package func settle() async {
        for ending in endings.withLock({ Array($0.values) }) { await ending.value }
    }
}

private final class RemoteLease: Lease {
    private let own: any Lease
    private let number: PRNumber
    private let leases: RemoteLeases
    private let beating = Mutex<Task<Void, Never>?>(nil)

    init(own: any Lease, number: PRNumber, leases: RemoteLeases) {
        self.own = own
        self.number = number
        self.leases = leases
    }

    deinit { release() }

    func beat(_ task: Task<Void, Never>) { beating.withLock { $0 = task } }

    func release() {
        let task = beating.withLock { beating in
            defer { beating = nil }
            return beating
        }
        guard let task else { return }
        leases.release(number, task)
        own.release()
    }
}
