/// A source text beside its code: as many bytes, but comments and the insides of strings are spaces.
///
/// What looks like code in `code` is code, and stands at the same place in `text`.
package struct MaskedSource: Sendable {
    let text: [UInt8]
    private(set) var code: [UInt8]
    /// Where comments stand, in order.
    private(set) var comments: [Range<Int>] = []
    private var lines = LineCounter()
    /// For each opening bracket the place of the one that closes it, once `pairBrackets` has run.
    private var closings: [Int32] = []

    /// How far to look for what must stand close by. Without it one long line could cost the square of its length.
    static let reach = 200

    init(_ text: [UInt8]) {
        self.text = text
        code = text
    }

    /// Turns a range into spaces; line ends stay.
    mutating func blank(_ range: Range<Int>) {
        for index in range.clamped(to: 0..<code.count) where code[index] != UInt8(ascii: "\n") {
            code[index] = UInt8(ascii: " ")
        }
    }

    /// Turns a comment into spaces, and remembers where it stands.
    mutating func blank(comment range: Range<Int>) {
        comments.append(range)
        blank(range)
    }

    /// Whether a comment covers a place.
    func isComment(_ index: Int) -> Bool {
        var low = 0
        var high = comments.count
        while low < high {
            let middle = (low + high) / 2
            if comments[middle].upperBound <= index { low = middle + 1 } else { high = middle }
        }
        return low < comments.count && comments[low].contains(index)
    }

    /// The first place at or behind `start` that is neither white space nor comment.
    func skipBlank(_ start: Int) -> Int {
        var index = start
        while index < text.count, Self.isSpace(text[index]) || isComment(index) { index += 1 }
        return index
    }

    /// The text of a range without white space, comments and trailing commas, with one kind of quotes; bounded.
    func squeezed(_ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        for index in range.clamped(to: 0..<text.count).prefix(20 * Self.reach) {
            let byte = text[index]
            if Self.isSpace(byte) || isComment(index) { continue }
            if ")]}".utf8.contains(byte), bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
            bytes.append(byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") ? UInt8(ascii: "\"") : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text stands in the code at a place.
    func has(_ expected: StaticString, at index: Int) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard index >= 0, index + count <= code.count else { return false }
        for offset in 0..<count where expected.utf8Start[offset] != code[index + offset] { return false }
        return true
    }

    /// Whether a text stands anywhere in a range of the code.
    func has(_ expected: StaticString, within range: Range<Int>) -> Bool { range.contains { has(expected, at: $0) } }

    /// The next identifier at or behind a place; numbers count as well.
    func word(from start: Int) -> Range<Int>? {
        var begin = start
        while begin < code.count, !Self.isWord(code[begin]) { begin += 1 }
        guard begin < code.count else { return nil }
        return begin..<wordEnd(begin)
    }

    /// The end of the identifier that goes on at a place.
    func wordEnd(_ start: Int) -> Int {
        var end = start
        while end < code.count, Self.isWord(code[end]) { end += 1 }
        return end
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...: true
        default: false
        }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// The first place at or behind `start` that is no white space in the code, or the end.
    func skipSpace(_ start: Int) -> Int {
        var index = start
        while index < code.count, Self.isSpace(code[index]) { index += 1 }
        return index
    }

    /// The last byte of code before a place that is no white space.
    func byteBefore(_ index: Int) -> UInt8? { code[..<index].last { !Self.isSpace($0) } }

    /// The end of the line that a place is in: its line feed, or the end of the text.
    func lineEnd(_ index: Int) -> Int { text[index...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count }

    /// The place of a byte in the code, at or behind `start` and within reach.
    func near(_ byte: UInt8, from start: Int) -> Int? {
        guard start < code.count else { return nil }
        return code[start..<min(start + Self.reach, code.count)].firstIndex(of: byte)
    }

    /// Where the line of a place begins, within reach.
    func lineStart(_ index: Int) -> Int {
        let far = max(0, index - Self.reach)
        return text[far..<index].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? far
    }

    /// Looks up the partner of every bracket. All three kinds nest; to be called when nothing more is blanked.
    mutating func pairBrackets() {
        closings = [Int32](repeating: Int32(clamping: code.count), count: code.count)
        var open: [Int] = []
        for index in code.indices {
            switch code[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open.append(index)
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                if let partner = open.popLast() { closings[partner] = Int32(clamping: index) }
            default: break
            }
        }
    }

    /// The bracket that closes the one at a place, or the end of the text.
    func closing(_ open: Int) -> Int { Int(closings[open]) }

    func codeText(_ range: Range<Int>) -> String { String(decoding: code[range], as: UTF8.self) }
    func sourceText(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    /// The identifiers behind keywords that declare something.
    func names(after keywords: Set<String>) -> Set<String> {
        var names: Set<String> = []
        var index = 0
        while let word = word(from: index) {
            index = word.upperBound
            guard word.count <= 9, keywords.contains(codeText(word)), let name = self.word(from: index),
                name.lowerBound - index <= 2
            else { continue }
            names.insert(codeText(name))
        }
        return names
    }

    /// A test at a place.
    ///
    /// The body is the range of its statements, nil where it has none.
    mutating func test(_ name: String, at index: Int, body: Range<Int>?) -> TestCase {
        TestCase(name: name, line: lines.line(at: index, in: text), body: body.flatMap(fingerprint))
    }

    /// The line of a place, from 1.
    mutating func line(at index: Int) -> Int { lines.line(at: index, in: text) }

    /// A skip mark at a place.
    mutating func skip(_ mark: String, at index: Int) -> SkipMark {
        let end = near(UInt8(ascii: "\n"), from: index) ?? min(index + Self.reach, text.count)
        let line = text[lineStart(index)..<end].drop(while: Self.isSpace)
        let length = line.lastIndex { !Self.isSpace($0) }.map { $0 + 1 } ?? line.endIndex
        return SkipMark(
            mark: mark, text: String(decoding: line[..<length], as: UTF8.self), line: lines.line(at: index, in: text))
    }

    /// Nil when nothing in the body would be executed: it is blank in the code, or returns at once.
    private func fingerprint(_ body: Range<Int>) -> UInt64? {
        let start = skipSpace(body.lowerBound)
        guard start < body.upperBound else { return nil }
        if has("return", at: start) {
            let rest = code[(start + 6)..<body.upperBound].first { $0 == 10 || $0 == 59 || !Self.isSpace($0) }
            if rest == nil || rest == 10 || rest == 59 { return nil }
        }
        // FNV-1a over the beginning and the length: a collision would only take one renamed test for another.
        var hash: UInt64 = 14_695_981_039_346_656_037
        var length: UInt64 = 0
        text.withUnsafeBufferPointer { text in
            for index in body.prefix(20 * Self.reach) where !Self.isSpace(text[index]) && !isComment(index) {
                hash = (hash ^ UInt64(text[index])) &* 1_099_511_628_211
                length += 1
            }
        }
        hash ^= length
        return hash
    }
}

extension [UInt8] {
    /// Whether an ASCII text stands anywhere in the bytes.
    func contains(_ word: StaticString) -> Bool {
        let needle = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return withUnsafeBufferPointer { bytes in
            guard let first = needle.first, bytes.count >= needle.count else { return false }
            for start in 0...(bytes.count - needle.count) where bytes[start] == first {
                if bytes[start..<start + needle.count].elementsEqual(needle) { return true }
            }
            return false
        }
    }
}
