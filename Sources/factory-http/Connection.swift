import Foundation
import Glibc

/// The socket on which lines come and go.
struct Connection {
    private static let descriptor: Int32 = 3
    private let input = fdopen(descriptor, "r")

    /// The next line without its end; nil when the other side is gone.
    func nextLine() -> Data? {
        var text: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(text) }
        let count = getline(&text, &capacity, input)
        guard count > 0, let text else { return nil }
        return Data(bytes: text, count: count)
    }

    func send(_ line: Data) {
        var rest = line + Data("\n".utf8)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(Self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
