package import FactoryCore
import Synchronization

/// Shows PRs on GitHub as the journal has them: one at a time for each PR, and only what is newest.
///
/// Nobody waits for it, and nothing fails with it: what could not be shown is told once, and tried again.
package final class Projector: Sendable {
    private struct Inner {
        var due: Set<PRNumber> = []
        var workers: [PRNumber: Task<Void, Never>] = [:]
        /// What could not be shown, and how often in a row.
        var unshown: [PRNumber: Int] = [:]
        var isEnded = false
    }

    private let desk: Desk
    /// The name of the main branch.
    private let base: String
    /// Seconds between hearing of a change and showing it: what follows at once is shown along with it.
    private let calm: Double
    private let inner = Mutex(Inner())

    /// `calm` is in seconds.
    package init(_ desk: Desk, base: String, calm: Double = 0) {
        self.desk = desk
        self.base = base
        self.calm = calm
    }

    /// Returns at once. What comes while the PR is being shown is shown after that, all in one.
    package func show(_ number: PRNumber) {
        inner.withLock { inner in
            guard !inner.isEnded else { return }
            inner.due.insert(number)
            guard inner.workers[number] == nil else { return }
            // Not a child of anything: the line goes on meanwhile. `settle` and `end` wait for it.
            inner.workers[number] = Task { await work(number) }
        }
    }

    /// Shows again what could not be shown.
    package func retry() {
        for number in inner.withLock({ $0.unshown.keys.sorted() }) { show(number) }
    }

    /// Whether something could not be shown yet.
    package var isBehind: Bool { inner.withLock { !$0.unshown.isEmpty } }

    /// Returns when everything that is due has been tried.
    package func settle() async {
        while true {
            let workers = inner.withLock { Array($0.workers.values) }
            if workers.isEmpty { return }
            for worker in workers { await worker.value }
        }
    }

    /// Starts nothing more, and returns when what is at work has ended its round.
    package func end() async {
        inner.withLock { inner in
            inner.isEnded = true
            inner.due = []
        }
        await settle()
    }

    private func work(_ number: PRNumber) async {
        while isDue(number) {
            if calm > 0 { await desk.clock.sleep(seconds: calm) }
            // What came meanwhile is shown with it.
            _ = inner.withLock { $0.due.remove(number) }
            await round(number)
        }
    }

    private func isDue(_ number: PRNumber) -> Bool {
        inner.withLock { inner in
            if inner.due.contains(number) { return true }
            inner.workers[number] = nil
            return false
        }
    }

    private func round(_ number: PRNumber) async {
        do {
            guard await !desk.isElsewhere(number) else { throw Showing.NotYet() }
            try await Showing(number, desk, base: base).run()
            inner.withLock { $0.unshown[number] = nil }
        } catch is Showing.NotYet {
            inner.withLock { $0.unshown[number] = $0.unshown[number] ?? 0 }
        } catch {
            let times = inner.withLock { inner in
                inner.unshown[number, default: 0] += 1
                return inner.unshown[number] ?? 0
            }
            if times == 1 { desk.warn("\(number) is not shown on GitHub as it stands, and will be: \(error)") }
        }
        await desk.memory.save()
    }
}
