extension MarkdownSections {
    /// One item of a list, its continuation lines joined with spaces; lines of a code fence keep their ends.
    package struct Item: Hashable, Sendable {
        package let text: String
        /// Where it starts, from 1.
        package let line: Int
    }

    /// The outermost list items (`-`, `*`, `+`, `1.`, `1)`) among the lines. Nested items belong to theirs.
    package static func items(in lines: [Line]) -> [Item] {
        var reader = ListReader()
        for line in lines { reader.read(line) }
        return reader.finished
    }
}

extension MarkdownSections.Section {
    /// The outermost list items of the section.
    package var items: [MarkdownSections.Item] { MarkdownSections.items(in: lines) }
}

private struct ListReader {
    private var items: [MarkdownSections.Item] = []
    private var current: (text: String, line: Int, indent: Int)?
    private var fence = CodeFence()
    private var isAfterBlank = false

    var finished: [MarkdownSections.Item] {
        items + [current].compactMap { $0 }.map { .init(text: $0.text, line: $0.line) }
    }

    mutating func read(_ line: MarkdownSections.Line) {
        let text = line.text.trimmed
        let indent = line.text.prefix { $0 == " " || $0 == "\t" }.reduce(0) { $0 + ($1 == "\t" ? 4 : 1) }
        let wasOpen = fence.isOpen
        let isCode = fence.consumes(line.text)
        defer { isAfterBlank = text.isEmpty && !isCode }
        if text.isEmpty { return }
        if !isCode, indent < current?.indent ?? .max, let marker = Self.marker(text) {
            close()
            current = (String(text.dropFirst(marker)).trimmed, line.number, indent + marker)
        } else if let item = current {
            let isOutside = !wasOpen && indent < min(item.indent, 2)
            if isOutside, isAfterBlank || Self.isRule(text) || text.hasPrefix("#") { return close() }
            let separator = item.text.isEmpty ? "" : isCode ? "\n" : " "
            current?.text = item.text + separator + (wasOpen && fence.isOpen ? line.text : text)
        }
    }

    private mutating func close() {
        items = finished
        current = nil
    }

    /// The length of a list marker with the white space behind it.
    private static func marker(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }.count
        let mark = text.dropFirst(digits).first ?? " "
        guard digits == 0 ? "-*+".contains(mark) : digits <= 9 && ".)".contains(mark) else { return nil }
        let behind = text.dropFirst(digits + 1)
        guard behind.first?.isWhitespace ?? true else { return nil }
        return isRule(text) ? nil : digits + 1 + (behind.isEmpty ? 0 : 1)
    }

    /// A line across the page: `---`, `* * *`.
    private static func isRule(_ text: String) -> Bool {
        let marks = text.filter { !$0.isWhitespace }
        return marks.count >= 3 && "-*_".contains(marks.first ?? " ") && marks.allSatisfy { $0 == marks.first }
    }
}
