/// Reads the body line by line and files each under its section.
struct MarkdownReader {
    /// In lower case.
    let labels: [String]
    private let longestLabel: Int
    var result: MarkdownSections
    private var fence = CodeFence()
    private var isInComment = false

    init(labels: [String], result: MarkdownSections) {
        self.labels = labels
        longestLabel = labels.map(\.count).max() ?? 0
        self.result = result
    }

    private static let inlineLevel = 7

    mutating func read(_ line: MarkdownSections.Line) {
        if isInComment || (!fence.isOpen && line.text.trimmed.hasPrefix("<!--")) {
            isInComment = !line.text.contains("-->")
        } else if fence.consumes(line.text) {
            file(line)
        } else if let (level, name) = Self.heading(line.text) {
            readHeading(line, level: level, name: name)
        } else {
            readText(line)
        }
    }

    private mutating func readHeading(_ line: MarkdownSections.Line, level: Int, name: String) {
        if labels.contains(name.lowercased()) {
            start(name, line.number, level)
        } else if level == 1, result.title == nil {
            result.title = MarkdownSections.Line(number: line.number, text: name)
        } else if let section = result.sections.last, section.level < level {
            file(line)
        } else {
            start(name, line.number, level)
        }
    }

    private mutating func readText(_ line: MarkdownSections.Line) {
        var rest = line.text[...]
        if let label = label(at: rest.startIndex, in: rest) {
            start(label.name, line.number, Self.inlineLevel)
            rest = rest[label.end...]
        }
        while result.sections.last?.level == Self.inlineLevel, let label = labelBehindSentence(in: rest) {
            file(MarkdownSections.Line(number: line.number, text: rest[..<label.start].trimmed))
            start(label.name, line.number, Self.inlineLevel)
            rest = rest[label.end...]
        }
        file(MarkdownSections.Line(number: line.number, text: String(rest)))
    }

    private mutating func start(_ name: String, _ line: Int, _ level: Int) {
        result.sections.append(MarkdownSections.Section(name: name, line: line, lines: [], level: level))
    }

    private mutating func file(_ line: MarkdownSections.Line) {
        if result.sections.isEmpty {
            result.lead.append(line)
        } else {
            result.sections[result.sections.count - 1].lines.append(line)
        }
    }

    /// `## Name ##` or `## **Name:**`, indented by at most three spaces.
    private static func heading(_ line: String) -> (level: Int, name: String)? {
        let text = line.drop { $0 == " " }
        guard line.count - text.count <= 3 else { return nil }
        let marks = text.prefix { $0 == "#" }
        let rest = text.dropFirst(marks.count)
        guard (1...6).contains(marks.count), rest.isEmpty || rest.first?.isWhitespace == true else { return nil }
        var name = rest.trimmed[...]
        let closing = name.reversed().prefix { $0 == "#" }.count
        if name.dropLast(closing).last?.isWhitespace ?? true { name = name.dropLast(closing) }
        for decoration in [":", "**", ":"] where name.hasSuffix(decoration) { name = name.dropLast(decoration.count) }
        if name.hasPrefix("**") { name = name.dropFirst(2) }
        return (marks.count, name.trimmed)
    }

    private typealias Label = (name: String, start: Substring.Index, end: Substring.Index)

    /// A known label that starts here: `Done:`, `**Done:**` or `**Done**:`, before white space or the end of the line.
    private func label(at start: Substring.Index, in line: Substring) -> Label? {
        var rest = line[start...]
        if start == line.startIndex {
            let text = rest.drop { $0 == " " }
            guard rest.count - text.count <= 3 else { return nil }
            rest = text
        }
        let isBold = rest.hasPrefix("**")
        if isBold { rest = rest.dropFirst(2) }
        let head = rest.prefix(longestLabel + 3).lowercased()
        for label in labels {
            for ending in isBold ? [":**", "**:"] : [":"] where head.hasPrefix(label + ending) {
                let behind = rest.dropFirst(label.count + ending.count)
                guard behind.first?.isWhitespace ?? true else { continue }
                return (String(rest.prefix(label.count)), start, behind.drop { $0.isWhitespace }.startIndex)
            }
        }
        return nil
    }

    /// The next known label that is capitalised and stands behind the end of a sentence.
    private func labelBehindSentence(in line: Substring) -> Label? {
        var sentenceEnded = false
        var position = line.startIndex
        while position < line.endIndex {
            let character = line[position]
            if sentenceEnded, character.isUppercase || character == "*",
                let label = label(at: position, in: line), label.name.first?.isUppercase == true
            {
                return label
            }
            if !character.isWhitespace { sentenceEnded = ".!?\"”’')".contains(character) }
            position = line.index(after: position)
        }
        return nil
    }
}
