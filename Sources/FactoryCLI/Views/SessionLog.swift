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
    /// Plain text: no escape sequences, nothing that could steer a terminal, no blank lines at the end.
    let text: String

    /// `bytes` are a whole file, or whole lines of one.
    init(number: PRNumber, session: String, file: String, path: String, bytes: [UInt8]) {
        self.number = number
        self.session = session
        self.file = file
        self.path = path
        text = OutputTail.text(bytes, maxLines: .max, maxBytes: 1 << 30)
    }

    var header: String { "==> \(session)/\(file) <==" }

    var json: JSON {
        .object([
            "schema": 1, "number": .of(number.value), "session": .string(session), "file": .string(file),
            "path": .string(path), "text": .string(text),
        ])
    }
}

/// A file that a check left for people.
struct SessionArtifact: Hashable, Sendable {
    let number: PRNumber
    /// Such as `implementation-ci-1`.
    let session: String
    /// Relative to the session's folder.
    let file: String
    let path: String
    let bytes: Int

    /// Names come from whatever a check made.
    var text: String { "\(CleanText.line(path, limit: 1000))  \(bytes) bytes" }

    var json: JSON {
        .object([
            "schema": 1, "number": .of(number.value), "session": .string(session), "file": .string(file),
            "path": .string(path), "bytes": .of(bytes),
        ])
    }
}
