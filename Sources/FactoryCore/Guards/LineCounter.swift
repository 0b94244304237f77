/// Line numbers of places. Asked for in rising order, they cost one walk through the text.
struct LineCounter {
    private var line = 1
    private var counted = 0

    /// The line of a place, from 1.
    mutating func line(at offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        if offset < counted { (line, counted) = (1, 0) }
        for byte in text[counted..<offset] where byte == UInt8(ascii: "\n") { line += 1 }
        counted = offset
        return line
    }

    mutating func line(at offset: Int, in text: [UInt8]) -> Int {
        text.withUnsafeBufferPointer { line(at: offset, in: $0) }
    }
}
