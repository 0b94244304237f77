/// Picks the lines of a failing program's output that a person would look at first.
package enum FailingLines {
    /// Lines that are picked, and characters that are kept of each.
    private static let lineLimit = 40
    private static let lengthLimit = 400
    /// So many of them come from the end, where summaries stand; the others from the start.
    private static let fromEnd = 10

    /// At most 40 lines, in their order, each once, as plain text. Empty when nothing looks like a failure: the end of
    /// the output is the best guess then.
    package static func extract(_ output: [UInt8]) -> [String] {
        var picker = Picker()
        for line in PlainText.lines(output) { picker.take(line) }
        let found = picker.finish()
        guard found.count > lineLimit else { return found }
        return Array(found.prefix(lineLimit - fromEnd) + found.suffix(fromEnd))
    }

    /// Walks over the lines, with what must be remembered between them.
    private struct Picker {
        private var picked: [String] = []
        private var seen: Set<String> = []
        /// Inside a Python traceback: the last line that names a place.
        private var place: String?
        private var isInTraceback = false
        /// The line just picked says no more than where; its reason stands on the next.
        private var takesNext = false

        mutating func take(_ line: String) {
            if isInTraceback {
                if line.first == " " || line.first == "\t" || line.isEmpty {
                    if line.contains("File \"") { place = line }
                    return
                }
                isInTraceback = false
                if let place { pick(place) }
                pick(line)
            } else if line.contains("Traceback (most recent call last)") {
                (isInTraceback, place) = (true, nil)
            } else if Signs.areIn(line) {
                pick(line)
                takesNext = Signs.explainedBelow.contains { line.contains($0) }
            } else if takesNext {
                pick(line)
                takesNext = false
            }
        }

        func finish() -> [String] {
            var copy = self
            if isInTraceback, let place { copy.pick(place) }
            return copy.picked
        }

        private mutating func pick(_ line: String) {
            let short = CleanText.cut(line, lines: .many, limit: lengthLimit)
            if !short.isEmpty && seen.insert(short).inserted { picked.append(short) }
        }
    }
}

/// What failures look like in the output of common tools.
private enum Signs {
    static let explainedBelow = ["--- FAIL:", "panicked at", "Assertion failed"]

    private static let starts = ["not ok ", "E   ", "panic:", "npm ERR!", "✘", "✗", "✖", "✕", "❌", "×"]
    private static let parts = [
        "error:", "error[", "Error:", "ERROR:", "ERROR ", "Error ", "fatal:", "fatal error", "FATAL", "FAILED",
        "--- FAIL", "AssertionError", "Assertion failed", "assertion failed", "assertion `", "Expectation failed",
        "recorded an issue", "XCTAssert", "panicked at", "Exception:", "Exception in", "Caused by:",
        "undefined reference", "command not found", "Segmentation fault", "core dumped", "make: ***", "]: ***",
        "AddressSanitizer", "ThreadSanitizer", "timed out",
    ]
    /// Sentences of success that hold a word of failure.
    private static let harmless = ["0 errors", "0 failed", "0 failures", "no errors", "no failures", "0 error("]

    static func areIn(_ line: String) -> Bool {
        let text = line.drop { $0 == " " || $0 == "\t" }
        guard !text.isEmpty else { return false }
        if starts.contains(where: { text.hasPrefix($0) }) { return true }
        guard hasWord("FAIL", in: text) || parts.contains(where: { text.contains($0) }) else { return false }
        return !harmless.contains { hasNumberOrWord($0, in: text) }
    }

    private static func hasWord(_ word: String, in text: Substring) -> Bool {
        text.split { !$0.isLetter && $0 != "_" }.contains { $0 == word }
    }

    /// The phrase, and not as the end of another number: `10 failed` is no `0 failed`.
    private static func hasNumberOrWord(_ phrase: String, in text: Substring) -> Bool {
        text.ranges(of: phrase).contains { range in
            range.lowerBound == text.startIndex || !text[text.index(before: range.lowerBound)].isNumber
        }
    }
}
