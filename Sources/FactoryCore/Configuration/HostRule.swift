/// One host that a session may reach through the line's proxy.
///
/// `api.example.com` is that name at the ports 443 and 80, `api.example.com:8443` at that port alone; `*.example.com` is
/// every name below `example.com`, not that one itself. An address is a name like another: `127.0.0.1:8080`,
/// `[::1]:8080`.
package struct HostRule: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, without brackets and a dot at the end.
    package let name: String
    /// Whether the name stands for all below it.
    package let isSuffix: Bool
    /// Nil: 443 and 80.
    package let port: Int?

    private static let usualPorts = [443, 80]

    /// Nil when the text is no host.
    package init?(_ text: String) {
        let whole = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
        guard let endpoint = Endpoint(whole) else { return nil }
        name = endpoint.host
        port = endpoint.port
        isSuffix = text.hasPrefix("*.")
        if isSuffix, name.contains(":") || endpoint.isAddress { return nil }
    }

    private init() {
        name = ""
        isSuffix = true
        port = nil
    }

    /// Every name, and no address.
    package static let everyName = HostRule()

    package func allows(_ host: String, port wanted: Int) -> Bool {
        guard port.map({ $0 == wanted }) ?? Self.usualPorts.contains(wanted) else { return false }
        if name.isEmpty { return !Endpoint.isAddress(host) }
        return isSuffix ? host.hasSuffix("." + name) : host == name
    }

    /// A host and port as one writes them.
    package static func place(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    package var description: String {
        let host = name.contains(":") ? "[\(name)]" : name
        return (isSuffix ? "*." : "") + host + (port.map { ":\($0)" } ?? "")
    }
}

/// A host with a port, as a stranger has written it.
package struct Endpoint: Hashable, Sendable {
    /// In lower case, without brackets and a dot at the end.
    package let host: String
    package let port: Int?

    /// Nil when the text is none: a host of letters, digits, dots and hyphens, or an address, and perhaps a port.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 300, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        var host = Substring(text)
        var port: Substring?
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
            host = host[host.index(after: host.startIndex)..<end]
            guard host.contains(":") else { return nil }
        } else if let colon = host.firstIndex(of: ":") {
            port = host[host.index(after: colon)...]
            host = host[..<colon]
        }
        if let port {
            guard !port.isEmpty, port.count <= 5, port.allSatisfy(\.isNumber), let number = Int(port),
                (1...65535).contains(number)
            else { return nil }
            self.port = number
        } else {
            self.port = nil
        }
        if host.last == ".", !host.contains(":") { host.removeLast() }
        self.host = host.lowercased()
        guard Self.isHost(self.host) else { return nil }
    }

    private static func isHost(_ host: String) -> Bool {
        if host.contains(":") { return host.utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) } }
        return !host.isEmpty
            && host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains($0) }
            }
    }

    /// Whether it may be read as an address and not as a name: no name has digits alone behind its last dot, and the
    /// C library takes `0x7f.1` and `2130706433` for addresses as well.
    package var isAddress: Bool { Self.isAddress(host) }

    static func isAddress(_ host: String) -> Bool {
        if host.contains(":") { return true }
        guard let last = host.split(separator: ".").last else { return true }
        return last.allSatisfy(\.isNumber) || last.hasPrefix("0x")
    }
}
