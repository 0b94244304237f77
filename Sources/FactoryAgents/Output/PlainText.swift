/// What a program printed to a terminal, as plain text. Works on bytes: outputs are long, and few of their lines are
/// ever shown.
package struct PlainText {
    private static let escape = UInt8(0x1B)
    private static let bell = UInt8(0x07)

    private let source: ArraySlice<UInt8>
    private var position: Int
    private var plain: [UInt8] = []
    /// Where the line begins that is being written.
    private var lineStart = 0

    /// The lines without escape sequences, control characters and blanks at their ends. Of a line that was written
    /// over, as progress bars do, only the last writing stays. Bytes that are no UTF-8 are still in.
    package static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var reader = PlainText(bytes)
        reader.readAll()
        return reader.plain.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            let end = line.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            return end.map { line[...$0] } ?? line[line.startIndex..<line.startIndex]
        }
    }

    private init(_ source: ArraySlice<UInt8>) {
        self.source = source
        position = source.startIndex
        plain.reserveCapacity(source.count)
    }

    private var next: UInt8? { position < source.endIndex ? source[position] : nil }

    private mutating func readAll() {
        while let byte = next {
            position += 1
            switch byte {
            case Self.escape: skipSequence()
            case UInt8(ascii: "\n"):
                plain.append(byte)
                lineStart = plain.count
            case UInt8(ascii: "\r"):
                skip { $0 == byte }
                if let next, next != UInt8(ascii: "\n") { plain.removeSubrange(lineStart...) }
            case UInt8(ascii: "\t"), 0x20..<0x7F: plain.append(byte)
            case ..<0x20, 0x7F: break
            default:
                plain.append(byte)
                dropHarm(endingIn: byte)
            }
        }
    }

    /// Takes back a character of several bytes that must not be shown, once its last byte is there. The list is that
    /// of `CleanText`.
    private mutating func dropHarm(endingIn byte: UInt8) {
        let last = plain[max(lineStart, plain.count - 3)...]
        let isControl = last.count > 1 && last[last.endIndex - 2] == 0xC2 && (0x80..<0xA0).contains(byte)
        let isTurn =
            last.starts(with: [0xE2, 0x80]) && (0xAA...0xAE).contains(byte)
            || last.starts(with: [0xE2, 0x81]) && (0xA6...0xA9).contains(byte)
        if isControl { plain.removeLast(2) } else if isTurn && last.count == 3 { plain.removeLast(3) }
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while let byte = next, isSkipped(byte) { position += 1 }
    }

    /// Skips what stands behind an escape character: a control sequence up to its final letter, a string up to its
    /// end, or two characters. One that never ends is given up at the end of its line.
    private mutating func skipSequence() {
        switch next {
        case UInt8(ascii: "["):
            position += 1
            skip { (0x20..<0x40).contains($0) }
            if let next, (0x40..<0x7F).contains(next) { position += 1 }
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
            skip { $0 != Self.bell && $0 != Self.escape && $0 != UInt8(ascii: "\n") }
            if next == Self.bell {
                position += 1
            } else if next == Self.escape {
                position += 1
                if next == UInt8(ascii: "\\") { position += 1 }
            }
        case .some(let byte) where (0x20..<0x30).contains(byte):
            skip { (0x20..<0x30).contains($0) }
            if let next, (0x30..<0x7F).contains(next) { position += 1 }
        case .some(let byte) where (0x30..<0x7F).contains(byte): position += 1
        case .some, nil: break
        }
    }
}
