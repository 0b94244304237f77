/// What was kept of a stream: all of it, or its head and its tail when it was longer than the limit.
package struct CapturedOutput: Hashable, Sendable, CustomStringConvertible {
    package private(set) var head: [UInt8] = []
    private var recent: [UInt8] = []
    /// Bytes that came in, kept or not.
    package private(set) var total = 0
    private let headLimit: Int
    private let tailLimit: Int
    private static let longestLine = 4096

    /// Keeps at most `limit` bytes.
    package init(limit: Int) {
        headLimit = max(0, limit) / 2
        tailLimit = max(0, limit) - headLimit
    }

    package var tail: ArraySlice<UInt8> { recent.suffix(tailLimit) }
    /// Bytes between head and tail that are lost.
    package var dropped: Int { total - head.count - tail.count }
    /// Head and tail, with nothing between them.
    package var bytes: [UInt8] { head + tail }

    /// The text, with invalid UTF-8 replaced and a line that says how much is missing, if anything is.
    package var text: String {
        if dropped == 0 { return String(decoding: bytes, as: UTF8.self) }
        let gap = "\n[… \(dropped) bytes left out …]\n"
        return String(decoding: head, as: UTF8.self) + gap + String(decoding: tail, as: UTF8.self)
    }

    package var description: String { text }

    /// Takes in the next piece.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        total += bytes.count
        // What was mapped may be longer than what was taken in.
        let room = max(0, headLimit - head.count)
        head.append(contentsOf: bytes.prefix(room))
        recent.append(contentsOf: bytes.dropFirst(room).suffix(tailLimit))
        // Trimmed only now and then, so that small pieces do not move the whole tail each time.
        if recent.count > 2 * tailLimit { recent.removeFirst(recent.count - tailLimit) }
    }

    /// The same with other bytes, made of these by `change`: in one go, or head and tail each for itself where something
    /// between them is lost. Then the lines that the loss has cut in two are left out, so that `change` sees whole ones,
    /// unless they are very long.
    package func mapped(_ change: ([UInt8]) -> [UInt8]) -> CapturedOutput {
        var other = self
        guard dropped > 0 else {
            (other.head, other.recent) = (change(bytes), [])
            other.total = other.head.count
            return other
        }
        let newline = UInt8(ascii: "\n")
        let end = head.suffix(Self.longestLine).lastIndex(of: newline).map { $0 + 1 } ?? head.endIndex
        let start = tail.prefix(Self.longestLine).firstIndex(of: newline).map { $0 + 1 } ?? tail.startIndex
        let lost = dropped + (head.endIndex - end) + (start - tail.startIndex)
        (other.head, other.recent) = (change(Array(head[..<end])), change(Array(tail[start...])))
        other.total = other.head.count + other.tail.count + lost
        return other
    }

    package static func == (a: CapturedOutput, b: CapturedOutput) -> Bool {
        a.total == b.total && a.head == b.head && a.tail == b.tail
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(total)
        hasher.combine(head)
        hasher.combine(tail)
    }
}
