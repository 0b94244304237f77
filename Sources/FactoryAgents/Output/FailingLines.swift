/// Picks the lines of a failing program's output that a person would look at first.
package enum FailingLines {
    /// Lines that are picked, and characters that are kept of each.
    private static let lineLimit = 40
    static let lengthLimit = 400
    /// So many of them come from the end, where summaries stand; the others from the start.
    private static let fromEnd = 10

    /// At most 40 lines, in their order, each once, as plain text. Empty when nothing looks like a failure: the end of
    /// the output is the best guess then.
    package static func extract(_ output: [UInt8]) -> [String] {
        var picker = Picker()
        for line in PlainText.lines(output[...]) { picker.take(line) }
        picker.finish()
        let found = picker.picked
        guard found.count > lineLimit else { return found }
        return Array(found.prefix(lineLimit - fromEnd) + found.suffix(fromEnd))
    }

    /// Walks over the lines, with what must be remembered between them.
    private struct Picker {
        private(set) var picked: [String] = []
        private var seen: Set<String> = []
        private var isInTraceback = false
        /// Inside a traceback: the last line that names a place.
        private var place: ArraySlice<UInt8>?
        /// The line just picked says no more than where; its reason stands on the next.
        private var takesNext = false

        mutating func take(_ line: ArraySlice<UInt8>) {
            if isInTraceback {
                guard let first = line.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\t") else {
                    if Signs.place.isIn(line) { place = line }
                    return
                }
                finish()
                pick(line)
            } else if Signs.traceback.isIn(line) {
                isInTraceback = true
            } else if Signs.areIn(line) {
                pick(line)
                takesNext = Signs.explainedBelow.contains { $0.isIn(line) }
            } else if takesNext {
                pick(line)
                takesNext = false
            }
        }

        /// Ends a traceback: of all its places the last one counts.
        mutating func finish() {
            if let place { pick(place) }
            (isInTraceback, place) = (false, nil)
        }

        private mutating func pick(_ line: ArraySlice<UInt8>) {
            let start = String(decoding: line.prefix(16 * lengthLimit), as: UTF8.self)
            let short = CleanText.cut(start, lines: .many, limit: lengthLimit)
            if !short.isEmpty && seen.insert(short).inserted { picked.append(short) }
        }
    }
}
