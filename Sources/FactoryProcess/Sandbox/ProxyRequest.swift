import FactoryCore

/// What a program inside a fence asks the line's proxy for: the head of its request, read as a stranger's text.
struct ProxyRequest: Hashable, Sendable {
    /// Bytes of the longest head that is read.
    static let limit = 16 << 10

    let endpoint: Endpoint
    let port: Int
    /// What to send on to the host before anything else; nil for a tunnel, of which the program itself says everything.
    let forwarded: [UInt8]?

    private static let end = Array("\r\n\r\n".utf8)

    /// Where the head ends in what has come so far; nil: it goes on.
    static func end(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= end.count else { return nil }
        return (0...bytes.count - end.count).first { bytes[$0..<$0 + end.count].elementsEqual(end) }.map { $0 + 4 }
    }

    /// Reads a head that ends with an empty line; nil when it asks for nothing that a proxy can do.
    init?(head: [UInt8]) {
        guard let text = String(validating: head, as: UTF8.self), !text.utf8.contains(0) else { return nil }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)
        guard let words = lines.first?.split(separator: " "), words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            return nil
        }
        if words[0] == "CONNECT" {
            guard let endpoint = Endpoint(words[1]), let port = endpoint.port else { return nil }
            (self.endpoint, self.port, forwarded) = (endpoint, port, nil)
            return
        }
        guard words[1].lowercased().hasPrefix("http://") else { return nil }
        let rest = words[1].dropFirst(7)
        let place = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !place.contains("@"), let endpoint = Endpoint(place) else { return nil }
        let path = rest.dropFirst(place.count)
        let target = path.hasPrefix("/") ? String(path) : "/" + path
        (self.endpoint, port) = (endpoint, endpoint.port ?? 80)
        forwarded = Self.forward("\(words[0]) \(target) \(words[2])", lines.dropFirst())
    }

    /// The head as the host gets it. One request a connection, since the next one may be meant for somebody else.
    private static func forward(_ first: String, _ fields: some Sequence<Substring>) -> [UInt8] {
        let ours = ["connection", "proxy-connection", "proxy-authorization", "keep-alive", "upgrade"]
        let kept = fields.filter { field in
            !ours.contains(field.prefix { $0 != ":" }.lowercased())
        }
        return Array(([first] + kept.map(String.init) + ["Connection: close", "", ""]).joined(separator: "\r\n").utf8)
    }
}
