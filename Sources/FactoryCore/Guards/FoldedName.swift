/// A name as the most careless file system would read it: without case, without invisible characters, without the dots,
/// spaces and stream names that Windows drops, with letters that look alike taken for the plain ones.
///
/// Two names that fold alike may be one file somewhere, or one name to a reader.
package enum FoldedName {
    /// The folded form of one part of a path.
    package static func of(_ part: some Collection<UInt8>) -> String {
        var folded = ""
        // Broken encoding is shown as hexadecimal digits, so that two broken names stay two.
        let text = String(validating: part, as: UTF8.self) ?? RepoPath(bytes: Array(part)).description
        for scalar in text.unicodeScalars {
            guard let plain = plain(scalar) else { continue }
            if plain == ":" && !folded.isEmpty { break }
            folded.unicodeScalars.append(plain)
        }
        while let last = folded.unicodeScalars.last, last == "." || last == " " { folded.unicodeScalars.removeLast() }
        return folded
    }

    /// The folded parts of a path.
    ///
    /// A backslash separates as well, because it does on Windows.
    package static func parts(of path: RepoPath) -> [String] {
        path.bytes.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.map { of($0) }
    }

    /// The lower-case letter that a scalar is or looks like; nil for what is not seen at all.
    private static func plain(_ scalar: UnicodeScalar) -> UnicodeScalar? {
        switch scalar.value {
        case 0x41...0x5A: return UnicodeScalar(scalar.value + 0x20)
        case ..<0x80: return scalar
        case 0xFF01...0xFF5E: return UnicodeScalar(scalar.value - 0xFEE0).flatMap(plain)
        default: break
        }
        if scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .format { return nil }
        if scalar.properties.generalCategory == .spaceSeparator { return " " }
        return lookalikes[scalar]
            ?? scalar.properties.lowercaseMapping.unicodeScalars.first.map { lookalikes[$0] ?? $0 }
    }

    /// Dots, and Latin, Cyrillic and Greek letters that pass for the letters of ASCII.
    private static let lookalikes: [UnicodeScalar: UnicodeScalar] = Dictionary(
        uniqueKeysWithValues: zip(
            "\u{2024}\u{FE52}\u{3002}ıſ\u{212A}ɡаԁеһіјкԛѕсорхуѡᴀαεικνορτυχ".unicodeScalars,
            "...iskgadehijkqscopxywaaeiknoptux".unicodeScalars))
}
