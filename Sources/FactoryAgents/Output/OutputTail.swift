/// The end of an output, fit to be read.
package enum OutputTail {
    /// The last lines of an output as plain text: at most `maxLines` lines and `maxBytes` bytes. Whole lines, unless the
    /// last one alone is longer. Blank lines at the ends are left out, and bytes that are no UTF-8 are replaced.
    package static func text(_ bytes: [UInt8], maxLines: Int = 80, maxBytes: Int = 16 << 10) -> String {
        // Escape sequences take room that is not shown; a few times the limit is enough for most of them.
        let window = bytes.suffix(8 * maxBytes)
        var lines = PlainText.lines(window)[...]
        if window.count < bytes.count && lines.count > 1 { lines = lines.dropFirst() }
        while lines.last?.isEmpty == true { lines = lines.dropLast() }
        var kept: [String] = []
        var room = maxBytes
        for line in lines.reversed() {
            let text = String(decoding: line, as: UTF8.self)
            guard kept.count < maxLines, text.utf8.count <= room else { break }
            room -= text.utf8.count + 1
            kept.append(text)
        }
        if kept.isEmpty, maxLines > 0, let last = lines.last { return end(of: last, bytes: maxBytes) }
        while kept.last?.isEmpty == true { kept.removeLast() }
        return kept.reversed().joined(separator: "\n")
    }

    /// The last whole characters that fit into so many bytes.
    private static func end(of line: ArraySlice<UInt8>, bytes: Int) -> String {
        var room = bytes
        let kept = String(decoding: line.suffix(bytes + 4), as: UTF8.self).unicodeScalars.reversed().prefix { scalar in
            room -= UTF8.width(scalar)
            return room >= 0
        }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: kept.reversed())
        return String(scalars)
    }
}
