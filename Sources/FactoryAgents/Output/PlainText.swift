/// What a program printed to a terminal, as plain text.
enum PlainText {
    private static let escape = UInt8(0x1B)
    private static let bell = UInt8(0x07)

    /// The text without escape sequences and control characters; bytes that are no UTF-8 are replaced. Of a line that
    /// was written over, as progress bars do, only the last writing stays.
    static func decode(_ bytes: some Sequence<UInt8>) -> String {
        let text = String(decoding: withoutEscapes(bytes), as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.lazy.filter { !CleanText.isHarmful($0) })
        return String(scalars)
    }

    /// The lines of the plain text, without blanks at their ends.
    static func lines(_ bytes: some Sequence<UInt8>) -> [String] {
        decode(bytes).split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }

    private static func withoutEscapes(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        var lineStart = 0
        var iterator = Lookahead(bytes.makeIterator())
        while let byte = iterator.next() {
            switch byte {
            case escape: skipSequence(&iterator)
            case UInt8(ascii: "\n"):
                plain.append(byte)
                lineStart = plain.count
            case UInt8(ascii: "\r"):
                while iterator.peek == byte { _ = iterator.next() }
                if let next = iterator.peek, next != UInt8(ascii: "\n") { plain.removeSubrange(lineStart...) }
            default: plain.append(byte)
            }
        }
        return plain
    }

    /// Skips what stands behind an escape character: a control sequence up to its final letter, a string up to its
    /// end, or two characters. One that never ends is given up at the end of its line.
    private static func skipSequence(_ bytes: inout Lookahead<some IteratorProtocol<UInt8>>) {
        switch bytes.peek {
        case UInt8(ascii: "["):
            _ = bytes.next()
            while let byte = bytes.peek, (0x20..<0x40).contains(byte) { _ = bytes.next() }
            if let byte = bytes.peek, (0x40..<0x7F).contains(byte) { _ = bytes.next() }
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
            while let byte = bytes.peek, byte != UInt8(ascii: "\n") {
                _ = bytes.next()
                if byte == bell { return }
                if byte == escape {
                    if bytes.peek == UInt8(ascii: "\\") { _ = bytes.next() }
                    return
                }
            }
        case .some(let byte) where (0x20..<0x30).contains(byte):
            while let byte = bytes.peek, (0x20..<0x30).contains(byte) { _ = bytes.next() }
            if let byte = bytes.peek, byte >= 0x30 { _ = bytes.next() }
        case .some(let byte) where byte >= 0x30 && byte < 0x7F: _ = bytes.next()
        case .some, nil: break
        }
    }
}

/// An iterator that shows its next element before giving it away.
private struct Lookahead<Base: IteratorProtocol<UInt8>> {
    private var base: Base
    private(set) var peek: UInt8?

    init(_ base: Base) {
        self.base = base
        peek = self.base.next()
    }

    mutating func next() -> UInt8? {
        defer { peek = base.next() }
        return peek
    }
}
