import FactoryCore
import FactoryProcess
import Synchronization

/// Watches a session while it runs: keeps the transcript in the order in which it came, reads it where the program is
/// known, and knows since when nothing has got on.
///
/// Output comes on the thread that serves all programs, so it is only put aside there and read in a task.
final class SessionMonitor: Sendable {
    private struct Inbox {
        var transcript = CapturedOutput(limit: SessionCommand.transcriptLimit)
        var waiting: [OutputChunk] = []
        var size = 0
        /// Output was dropped before what waits.
        var hasGap = false
        var isBeingRead = false
        var lastProgress = ContinuousClock.now
    }

    /// Bytes that may wait to be read. A program that prints faster than that loses lines, never its last ones.
    private static let limit = 8 << 20

    private let inbox = Mutex(Inbox())
    private let reader: Mutex<OutputReader?>
    private let isKnown: Bool
    private let onUsage: @Sendable (Usage) -> Void

    /// Without a profile every output counts as progress. `onUsage` is told what the program has used so far whenever its
    /// output says more.
    init(_ profile: AgentProfile?, onUsage: @escaping @Sendable (Usage) -> Void = { _ in }) {
        isKnown = profile != nil
        self.onUsage = onUsage
        reader = Mutex(profile.map { OutputReader($0) })
    }

    func take(_ chunk: OutputChunk) {
        let mustRead = inbox.withLock { inbox in
            inbox.transcript.append(chunk.bytes)
            guard isKnown else {
                inbox.lastProgress = .now
                return false
            }
            inbox.waiting.append(chunk)
            inbox.size += chunk.bytes.count
            if inbox.size > Self.limit { Self.drop(&inbox) }
            defer { inbox.isBeingRead = true }
            return !inbox.isBeingRead
        }
        // One task at a time, which ends when nothing waits.
        if mustRead { Task.detached { self.read() } }
    }

    /// Seconds since the output last showed progress.
    var quiet: Double {
        read()
        let since = ContinuousClock.now - inbox.withLock { $0.lastProgress }
        return Double(since.components.seconds) + Double(since.components.attoseconds) / 1e18
    }

    var transcript: CapturedOutput { inbox.withLock { $0.transcript } }

    /// What was read, when nothing more comes.
    func finish() -> SessionReading {
        read()
        return reader.withLock { reader in
            reader?.finish()
            return reader?.reading ?? SessionReading()
        }
    }

    /// Reads what waits. The lock keeps the order, whoever reads.
    private func read() {
        reader.withLock { reader in
            while let (chunks, hasGap) = next() {
                if hasGap { reader?.skip() }
                let before = reader?.reading.usage
                for chunk in chunks where reader?.take(chunk) == true { inbox.withLock { $0.lastProgress = .now } }
                if let usage = reader?.reading.usage, usage != before { onUsage(usage) }
            }
        }
    }

    private func next() -> (chunks: [OutputChunk], hasGap: Bool)? {
        inbox.withLock { inbox in
            guard !inbox.waiting.isEmpty else {
                inbox.isBeingRead = false
                return nil
            }
            let found = (inbox.waiting, inbox.hasGap)
            (inbox.waiting, inbox.size, inbox.hasGap) = ([], 0, false)
            return found
        }
    }

    private static func drop(_ inbox: inout Inbox) {
        var dropped = 0
        while inbox.size > limit / 2, dropped < inbox.waiting.count {
            inbox.size -= inbox.waiting[dropped].bytes.count
            dropped += 1
        }
        inbox.waiting.removeFirst(dropped)
        inbox.hasGap = true
    }
}
