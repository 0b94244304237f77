package import FactoryFiles
import Glibc
import Synchronization

/// Runs programs, and sees to it that nothing of them is left when `run` returns.
///
/// Every process that a command starts belongs to its run: children, those in sessions of their own, daemons that have
/// left their parents, with our mark in their environment or without. Only what another program outside starts on their
/// behalf (systemd, a container daemon) does not.
package final class ProcessRunner: Sendable {
    private let reactor: Reactor

    /// All runners share one thread.
    ///
    /// Throws when it cannot be set up, for example without `/proc`.
    package init() throws(SystemError) { reactor = try Reactor.shared.get() }

    /// Runs a program to its end, and ends whatever it leaves behind.
    ///
    /// Cancelling the task tears the whole tree down; the result then says `.cancelled`.
    /// - Parameters:
    /// - onStart: Called once the program runs. Must not block.
    /// - onOutput: Called with each piece of output as it comes, in order, and not after `run` has returned. Must not
    /// block: all other programs wait meanwhile.
    /// - quiet: Seconds since the last sign of progress. Asked at the moment the idle limit would end the run, never
    /// before, on no thread of ours. Without it, output is the only sign.
    /// - Returns: How it went. An exit code other than zero is a result, not an error.
    /// - Throws: `LaunchError` when the program could not be started.
    package func run(
        _ command: Command, onStart: (@Sendable (ProcessIdentity) -> Void)? = nil,
        onOutput: (@Sendable (OutputChunk) -> Void)? = nil, quiet: (@Sendable () -> Double)? = nil
    ) async throws(LaunchError) -> ProcessResult {
        try await run(command, door: nil, onStart: onStart, onOutput: onOutput, quiet: quiet)
    }

    /// The same, with an open descriptor that the program gets as number 3.
    func run(
        _ command: Command, door: Descriptor?, onStart: (@Sendable (ProcessIdentity) -> Void)?,
        onOutput: (@Sendable (OutputChunk) -> Void)?, quiet: (@Sendable () -> Double)?
    ) async throws(LaunchError) -> ProcessResult {
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let request = Run.Request(
                    command: command, door: door, cancellation: cancellation, onStart: onStart, onOutput: onOutput,
                    quiet: quiet, completion: { continuation.resume(returning: $0) })
                reactor.perform { $0.start(request) }
            }
        } onCancel: {
            cancellation.request()
            reactor.perform { $0.cancel(cancellation) }
        }
        return try result.get()
    }
}

/// Whether a run is to be cancelled.
///
/// It may be asked for before the run has begun.
final class Cancellation: Sendable {
    private let flag = Atomic(false)
    var isRequested: Bool { flag.load(ordering: .acquiring) }
    func request() { flag.store(true, ordering: .releasing) }
}

extension ProcessResult {
    static let cancelledBeforeStart = ProcessResult(
        ending: .signalled(SIGTERM), stopped: .cancelled, output: CapturedOutput(limit: 0),
        errors: CapturedOutput(limit: 0), duration: 0, survivorsKilled: 0, unkillable: [])
}
