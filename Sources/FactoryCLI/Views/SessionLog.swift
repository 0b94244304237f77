import FactoryAgents
import FactoryCore

/// A piece of a file that a session left, fit to be shown.
struct SessionLog: Sendable {
    let number: PRNumber
    /// Such as `implementation-2`.
    let session: String
    /// Relative to the session's folder.
    let file: String
    let path: String
    let lines: [String]

    /// `bytes` are a whole file, or whole lines of one.
    init(number: PRNumber, session: String, file: String, path: String, bytes: [UInt8]) {
        self.number = number
        self.session = session
        self.file = file
        self.path = path
        let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        lines = PlainText.lines(text).map { String(decoding: $0, as: UTF8.self) }
    }

    var header: String { "==> \(session)/\(file) <==" }
    var text: String { lines.joined(separator: "\n") }

    var json: JSON {
        .object([
            "schema": 1, "number": .of(number.value), "session": .string(session), "file": .string(file),
            "path": .string(path), "text": .string(text),
        ])
    }
}
