/// A program to run, with all that it gets from us.
package struct Command: Hashable, Sendable {
    /// A path, relative ones from `directory`; or a bare name, looked up in the `PATH` of `environment`.
    package var executable: String
    /// The arguments behind the program's own name.
    package var arguments: [String]
    /// The whole environment: nothing is inherited.
    ///
    /// The runner adds `FACTORY_PROCESS`.
    package var environment: [String: String]
    /// The working directory.
    package var directory: String
    /// What the program reads on standard input; empty means `/dev/null`.
    ///
    /// It need not read all of it.
    package var input: [UInt8]
    /// Whether standard output and standard error come as one stream or as two.
    package var capture: Capture
    package var limits: ProcessLimits
    /// Names who the process belongs to, such as `hub/12/3`, so that `ProcessTree.endAll` finds it after a crash of
    /// ours.
    ///
    /// Parts are separated by slashes; no spaces.
    package var marker: String
    /// Whether the program is a fence around another one.
    ///
    /// It ends with what is inside, and is not asked to end before that: SIGTERM is for the program inside.
    var isFenced = false

    package init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String], directory: String,
        input: [UInt8] = [], capture: Capture = .together, limits: ProcessLimits = ProcessLimits(), marker: String
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
        self.capture = capture
        self.limits = limits
        self.marker = marker
    }
}

/// How standard output and standard error are kept.
package enum Capture: Hashable, Sendable {
    /// Both through one pipe, in the exact order in which they were written.
    ///
    /// `ProcessResult.errors` stays empty.
    case together
    /// Each through its own pipe, for a caller that reads standard output by program.
    case apart
}

/// What a run may take.
package struct ProcessLimits: Hashable, Sendable {
    /// Seconds from start to teardown; nil is no limit.
    package var wall: Double?
    /// Seconds without any sign of progress until teardown; nil is no limit.
    ///
    /// Output is the sign, unless whoever runs it knows better ones.
    package var idle: Double?
    /// Bytes kept of each stream, half of them its head and half its tail.
    ///
    /// What is between is dropped and counted.
    package var outputBytes: Int
    /// Seconds between SIGTERM and SIGKILL.
    package var grace: Double
    /// What all processes together may take; nil is no limit.
    var watch: Watch?

    package init(wall: Double? = nil, idle: Double? = nil, outputBytes: Int = 1 << 20, grace: Double = 5) {
        self.wall = wall
        self.idle = idle
        self.outputBytes = outputBytes
        self.grace = grace
    }
}
