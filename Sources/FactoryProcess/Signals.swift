import CSystem
package import FactoryFiles
import Glibc
import Synchronization

/// Signals to our own process.
package enum Signals {
    /// SIGINT, SIGTERM and, unless it is ignored as under `nohup`, SIGHUP as they come, from now on instead of ending
    /// the process.
    ///
    /// For the program's outermost layer, once. Also has SIGPIPE ignored, so that writing to a closed pipe is an error
    /// like any other.
    package static func terminations() throws(SystemError) -> AsyncStream<Int32> {
        let reactor = try Reactor.shared.get()
        let pipe = try Descriptor.pipe()
        pipe.reading.makeNonblocking()
        pipe.writing.makeNonblocking()
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        reactor.perform { supervisor in
            try? supervisor.loop.add(pipe.reading) {
                var numbers = [UInt8](repeating: 0, count: 64)
                let count = read(pipe.reading.number, &numbers, numbers.count)
                for number in numbers.prefix(max(0, count)) { continuation.yield(Int32(number)) }
            }
        }
        // The handler may come at any time from now on, so this end stays open for good.
        signalPipe.store(dup(pipe.writing.number), ordering: .releasing)
        for number in [SIGINT, SIGTERM] { signal(number, forward) }
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        if unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self) != 1 { signal(SIGHUP, forward) }
        return stream
    }
}

/// Where the signal handler writes.
///
/// A handler cannot be given anything, hence the global.
private let signalPipe = Atomic<Int32>(-1)

/// Runs inside whatever the signal interrupts: it may do nothing but write a byte and leave `errno` as it was.
private func forward(_ number: Int32) {
    let code = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(signalPipe.load(ordering: .acquiring), &byte, 1)
    errno = code
}
