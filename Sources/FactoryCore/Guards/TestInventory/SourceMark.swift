/// A text whose arrival in a source loosens a check.
package struct SourceMark: Hashable, Sendable {
    /// Where the text counts.
    package enum Place: Sendable {
        case code
        /// Code and what stands in strings.
        case text
        case comment
    }

    /// In whose files it counts.
    package enum Scope: Sendable { case product, tests, everywhere }

    var signal: Signal
    /// As it is written; white space and the kind of quotes do not matter.
    var text: String
    var place: Place
    var scope: Scope
    /// It silences a whole file, or every rule, so it counts in tests as much as in the product.
    var isBlanket = false

    /// What is compared: the words and signs of the text.
    let tokens: [String]

    package init(
        _ signal: Signal, _ text: String, _ place: Place, _ scope: Scope = .everywhere, isBlanket: Bool = false
    ) {
        self.signal = signal
        self.text = text
        self.place = place
        self.scope = scope
        self.isBlanket = isBlanket
        tokens = Tokens.of(Array(text.utf8)[...], isFolded: place == .comment)
    }
}

/// Words and signs, without white space.
enum Tokens {
    static func of(_ bytes: ArraySlice<UInt8>, isFolded: Bool) -> [String] {
        var tokens: [String] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var end = index
            while end < bytes.endIndex, MaskedSource.isWord(bytes[end]) { end += 1 }
            if end > index {
                let word = String(decoding: bytes[index..<end], as: UTF8.self)
                tokens.append(isFolded ? word.lowercased() : word)
                index = end
            } else {
                if !MaskedSource.isSpace(bytes[index]) { tokens.append(sign(bytes[index])) }
                index += 1
            }
        }
        return tokens
    }

    private static func sign(_ byte: UInt8) -> String {
        byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") ? "\"" : String(UnicodeScalar(byte))
    }

    static func contains(_ tokens: [String], _ wanted: [String]) -> Bool {
        guard let first = wanted.first, tokens.count >= wanted.count else { return false }
        return tokens.indices.dropLast(wanted.count - 1).contains { start in
            tokens[start] == first && tokens[start..<start + wanted.count].elementsEqual(wanted)
        }
    }
}
