/// What failures look like in the output of common tools.
enum Signs {
    static let traceback = Phrase("Traceback (most recent call last)")
    static let place = Phrase("File \"")
    static let explainedBelow = ["--- FAIL:", "panicked at", "Assertion failed"].map(Phrase.init)

    private static let starts = ["not ok ", "E   ", "panic:", "npm ERR!", "✘", "✗", "✖", "✕", "❌", "×"].map(Phrase.init)
    private static let parts = [
        "error:", "error[", "Error:", "ERROR:", "ERROR ", "Error ", "fatal:", "fatal error", "FATAL", "FAILED",
        "--- FAIL", "AssertionError", "Assertion failed", "assertion failed", "assertion `", "Expectation failed",
        "recorded an issue", "XCTAssert", "panicked at", "Exception:", "Exception in", "Caused by:",
        "undefined reference", "command not found", "Segmentation fault", "core dumped", "]: ***", "make: ***",
        "AddressSanitizer", "ThreadSanitizer", "timed out",
    ].map(Phrase.init)
    private static let fail = Phrase("FAIL")
    /// Sentences of success that hold a word of failure.
    private static let harmless = ["0 errors", "0 failed", "0 failures", "no errors", "no failures", "0 error("]
        .map(Phrase.init)

    static func areIn(_ line: ArraySlice<UInt8>) -> Bool {
        let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        if text.isEmpty { return false }
        if starts.contains(where: { text.starts(with: $0.bytes) }) { return true }
        guard parts.contains(where: { $0.isIn(text) }) || fail.isWord(in: text) else { return false }
        // `10 failed` is no `0 failed`.
        return !harmless.contains { $0.isIn(text, where: { before, _ in !isAlphanumeric(before) }) }
    }

    fileprivate static func isAlphanumeric(_ byte: UInt8?) -> Bool {
        switch byte {
        case .some(48...57), .some(65...90), .some(97...122), .some(UInt8(ascii: "_")): true
        case .some, nil: false
        }
    }
}

/// A few words to look for in lines of bytes.
struct Phrase: Sendable {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Whether the line holds the phrase, at a place whose bytes before and behind are accepted.
    func isIn(_ line: ArraySlice<UInt8>, where fits: (UInt8?, UInt8?) -> Bool = { _, _ in true }) -> Bool {
        guard let first = bytes.first, line.count >= bytes.count else { return false }
        return line.withUnsafeBufferPointer { line in
            for start in 0...(line.count - bytes.count) where line[start] == first {
                let end = start + bytes.count
                guard line[start..<end].elementsEqual(bytes) else { continue }
                if fits(start > 0 ? line[start - 1] : nil, end < line.count ? line[end] : nil) { return true }
            }
            return false
        }
    }

    /// Whether the line holds the phrase as a word of its own.
    func isWord(in line: ArraySlice<UInt8>) -> Bool {
        isIn(line) { before, behind in !Signs.isAlphanumeric(before) && !Signs.isAlphanumeric(behind) }
    }
}
