import CSystem
import FactoryCore
import FactoryFiles
import Glibc
import Synchronization

/// The socket between the line and the gate of one fence: it tells that the fence stands, and brings out the socket at
/// which the line's proxy answers.
final class Door: Sendable {
    /// The gate's end.
    let inside: Descriptor
    private let outside: Descriptor
    private let proxy: Proxy?
    private let seen = Mutex<(stands: Bool, failure: Failure?)>((false, nil))

    /// What the gate says went wrong.
    enum Failure: Hashable, Sendable {
        /// The program could not be started, with the number of the error.
        case program(Int32)
        /// The gate could not do its own work.
        case gate(Int32)
    }

    init(_ fence: Fence, refused: @escaping @Sendable (String) -> Void) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard factory_socket_pair(&ends) == 0 else { throw SystemError("socketpair", "") }
        outside = try Descriptor(ends[0], from: "socketpair")
        inside = try Descriptor(ends[1], from: "socketpair")
        proxy = fence.network == .proxy ? Proxy(fence.hosts, refused: refused) : nil
    }

    /// Begins to wait for the gate, where it has something to bring out.
    func open() throws(SystemError) {
        guard let proxy else { return }
        let started = Thread.start("factory-door") { [self] in
            while let listening = receive() {
                if let listening { return proxy.serve(listening) }
            }
        }
        guard started else { throw SystemError("pthread_create", "proxy", code: EAGAIN) }
    }

    /// Whether the fence stood, and what the gate said, once the run is over.
    func close() -> (stands: Bool, failure: Failure?) {
        proxy?.close()
        outside.makeNonblocking()
        while receive() != nil {}
        shutdown(outside.number, Int32(SHUT_RDWR))
        return seen.withLock { $0 }
    }

    /// Takes one message, with the descriptor that came along; nil when there is none.
    private func receive() -> Descriptor?? {
        var text = [UInt8](repeating: 0, count: 16)
        var handed: Int32 = -1
        let count = factory_receive(outside.number, &text, text.count, &handed)
        guard count > 0 else { return nil }
        let number = Int32(String(decoding: text[1..<count], as: UTF8.self)) ?? 0
        seen.withLock { seen in
            switch text[0] {
            case UInt8(ascii: "R"): seen.stands = true
            case UInt8(ascii: "E"): seen.failure = .program(number)
            default: seen.failure = .gate(number)
            }
        }
        return .some(handed < 0 ? nil : try? Descriptor(handed, from: "recvmsg"))
    }
}
