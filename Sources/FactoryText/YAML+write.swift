extension YAML {
    /// A scalar that reads back as exactly this text and as nothing else: plain where that is safe, else in double
    /// quotes. For use in block and flow context alike.
    package static func scalar(_ text: String) -> String { isSafePlain(text) ? text : quoted(text) }

    /// A flow list of such scalars, such as `[npm, ci]`.
    package static func list(_ texts: [String]) -> String { "[" + texts.map(scalar).joined(separator: ", ") + "]" }

    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

    private static func isSafePlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, !words.contains(text.lowercased()) else { return false }
        return (isLetter(first) || first == UInt8(ascii: ".") || first == UInt8(ascii: "/"))
            && last != UInt8(ascii: " ")
            && bytes.allSatisfy { isLetter($0) || (48...57).contains($0) || " ._/-+=@%".utf8.contains($0) }
            && !text.hasPrefix("...")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value): result += escape(scalar, "x", 2)
            case _ where [0x2028, 0x2029, 0xFEFF].contains(scalar.value): result += escape(scalar, "u", 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar, _ letter: String, _ width: Int) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}
