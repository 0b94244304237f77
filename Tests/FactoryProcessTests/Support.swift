import FactoryFiles
import Glibc
import Synchronization
import Testing

@testable import FactoryProcess

/// Everything that starts processes or counts descriptors, one test after the other.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ProcessTests {}

let plainEnvironment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]

extension Command {
    /// A shell script.
    static func script(
        _ text: String, in directory: String = "/", input: [UInt8] = [], capture: Capture = .together,
        limits: ProcessLimits = ProcessLimits(), marker: String = "test"
    ) -> Command {
        Command(
            "sh", ["-c", text], environment: plainEnvironment, directory: directory, input: input, capture: capture,
            limits: limits, marker: marker)
    }
}

func run(
    _ command: Command, onOutput: (@Sendable (OutputChunk) -> Void)? = nil
) async throws -> ProcessResult {
    try await ProcessRunner().run(command, onOutput: onOutput)
}

/// True when there is a process with this number, be it a zombie.
func exists(_ pid: Int32?) -> Bool { pid.map { kill($0, 0) == 0 } ?? false }

/// The numbers in a text, one per line.
func pids(_ text: String) -> [Int32] { text.split(separator: "\n").compactMap { Int32($0) } }

/// Something that a callback hands to a test.
final class Box<Value: Sendable>: Sendable {
    private let content: Mutex<Value>
    init(_ value: Value) { content = Mutex(value) }
    var value: Value { content.withLock { $0 } }
    func update(_ change: @Sendable (inout Value) -> Void) { content.withLock { change(&$0) } }
}
