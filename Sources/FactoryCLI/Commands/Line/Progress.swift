import FactoryCore
import FactoryLine
import FactoryProcess
import Synchronization

/// Shows what the line does: a line for each transition, and on a terminal one more that is kept up to date.
final class Progress: Sendable {
    private struct Running {
        let pr: PullRequest
        let stage: Stage
        let since: Timestamp
    }
    private struct State {
        var running: [PRNumber: Running] = [:]
        var isDrawn = false
        var ended = false
        var lastSign = Timestamp(milliseconds: 0)
    }
    private let output: Output
    private let clock: any WallClock
    private let state = Mutex(State())

    init(_ output: Output, clock: any WallClock) {
        self.output = output
        self.clock = clock
    }

    func show(_ event: LineEvent) {
        let now = clock.now()
        state.withLock { state in
            switch event {
            case .started(let pr, let stage, _):
                state.running[pr.number] = Running(pr: pr, stage: stage, since: now)
                return
            case .finished(let pr, _, _, _), .landed(let pr): state.running[pr.number] = nil
            case .output, .recovered, .warning, .stopped: break
            }
            guard let text = Self.text(event) else { return }
            erase(&state)
            output.say("\(now.iso.dropFirst(11).dropLast())  \(text)")
            state.lastSign = now
        }
    }

    /// Until cancelled: redraws on a terminal, else says every half minute what is still going on.
    func keepShowing() async {
        while !Task.isCancelled {
            await clock.sleep(seconds: output.errorsAreTerminal ? 0.25 : 5)
            let now = clock.now()
            state.withLock { state in
                guard !state.ended, !state.running.isEmpty else { return erase(&state) }
                if output.errorsAreTerminal {
                    erase(&state)
                    output.write(line(state, now), to: 2)
                    state.isDrawn = true
                } else if now - state.lastSign >= 30 {
                    output.say("\(now.iso.dropFirst(11).dropLast())  \(line(state, now))")
                    state.lastSign = now
                }
            }
        }
    }

    func end() {
        state.withLock { state in
            erase(&state)
            state.ended = true
        }
    }

    private func erase(_ state: inout State) {
        guard state.isDrawn else { return }
        output.write("\r\u{1B}[K", to: 2)
        state.isDrawn = false
    }

    private func line(_ state: State, _ now: Timestamp) -> String {
        let parts = state.running.values.sorted { $0.pr.number < $1.pr.number }.prefix(3).map { item in
            let seconds = Int(now - item.since)
            return
                "\(item.pr.number) \(item.stage.rawValue) \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
        }
        let more = state.running.count > 3 ? " and \(state.running.count - 3) more" : ""
        return "working: " + parts.joined(separator: ", ") + more
    }

    private static func text(_ event: LineEvent) -> String? {
        switch event {
        case .started, .output: nil
        case .finished(let pr, let stage, let outcome, let seconds):
            "\(pr.number) \(stage.rawValue): \(outcome.phrase)" + (seconds >= 1 ? " (\(Int(seconds)) s)" : "")
                + (pr.reason.map { "; parked: \($0.rule)" } ?? "")
        case .landed(let pr): "\(pr.number) landed as \(pr.landed?.short ?? ""): \(pr.title)"
        case .recovered(let pr, let what): "\(pr.number) goes on: \(what)"
        case .warning(let text): "note: \(text)"
        case .stopped(let standing):
            standing.stops.last.map { "THE LINE IS STOPPED (\($0.kind.rawValue)) \(Wording.line($0.message))" }
        }
    }
}

/// Whether Ctrl-C was pressed.
final class Interruption: Sendable {
    private let flag = Atomic(false)
    func note() { flag.store(true, ordering: .releasing) }
    var happened: Bool { flag.load(ordering: .acquiring) }

    /// Does a piece of work that Ctrl-C cancels, and that ends cleanly then.
    static func heeding<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let signals = try Signals.terminations()
        let task = Task { try await work() }
        let watcher = Task { for await _ in signals { task.cancel() } }
        defer { watcher.cancel() }
        return try await task.value
    }
}
