/// Settings in a file of whatever form: INI, TOML, YAML, JSON, or an object of JavaScript.
///
/// Read loosely: a key, and each value that is set or listed under it.
struct ConfigItems {
    struct Item: Hashable {
        /// The last part of the key, without quotes.
        var key: String
        var value: String
        /// From 1.
        var line: Int
        /// The keys around it, outermost first, and its section.
        var path: [String]
    }

    private(set) var items: [Item] = []

    private var open: [String] = []
    private var pending = ""
    private var pendingIndent = 0
    private var section: [String] = []
    private var outer: [(indent: Int, key: String)] = []

    init(_ text: [UInt8]) {
        let lines = text.prefix(400_000).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            read(String(decoding: line.prefix(1000), as: UTF8.self), number + 1)
        }
    }

    /// The values set for a key, in order.
    func values(of keys: Set<String>) -> [Item] { items.filter { keys.contains($0.key) } }

    private mutating func read(_ text: String, _ number: Int) {
        let indent = text.prefix { $0 == " " || $0 == "\t" }.count
        let line = Self.withoutComment(text).trimmed
        if line.isEmpty { return }
        if line.hasPrefix("["), line.hasSuffix("]"), open.isEmpty, indent == 0, !line.contains(",") {
            section = [line.filter { !"[]\"".contains($0) }]
            (pending, outer) = ("", [])
            return
        }
        while let last = outer.last, last.indent >= indent, open.isEmpty { outer.removeLast() }
        for piece in Self.pieces(of: line) { read(piece, indent, number) }
    }

    private mutating func read(_ piece: Piece, _ indent: Int, _ number: Int) {
        switch piece {
        case .open:
            open.append(pending)
            pending = ""
        case .close: pending = open.popLast() ?? ""
        case .text(let text):
            if let (key, value) = Self.assignment(text) {
                pending = key
                pendingIndent = indent
                if value.isEmpty {
                    if open.isEmpty { outer.append((indent, key)) }
                } else {
                    add(key, value, number)
                }
            } else {
                let key = open.last.map { $0.isEmpty ? pending : $0 } ?? pending
                add(key, Self.unquoted(text.hasPrefix("- ") ? String(text.dropFirst(2)) : text), number)
            }
        }
    }

    private mutating func add(_ key: String, _ value: String, _ number: Int) {
        guard !value.isEmpty else { return }
        items.append(
            Item(key: key, value: Self.unquoted(value), line: number, path: section + outer.map(\.key) + open))
    }

    private enum Piece {
        case open, close
        case text(String)
    }

    /// A line cut at brackets and commas that stand in no quotes.
    private static func pieces(of line: String) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        var quote: Character?
        func flush() {
            if !text.trimmed.isEmpty { pieces.append(.text(text.trimmed)) }
            text = ""
        }
        for character in line {
            if let open = quote {
                text.append(character)
                if character == open { quote = nil }
            } else if "\"'`".contains(character) {
                quote = character
                text.append(character)
            } else if "{[".contains(character) {
                flush()
                pieces.append(.open)
            } else if "}]".contains(character) {
                flush()
                pieces.append(.close)
            } else if character == "," || character == ";" {
                flush()
            } else {
                text.append(character)
            }
        }
        flush()
        return pieces
    }

    /// A key and what is set for it.
    private static func assignment(_ text: String) -> (key: String, value: String)? {
        let body = text.hasPrefix("- ") ? String(text.dropFirst(2)).trimmed : text
        var key = ""
        var rest = Substring(body)
        if let quote = body.first, "\"'".contains(quote) {
            guard let end = body.dropFirst().firstIndex(of: quote) else { return nil }
            key = String(body[body.index(after: body.startIndex)..<end])
            rest = body[body.index(after: end)...]
        } else {
            key = String(body.prefix { $0.isLetter || $0.isNumber || "_-.@/*$".contains($0) })
            rest = body.dropFirst(key.count)
        }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard !key.isEmpty, let sign = rest.first, sign == ":" || sign == "=" else { return nil }
        let name = body.first == "\"" ? key : key.split(separator: ".").last.map(String.init) ?? key
        return (name, String(rest.dropFirst()).trimmed)
    }

    private static func unquoted(_ text: String) -> String {
        guard let first = text.first, "\"'`".contains(first), text.last == first, text.count > 1 else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func withoutComment(_ text: String) -> String {
        if text.trimmed.hasPrefix("#") || text.trimmed.hasPrefix("//") || text.trimmed.hasPrefix(";") { return "" }
        for mark in [" # ", " // "] {
            if let range = text.firstRange(of: mark) { return String(text[..<range.lowerBound]) }
        }
        return text
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
