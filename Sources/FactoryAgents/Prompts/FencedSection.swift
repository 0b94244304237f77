import FactoryText

/// A text of somebody else inside a prompt: a heading that says what it is, and a fence that it cannot end.
struct FencedSection {
    var heading: String
    var note: String
    /// Stands behind the opening fence.
    var label: String
    var text: String

    /// Bytes that are shown of one text: 512 KiB. More would cost more than any reader takes in.
    static let limit = 512 << 10

    var markdown: String {
        guard text.contains(where: { !$0.isWhitespace }) else { return "## \(heading)\n\nNone." }
        let shown = shownText
        let missing = text.utf8.count - shown.utf8.count
        // Outside of the fence, so that the text itself cannot say it.
        let gap = missing > 0 ? "\n\(missing) more bytes are left out; read the rest in the working directory." : ""
        return "## \(heading)\n\n\(note)\n\n" + Template.fenced(shown, label: label).trimmed + gap
    }

    /// The text up to the last whole line within the limit.
    private var shownText: String {
        guard text.utf8.count > Self.limit else { return text }
        let head = text.utf8.prefix(Self.limit)
        let end = head.lastIndex(of: UInt8(ascii: "\n")).map { text.utf8.index(after: $0) } ?? head.endIndex
        return String(decoding: text.utf8[..<end], as: UTF8.self)
    }
}
