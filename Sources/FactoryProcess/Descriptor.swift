import CSystem
import FactoryFiles
import Glibc

/// An open descriptor, closed when its last owner lets go.
final class Descriptor: Sendable {
    let number: Int32

    /// Takes over what a call returned; throws what `errno` says if that was no descriptor.
    init(_ number: Int32, from call: String, on subject: String = "") throws(SystemError) {
        guard number >= 0 else { throw SystemError(call, subject) }
        self.number = number
    }

    deinit { close(number) }

    func makeNonblocking() { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }

    /// Both ends of a pipe that no child inherits by itself.
    static func pipe() throws(SystemError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        guard factory_pipe(&ends, O_CLOEXEC) == 0 else { throw SystemError("pipe", "") }
        return (try Descriptor(ends[0], from: "pipe"), try Descriptor(ends[1], from: "pipe"))
    }
}
