/// How a run went.
///
/// An exit code other than zero is data, not an error.
package struct ProcessResult: Hashable, Sendable {
    package let ending: Ending
    /// Why we ended the run ourselves; nil when the program ended by itself.
    package let stopped: StopReason?
    /// Standard output, with standard error in it when the command asked for `Capture.together`.
    package let output: CapturedOutput
    /// Standard error of a command that asked for `Capture.apart`.
    package let errors: CapturedOutput
    /// Seconds from start until nothing of the run was left.
    package let duration: Double
    /// How many processes outlived the program itself and were ended.
    package let survivorsKilled: Int
    /// Processes that could not be killed: they hang in the kernel or belong to another user.
    ///
    /// Normally empty. Whatever they can reach, such as the working directory, must not be used again while they live.
    package let unkillable: [Int32]

    /// The same run with other output, made of what it printed by `change`.
    package func mappingOutput(_ change: ([UInt8]) -> [UInt8]) -> ProcessResult {
        ProcessResult(
            ending: ending, stopped: stopped, output: output.mapped(change), errors: errors.mapped(change),
            duration: duration, survivorsKilled: survivorsKilled, unkillable: unkillable)
    }

    /// Exit code 0, and not because we asked it to end.
    package var succeeded: Bool { ending == .exited(0) && stopped == nil }
}

/// How the program itself ended.
package enum Ending: Hashable, Sendable {
    /// It ended by itself, with this code.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)
}

/// Why a run was ended by us.
package enum StopReason: Hashable, Sendable {
    case wallLimit
    case idleLimit
    case memoryLimit
    case processLimit
    case diskLimit
    /// The Swift task was cancelled.
    ///
    /// If that happened before the start, nothing was started and the ending reads SIGTERM.
    case cancelled
}

extension StopReason {
    /// What was taken too much of, as the end of a sentence; nil where it was something else.
    package var excess: String? {
        switch self {
        case .memoryLimit: "used more memory than `sandbox: { limits: { memory: … } }` allows"
        case .processLimit: "ran more processes than `sandbox: { limits: { processes: … } }` allows"
        case .diskLimit: "wrote more to the disk than `sandbox: { limits: { disk: … } }` allows"
        case .wallLimit, .idleLimit, .cancelled: nil
        }
    }
}

/// A process, told apart from a later one with the same number.
package struct ProcessIdentity: Hashable, Sendable {
    package let pid: Int32
    /// Clock ticks between boot and start, field 22 of `/proc/<pid>/stat`.
    package let startTime: UInt64

    package init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }

    /// True while the process runs.
    ///
    /// One that has ended but was not reaped yet counts as ended.
    package var isAlive: Bool {
        guard let entry = ProcessTable.entry(of: pid) else { return false }
        return entry.startTime == startTime && !entry.isZombie
    }
}

/// A piece of output as it came in.
package struct OutputChunk: Hashable, Sendable {
    /// Which pipe it came through.
    package enum Source: Hashable, Sendable {
        case output
        case errors
    }

    package let source: Source
    package let bytes: [UInt8]

    package init(source: Source, bytes: [UInt8]) {
        self.source = source
        self.bytes = bytes
    }
}
