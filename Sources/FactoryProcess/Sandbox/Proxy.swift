import CSystem
import FactoryCore
import FactoryFiles
import Glibc
import Synchronization

/// The line's proxy for one session: an HTTP proxy that reaches the hosts that are named, and tells of every other one.
///
/// Names are resolved here and never inside. A name leads to a private address only where that address is named as well.
/// Each connection has a thread of its own, which may wait.
final class Proxy: Sendable {
    /// Connections at one time.
    private static let most = 100
    /// Seconds to wait for a program's request, and for a host's answer to ours.
    private static let patience: Int32 = 20

    private struct State {
        var open: [Int32: Descriptor] = [:]
        var isClosed = false
    }

    private let rules: [HostRule]
    private let refused: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// `refused` is told a sentence for everything that was asked for and not given.
    init(_ rules: [HostRule], refused: @escaping @Sendable (String) -> Void) {
        self.rules = rules
        self.refused = refused
    }

    /// Answers at a listening socket until `close`. Waits; for a thread of its own.
    func serve(_ listening: Descriptor) {
        guard keep(listening) else { return }
        while true {
            let number = factory_accept(listening.number)
            if number < 0, errno == EINTR || errno == ECONNABORTED { continue }
            if number < 0, [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(errno), !isClosed {
                usleep(50_000)
                continue
            }
            guard let program = try? Descriptor(number, from: "accept"), keep(program) else { break }
            Thread.start("factory-proxy") { [self] in
                answer(program)
                forget(program)
            }
        }
        forget(listening)
    }

    /// Ends every connection.
    func close() {
        let open = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        for descriptor in open { shutdown(descriptor.number, Int32(SHUT_RDWR)) }
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    /// False when there is no more room, or it is over.
    private func keep(_ descriptor: Descriptor) -> Bool {
        while true {
            let kept: Bool? = state.withLock { state in
                if state.isClosed { return false }
                // Both ends of a connection, and the listening socket.
                if state.open.count > 2 * Self.most { return nil }
                state.open[descriptor.number] = descriptor
                return true
            }
            if let kept { return kept }
            usleep(20_000)
        }
    }

    private func forget(_ descriptor: Descriptor) {
        state.withLock { _ = $0.open.removeValue(forKey: descriptor.number) }
    }

    private func answer(_ program: Descriptor) {
        var wait = timeval(tv_sec: Int(Self.patience), tv_usec: 0)
        setsockopt(program.number, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        guard let (head, rest) = readHead(program) else { return }
        guard let request = ProxyRequest(head: head) else {
            return say("400 Bad Request", "this proxy knows CONNECT and http:// alone", to: program)
        }
        let place = HostRule.place(request.endpoint.host, request.port)
        guard rules.contains(where: { $0.allows(request.endpoint.host, port: request.port) }) else {
            refused("asked for \(place), which is not named under `hosts:`")
            return say("403 Forbidden", "\(place) is not named under hosts: in .factory/config.yml", to: program)
        }
        let addresses = Sockets.addresses(of: request.endpoint.host, port: request.port)
        let reachable = self.reachable(addresses, port: request.port)
        guard !reachable.isEmpty else {
            guard let first = addresses.first else {
                return say("502 Bad Gateway", "\(place) has no address", to: program)
            }
            refused("asked for \(place), which leads to the private address \(first.text): name that one as well")
            return say("403 Forbidden", "\(place) leads to a private address that is not named", to: program)
        }
        guard let host = connect(reachable), keep(host) else {
            return say("502 Bad Gateway", "\(place) does not answer", to: program)
        }
        if request.forwarded == nil { send("HTTP/1.1 200 Connection established\r\n\r\n", to: program) }
        var tunnel = Tunnel(program, host, first: (request.forwarded ?? []) + rest)
        tunnel.run()
        forget(host)
    }

    private func reachable(_ addresses: [Sockets.Address], port: Int) -> [Sockets.Address] {
        let own = Sockets.own()
        return addresses.filter { address in
            Addresses.isPublic(address.bytes) && !own.contains(address.bytes)
                || rules.contains { $0.allows(address.text, port: port) }
        }
    }

    private func connect(_ addresses: [Sockets.Address]) -> Descriptor? {
        for address in addresses {
            if let socket = try? Sockets.connect(to: address, seconds: Self.patience) { return socket }
        }
        return nil
    }

    /// The head of a request and what came behind it; nil when none came, or a giant.
    private func readHead(_ program: Descriptor) -> (head: [UInt8], rest: [UInt8])? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= ProxyRequest.limit {
            let count = read(program.number, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
            if let end = ProxyRequest.end(of: bytes) { return (Array(bytes[..<end]), Array(bytes[end...])) }
        }
        return nil
    }

    private func say(_ status: String, _ words: String, to program: Descriptor) {
        let body = "factory: \(words)\n"
        send(
            "HTTP/1.1 \(status)\r\nContent-Type: text/plain\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)", to: program)
    }

    private func send(_ text: String, to program: Descriptor) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.send(program.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
