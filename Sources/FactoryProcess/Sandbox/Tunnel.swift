import CSystem
import Glibc

/// Carries bytes between two sockets, both ways, until both are at their end. Waits; for a thread of its own.
struct Tunnel {
    /// Bytes on their way in one direction.
    private struct Way {
        let source: Int32
        let target: Int32
        var pending: ArraySlice<UInt8>
        var isAtEnd = false
        var isClosed = false

        var reads: Bool { !isAtEnd && pending.isEmpty }
        var writes: Bool { !pending.isEmpty }
    }

    /// Seconds without a byte in either direction after which it ends.
    private static let patience: Int32 = 3600

    private var ways: [Way]
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// `first` goes to the host before anything else of the program.
    init(_ program: Descriptor, _ host: Descriptor, first: [UInt8]) {
        program.makeNonblocking()
        host.makeNonblocking()
        ways = [
            Way(source: program.number, target: host.number, pending: first[...]),
            Way(source: host.number, target: program.number, pending: []),
        ]
    }

    mutating func run() {
        while !ways.allSatisfy(\.isClosed) {
            var events = ways.flatMap { way in
                [
                    pollfd(fd: way.reads ? way.source : -1, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: way.writes ? way.target : -1, events: Int16(POLLOUT), revents: 0),
                ]
            }
            let count = poll(&events, nfds_t(events.count), Self.patience * 1000)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            for index in ways.indices {
                if events[2 * index].revents != 0, !read(index) { return }
                if events[2 * index + 1].revents != 0, !write(index) { return }
            }
        }
    }

    /// False: the connection is broken.
    private mutating func read(_ index: Int) -> Bool {
        let count = Glibc.read(ways[index].source, &buffer, buffer.count)
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        ways[index].isAtEnd = count == 0
        ways[index].pending = buffer[..<count]
        return write(index)
    }

    private mutating func write(_ index: Int) -> Bool {
        while !ways[index].pending.isEmpty {
            let target = ways[index].target
            let count = ways[index].pending.withUnsafeBytes {
                send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return errno == EAGAIN }
            ways[index].pending = ways[index].pending.dropFirst(count)
        }
        guard ways[index].isAtEnd, !ways[index].isClosed else { return true }
        shutdown(ways[index].target, Int32(SHUT_WR))
        ways[index].isClosed = true
        return true
    }
}
