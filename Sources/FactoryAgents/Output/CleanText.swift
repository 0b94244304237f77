import FactoryText

/// Makes texts of strangers fit to be shown: no control characters, no turned-around writing, no endless length.
package enum CleanText {
    /// How a text may be broken into lines.
    package enum Lines: Hashable, Sendable {
        /// White space of any kind becomes single blanks.
        case one
        /// Line feeds and tabs stay.
        case many
    }

    /// The text on one line, at most `limit` characters long.
    package static func line(_ text: String, limit: Int) -> String { cut(text, lines: .one, limit: limit) }

    /// The text, trimmed, at most `limit` characters long; what is cut ends in an ellipsis.
    package static func cut(_ text: String, lines: Lines, limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        // Nothing beyond can be shown, and a character may have many scalars, but not without end.
        for scalar in text.unicodeScalars.prefix(8 * limit + 64) {
            switch lines {
            case .one where isBreak(scalar): if let last = scalars.last, last != " " { scalars.append(" ") }
            case .one, .many: if !isHarmful(scalar) { scalars.append(scalar) }
            }
        }
        let clean = String(scalars).trimmed
        return clean.count <= limit ? clean : String(clean.prefix(max(0, limit - 1))) + "…"
    }

    /// Control characters, and marks that turn the direction of writing around to make a text read as another.
    static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case ..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\n", "\r", "\t", "\u{2028}", "\u{2029}": true
        default: false
        }
    }
}
