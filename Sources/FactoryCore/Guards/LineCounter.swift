/// Line numbers of places that are asked for in rising order, so that the text is walked once.
struct LineCounter {
    private var line = 1
    private var counted = 0

    /// The line of a place, from 1.
    mutating func line(at offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        for byte in text[counted..<offset] where byte == UInt8(ascii: "\n") { line += 1 }
        counted = offset
        return line
    }

    mutating func line(at offset: Int, in text: [UInt8]) -> Int {
        text.withUnsafeBufferPointer { line(at: offset, in: $0) }
    }
}
