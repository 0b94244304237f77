/// A Markdown text taken apart into front matter, title and sections. What stands inside a code fence or a comment is
/// never structure.
///
/// A section starts with a heading (`## Problem`) or, for the labels that the caller knows, with the label itself at the
/// start of a line (`Problem: …`, `**Problem:** …`). A section that started with a label may be followed by the next
/// one in the same paragraph, behind the end of a sentence. A heading below a section's own level belongs to the
/// section, unless it is a known label.
package struct MarkdownSections: Sendable {
    /// What stands between the two `---` at the very top.
    package struct FrontMatter: Hashable, Sendable {
        package let text: String
        /// The number of its first line in the file, from 1.
        package let firstLine: Int
    }

    /// One line of the text.
    package struct Line: Hashable, Sendable {
        /// From 1.
        package let number: Int
        package let text: String
    }

    /// What stands below one heading or behind one label.
    package struct Section: Hashable, Sendable {
        /// As it is written, without `#`, `*` and `:`.
        package let name: String
        /// Where it starts, from 1.
        package let line: Int
        package internal(set) var lines: [Line]
        /// The depth of the heading; 7 for an inline label, below every heading.
        let level: Int

        /// Without blank lines at both ends.
        package var text: String { MarkdownSections.text(of: lines) }
    }

    package private(set) var frontMatter: FrontMatter?
    /// The text starts with `---` and no second one follows.
    package private(set) var hasOpenFrontMatter = false
    /// The first heading of level 1 that is no known label.
    package internal(set) var title: Line?
    /// What stands before the first section, beside the title.
    package internal(set) var lead: [Line] = []
    package internal(set) var sections: [Section] = []

    /// `labels`: the names that may start a section inline; upper and lower case count as alike.
    package init(_ text: String, labels: [String]) {
        var lines = UTF8Text.lines(of: text).enumerated().map { Line(number: $0.offset + 1, text: String($0.element)) }
        takeFrontMatter(from: &lines)
        var reader = MarkdownReader(labels: labels.map { $0.lowercased() }, result: self)
        for line in lines { reader.read(line) }
        self = reader.result
    }

    /// All sections with one of these names, in order; upper and lower case count as alike.
    package func sections(named names: [String]) -> [Section] {
        let wanted = Set(names.map { $0.lowercased() })
        return sections.filter { wanted.contains($0.name.lowercased()) }
    }

    /// The lines as one text, without blank ones at both ends.
    package static func text(of lines: [Line]) -> String {
        let isBlank = { (line: Line) in line.text.allSatisfy(\.isWhitespace) }
        guard let first = lines.firstIndex(where: { !isBlank($0) }), let last = lines.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return lines[first...last].map(\.text).joined(separator: "\n")
    }

    private mutating func takeFrontMatter(from lines: inout [Line]) {
        guard lines.first?.text.trimmed == "---", lines.first?.text.hasPrefix("---") == true else { return }
        guard let end = lines.dropFirst().firstIndex(where: { ["---", "..."].contains($0.text.trimmedEnd) }) else {
            hasOpenFrontMatter = true
            return
        }
        frontMatter = FrontMatter(text: lines[1..<end].map { $0.text + "\n" }.joined(), firstLine: 2)
        lines.removeFirst(end + 1)
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        lastIndex { !$0.isWhitespace }.map { String(self[...$0]) } ?? ""
    }
}

/// Follows code fences: which lines stand inside one.
struct CodeFence {
    private var open: (mark: Character, length: Int)?

    var isOpen: Bool { open != nil }

    /// Whether the line belongs to a fence, its first and its last line included.
    mutating func consumes(_ line: String) -> Bool {
        let text = line.trimmed
        let mark = text.first ?? " "
        let length = text.prefix { $0 == mark }.count
        let rest = text.dropFirst(length)
        if let open {
            if mark == open.mark, length >= open.length, rest.isEmpty { self.open = nil }
            return true
        }
        guard mark == "`" || mark == "~", length >= 3, mark == "~" || !rest.contains("`") else { return false }
        open = (mark, length)
        return true
    }
}
