/// What is wrong with a template, or with what it was given.
package enum TemplateError: Error, Hashable, CustomStringConvertible {
    /// The template uses a name that nobody provides. Lines are counted from 1.
    case unknownVariable(template: String, line: Int, name: String, nearest: String?)
    /// `{{` without `}}`, or something between them that is no name.
    case malformed(template: String, line: Int)
    /// The template uses a known name, and it was given no value.
    case missingValue(template: String, name: String)

    package var description: String {
        switch self {
        case .unknownVariable(let template, let line, let name, let nearest):
            "\(template), line \(line): there is no variable {{\(name)}}"
                + (nearest.map { "; did you mean {{\($0)}}?" } ?? "")
        case .malformed(let template, let line):
            "\(template), line \(line): {{ must be followed by a name and }}; write \\{{ for the two braces themselves"
        case .missingValue(let template, let name): "\(template): no value for {{\(name)}}"
        }
    }
}

/// A text with variables, `{{name}}`. Every name is checked when the template is read, and a value is put in as it is:
/// what looks like a variable inside a value stays what it is. `\{{` stands for two braces.
package struct Template: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        case variable(String)
    }

    /// What errors call it, usually its file.
    package let name: String
    private let parts: [Part]

    /// Reads a template that may use the given variables and no others.
    package init(_ text: String, named name: String, variables: [String]) throws(TemplateError) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        var line = 1
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "\\"), rest.starts(with: "{{".utf8) {
                literal += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if byte == UInt8(ascii: "{"), rest.first == byte {
                guard let variable = Self.takeName(&rest) else { throw .malformed(template: name, line: line) }
                guard variables.contains(variable) else {
                    let nearest = NearestName.suggest(variable, among: variables)
                    throw .unknownVariable(template: name, line: line, name: variable, nearest: nearest)
                }
                parts += [.text(String(decoding: literal, as: UTF8.self)), .variable(variable)]
                literal = []
            } else {
                literal.append(byte)
            }
        }
        self.name = name
        self.parts = parts + [.text(String(decoding: literal, as: UTF8.self))]
    }

    /// Takes `{name}}`, the first brace being gone already.
    private static func takeName(_ rest: inout ArraySlice<UInt8>) -> String? {
        let inside = rest.dropFirst().prefix { $0 != UInt8(ascii: "}") && $0 != UInt8(ascii: "\n") }
        let behind = rest[inside.endIndex...]
        guard behind.starts(with: "}}".utf8) else { return nil }
        rest = behind.dropFirst(2)
        let name = String(decoding: inside, as: UTF8.self).trimmed
        let isName = name.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
                || "-_.".utf8.contains(byte)
        }
        return isName && !name.isEmpty ? name : nil
    }

    /// The names that the template uses.
    package var variables: Set<String> {
        Set(parts.compactMap { if case .variable(let name) = $0 { name } else { nil } })
    }

    /// The text with every variable replaced.
    package func render(_ values: [String: String]) throws(TemplateError) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .variable(let name):
                guard let value = values[name] else { throw .missingValue(template: self.name, name: name) }
                result += value
            }
        }
        return result
    }

    /// Puts data into a code fence that it cannot end: longer than any run of backticks or tildes inside it. Ends with
    /// a line end. `label` is shown behind the opening fence, reduced to what may stand there.
    package static func fenced(_ text: String, label: String = "") -> String {
        let marks = "`~".utf8
        var (longest, length, previous) = (0, 0, UInt8(0))
        for byte in text.utf8 {
            length = marks.contains(byte) ? (byte == previous ? length + 1 : 1) : 0
            longest = max(longest, length)
            previous = byte
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        let info = label.filter { !$0.isNewline && $0 != "`" && $0 != "~" }.trimmed
        let end = text.isEmpty || text.utf8.last == UInt8(ascii: "\n") ? "" : "\n"
        return fence + info + "\n" + text + end + fence + "\n"
    }
}
