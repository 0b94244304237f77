import FactoryCore
import FactoryProcess
import Synchronization

/// Watches a session while it runs: keeps the transcript in the order in which it came, reads it where the program is
/// known, and knows since when nothing has got on.
final class SessionMonitor: Sendable {
    private struct State {
        var transcript = CapturedOutput(limit: SessionCommand.transcriptLimit)
        var reader: OutputReader?
        var lastProgress = ContinuousClock.now
    }

    private let state: Mutex<State>

    /// Without a profile every output counts as progress.
    init(_ profile: AgentProfile?) {
        var state = State()
        state.reader = profile.map { OutputReader($0) }
        self.state = Mutex(state)
    }

    func take(_ chunk: OutputChunk) {
        state.withLock { state in
            state.transcript.append(chunk.bytes)
            if state.reader?.take(chunk) ?? true { state.lastProgress = .now }
        }
    }

    /// Seconds since the output last showed progress.
    var quiet: Double {
        let since = ContinuousClock.now - state.withLock { $0.lastProgress }
        return Double(since.components.seconds) + Double(since.components.attoseconds) / 1e18
    }

    var transcript: CapturedOutput { state.withLock { $0.transcript } }

    /// What was read, when nothing more comes.
    func finish() -> SessionReading {
        state.withLock { state in
            state.reader?.finish()
            return state.reader?.reading ?? SessionReading()
        }
    }
}
