import FactoryCore

/// What a session's output has told so far.
struct SessionReading {
    /// How the program itself says that it ended.
    enum End: Hashable {
        case open
        case completed
        case failed(String)
    }

    /// Bytes of an answer that are kept.
    static let answerLimit = 1 << 20

    private(set) var end = End.open
    /// The model's last words.
    private(set) var answer = ""
    /// The object that the program gives as the answer to our schema.
    var structured: JSONObject?
    var usage = Usage.unknown
    /// What a field of the output says is wrong, as against what patterns find.
    var fault: AgentFault?
    var diagnostics = Diagnostics()

    /// Work was done: what was said of errors before is settled.
    mutating func progress() {
        if case .failed = end { end = .open }
        fault = nil
        diagnostics.settle()
    }

    mutating func say(_ text: String) {
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        answer = text
    }

    /// Adds a piece of an answer that comes in pieces.
    mutating func append(_ text: String) {
        if answer.utf8.count + text.utf8.count <= Self.answerLimit { answer += text }
    }

    mutating func startAnswer() { answer = "" }

    mutating func complete() {
        progress()
        end = .completed
    }

    /// Ends badly; `fault` says why, if a field does.
    mutating func fail(_ message: String, _ fault: AgentFault? = nil) {
        end = .failed(CleanText.line(message, limit: 2000))
        self.fault = fault ?? self.fault
    }
}

/// Figures that strangers report.
enum Figure {
    static func tokens(_ value: JSON?) -> Int? {
        value?.int.flatMap { (0...1_000_000_000_000).contains($0) ? $0 : nil }
    }
    static func cost(_ value: JSON?) -> Double? { value?.number.flatMap { (0...1_000_000.0).contains($0) ? $0 : nil } }
    /// The sum of those that are known.
    static func sum(_ values: JSON?...) -> Int? {
        let known = values.compactMap { tokens($0) }
        return known.isEmpty ? nil : known.reduce(0, +)
    }
}

extension JSON {
    /// The text of a message: a string, or the parts of a list that are text.
    var messageText: String {
        if let string { return string }
        return (array ?? []).compactMap { part in
            let isText = part["type"]?.string.map { $0 == "text" || $0 == "output_text" } ?? true
            return isText ? part["text"]?.string : nil
        }.joined()
    }
}
