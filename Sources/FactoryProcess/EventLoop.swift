import CSystem
import FactoryFiles
import Glibc

/// Calls a handler whenever its descriptor is ready.
///
/// Level-triggered: a handler that leaves something is called again. Belongs to the reactor's thread.
final class EventLoop {
    enum Direction {
        case reading
        case writing
    }

    private let epoll: Descriptor
    /// By a token of its own, since the number of a closed descriptor soon belongs to another.
    private var handlers: [UInt64: (descriptor: Descriptor, call: () -> Void)] = [:]
    private var tokens: [ObjectIdentifier: UInt64] = [:]
    /// For handlers to read into: one at a time runs, so one is enough.
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    private var lastToken: UInt64 = 0

    init() throws(SystemError) { epoll = try Descriptor(factory_epoll_create(), from: "epoll_create") }

    /// Owns the descriptor from now on, until it is removed.
    func add(
        _ descriptor: Descriptor, _ direction: Direction = .reading, _ handler: @escaping () -> Void
    ) throws(SystemError) {
        lastToken += 1
        guard factory_epoll_add(epoll.number, descriptor.number, direction == .writing ? 1 : 0, lastToken) == 0 else {
            throw SystemError("epoll_ctl", "descriptor \(descriptor.number)")
        }
        handlers[lastToken] = (descriptor, handler)
        tokens[ObjectIdentifier(descriptor)] = lastToken
    }

    /// Forgets the descriptor and its handler; nothing happens if it has gone already.
    func remove(_ descriptor: Descriptor) {
        guard let token = tokens.removeValue(forKey: ObjectIdentifier(descriptor)) else { return }
        _ = factory_epoll_remove(epoll.number, descriptor.number)
        handlers[token] = nil
    }

    /// Waits for something to be ready, at most until `deadline` (monotonic seconds; nil is for ever), and handles it.
    func wait(until deadline: Double?) {
        // Rounded up, so that what is due is due indeed when we wake.
        let timeout = deadline.map { Int32(max(0, min(($0 - monotonicSeconds()) * 1000 + 1, 1e9))) } ?? -1
        var tokens = [UInt64](repeating: 0, count: 64)
        let count = factory_epoll_wait(epoll.number, &tokens, timeout)
        guard count > 0 else { return }
        for token in tokens.prefix(Int(count)) { handlers[token]?.call() }
    }
}
