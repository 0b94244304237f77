import CSystem
import FactoryFiles
import Glibc

/// Sockets towards the world, for a thread that may wait.
enum Sockets {
    /// An address that a name has, with what a connection needs.
    struct Address: Sendable {
        let family: Int32
        /// The address alone, 4 or 16 bytes.
        let bytes: [UInt8]
        /// The whole `sockaddr`.
        let socket: [UInt8]

        /// As it is written.
        var text: String {
            var text = [CChar](repeating: 0, count: 64)
            let made = bytes.withUnsafeBytes { inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) }
            guard made != nil else { return "" }
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// The addresses of a host, by the resolver of this machine; empty when there are none.
    static func addresses(of host: String, port: Int) -> [Address] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var next = list
        while let item = next?.pointee {
            next = item.ai_next
            guard let address = item.ai_addr, let bytes = bytes(of: address, item.ai_family) else { continue }
            let whole = UnsafeRawBufferPointer(start: address, count: Int(item.ai_addrlen))
            found.append(Address(family: item.ai_family, bytes: bytes, socket: Array(whole)))
        }
        return found
    }

    private static func bytes(of address: UnsafeMutablePointer<sockaddr>, _ family: Int32) -> [UInt8]? {
        switch family {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
        default: nil
        }
    }

    /// The addresses of this machine itself.
    static func own() -> Set<[UInt8]> {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: Set<[UInt8]> = []
        var next = list
        while let item = next?.pointee {
            next = item.ifa_next
            guard let address = item.ifa_addr else { continue }
            if let bytes = bytes(of: address, Int32(address.pointee.sa_family)) { found.insert(bytes) }
        }
        return found
    }

    /// Connects within so many seconds. Throws `SystemError`.
    static func connect(to address: Address, seconds: Int32) throws(SystemError) -> Descriptor {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let socket = try Descriptor(Glibc.socket(address.family, kind, 0), from: "socket", on: address.text)
        let result = address.socket.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(socket.number, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        if result == 0 { return socket }
        guard errno == EINPROGRESS else { throw SystemError("connect", address.text) }
        var event = pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
        guard poll(&event, 1, seconds * 1000) == 1 else { throw SystemError("connect", address.text, code: ETIMEDOUT) }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { throw SystemError("connect", address.text, code: code) }
        return socket
    }
}
