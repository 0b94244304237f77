/// Bytes that are no UTF-8: where the first broken one stands.
package struct InvalidUTF8: Error, Hashable, CustomStringConvertible {
    /// In bytes from the start, from 0.
    package let offset: Int
    /// From 1.
    package let line: Int
    package let byte: UInt8

    package var description: String {
        "byte \(offset) (0x\(String(byte, radix: 16, uppercase: true)), line \(line)) is no UTF-8"
    }
}

/// Text as files hold it: UTF-8 with or without a byte order mark, lines ended by LF, CRLF or CR.
package enum UTF8Text {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The text without its byte order mark.
    package static func decode(_ bytes: [UInt8]) throws(InvalidUTF8) -> String {
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let offset = error.byteOffsets.lowerBound
            let line = 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
            throw InvalidUTF8(offset: offset, line: line, byte: bytes[offset])
        }
        return String(decoding: bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
    }

    /// The lines without their ends. A line end at the very end opens no further line.
    package static func lines(of text: String) -> [Substring] {
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
