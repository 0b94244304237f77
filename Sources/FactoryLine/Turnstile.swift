import Synchronization

/// Lets so many through at once, in the order in which they came. Who waits can be called off, and then leaves no trace.
final class Turnstile: Sendable {
    private struct State {
        var inside = 0
        var limit = 1
        var nextTicket = 0
        /// In the order of their coming. A ticket without a continuation has not begun to wait yet.
        var waiting: [(ticket: Int, resume: CheckedContinuation<Bool, Never>)] = []
        /// Called off before they began to wait.
        var calledOff: Set<Int> = []

        /// Those whose turn it is.
        mutating func admit() -> [CheckedContinuation<Bool, Never>] {
            let count = min(max(0, limit - inside), waiting.count)
            inside += count
            defer { waiting.removeFirst(count) }
            return waiting.prefix(count).map(\.resume)
        }
    }

    private let state = Mutex(State())

    /// Waits for a place and gives it back when `work` is over. `limit` is how many may be inside, as of now: the newest
    /// word counts, for those as well who wait already. Nil: the task was cancelled before there was a place.
    func pass<Result>(limit: Int, _ work: () async throws -> Result) async rethrows -> Result? {
        guard await enter(limit: limit) else { return nil }
        defer { leave() }
        return try await work()
    }

    /// How many wait.
    var waiting: Int { state.withLock { $0.waiting.count } }

    private func enter(limit: Int) async -> Bool {
        if Task.isCancelled { return false }
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        defer { _ = state.withLock { $0.calledOff.remove(ticket) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (admitted, isCalledOff) = state.withLock { state in
                    state.limit = limit
                    if state.calledOff.remove(ticket) != nil { return (state.admit(), true) }
                    state.waiting.append((ticket, continuation))
                    return (state.admit(), false)
                }
                if isCalledOff { continuation.resume(returning: false) }
                for next in admitted { next.resume(returning: true) }
            }
        } onCancel: {
            callOff(ticket)
        }
    }

    private func callOff(_ ticket: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                // Either it is inside, where the mark is worth nothing, or it is about to come.
                state.calledOff.insert(ticket)
                return nil
            }
            return state.waiting.remove(at: index).resume
        }
        waiter?.resume(returning: false)
    }

    private func leave() {
        let admitted = state.withLock { state in
            state.inside -= 1
            return state.admit()
        }
        for next in admitted { next.resume(returning: true) }
    }
}

/// Where workers wait for each other.
struct Turnstiles: Sendable {
    /// Runs of checks.
    let checks = Turnstile()
    /// Landings on the main branch: one at a time, first come, first served.
    let landing = Turnstile()
}
