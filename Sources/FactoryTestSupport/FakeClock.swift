package import FactoryCore
import Synchronization

/// A clock that stands still until a test moves it. Whoever sleeps wakes when the time has come, not before.
///
/// Local time is UTC.
package final class FakeClock: WallClock {
    private struct Sleeper {
        let until: Timestamp
        let wake: CheckedContinuation<Void, Never>
    }

    private struct Inner {
        var now: Timestamp
        var issued = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Sleeps that were cancelled before they began to wait.
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
    }

    private let inner: Mutex<Inner>

    package init(_ now: Timestamp = .noon) { inner = Mutex(Inner(now: now)) }

    package func now() -> Timestamp { inner.withLock(\.now) }

    package func minuteOfDay() -> Int { Int(now().seconds / 60 % 1440) }

    package func sleep(seconds: Double) async {
        let id = inner.withLock { inner in
            inner.issued += 1
            return inner.issued
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { wake in lieDown(id, seconds, wake) }
        } onCancel: {
            cancel(id)
        }
    }

    /// Moves the time on and wakes whoever has slept long enough, the earliest first.
    package func advance(by seconds: Double) {
        let due = inner.withLock { inner in
            inner.now = inner.now + seconds
            let due = inner.sleepers.filter { $0.value.until <= inner.now }
            for id in due.keys { inner.sleepers[id] = nil }
            return due.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }.map(\.value)
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// Returns once so many sleep: the signal to wait for before the time is moved on.
    package func sleepers(atLeast count: Int) async {
        await withCheckedContinuation { wake in
            let there = inner.withLock { inner in
                if inner.sleepers.count >= count { return true }
                inner.watchers.append((count, wake))
                return false
            }
            if there { wake.resume() }
        }
    }

    private func lieDown(_ id: Int, _ seconds: Double, _ wake: CheckedContinuation<Void, Never>) {
        let ready = inner.withLock { inner -> [CheckedContinuation<Void, Never>] in
            if inner.cancelled.remove(id) != nil || seconds <= 0 { return [wake] }
            inner.sleepers[id] = Sleeper(until: inner.now + seconds, wake: wake)
            let asleep = inner.sleepers.count
            let satisfied = inner.watchers.filter { $0.count <= asleep }.map(\.wake)
            inner.watchers.removeAll { $0.count <= asleep }
            return satisfied
        }
        for continuation in ready { continuation.resume() }
    }

    private func cancel(_ id: Int) {
        let sleeper = inner.withLock { inner in
            let sleeper = inner.sleepers.removeValue(forKey: id)
            if sleeper == nil { inner.cancelled.insert(id) }
            return sleeper
        }
        sleeper?.wake.resume()
    }
}
