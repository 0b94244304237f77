/// What the program's end says to a script.
package enum ExitCode: Int32, Sendable {
    case ok = 0
    case failed = 1
    /// Something is parked: a person is needed.
    case needsPerson = 3
    case authentication = 4
    /// What was to be changed has changed meanwhile.
    case changedMeanwhile = 6
    /// Something waits beyond the patience.
    case pending = 8
    case usage = 64
    case interrupted = 130
}

/// A command line that cannot be understood.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A failure with the sentence for the person and the code for the script.
struct CommandFailure: Error, CustomStringConvertible {
    let code: ExitCode
    let description: String
    init(_ description: String, code: ExitCode = .failed) {
        self.code = code
        self.description = description
    }
}
