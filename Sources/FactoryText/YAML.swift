/// A YAML value with its place in the file. A scalar keeps the text as it was written: `0007`, `1.10` and `no` become
/// something else only for a reader that asks for it by an accessor.
package struct YAML: Sendable {
    /// What sort of value it is.
    package enum Content: Sendable {
        case scalar(Scalar)
        case list([YAML])
        case mapping([Member])
    }

    /// A text, and whether it was quoted or a block: then it is text and nothing else.
    package struct Scalar: Hashable, Sendable {
        package let text: String
        package let isQuoted: Bool
    }

    /// One key of a mapping with its value. Keys are text.
    package struct Member: Sendable {
        package let key: String
        package let position: Position
        package let value: YAML
    }

    /// A place in the file. Line and column are counted from 1, columns in characters.
    package struct Position: Hashable, Sendable {
        package let line: Int
        package let column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    package let content: Content
    package let position: Position

    package init(content: Content, position: Position) {
        self.content = content
        self.position = position
    }
}

extension YAML {
    /// The value under a key of a mapping.
    package subscript(key: String) -> YAML? { members?.first { $0.key == key }?.value }

    /// The keys of a mapping with their values, in order; nil for anything else.
    package var members: [Member]? { if case .mapping(let members) = content { members } else { nil } }

    /// The items of a list; nil for anything else.
    package var items: [YAML]? { if case .list(let items) = content { items } else { nil } }

    /// The text of any scalar but an unquoted null, as it was written.
    package var string: String? {
        guard case .scalar(let scalar) = content, !isNull else { return nil }
        return scalar.text
    }

    /// Nothing, `~` or `null`, unquoted.
    package var isNull: Bool { plain.map { ["", "~", "null"].contains($0) } ?? false }

    /// `true` or `false`, unquoted. `yes`, `on` and their kin are text.
    package var bool: Bool? {
        switch plain {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// A whole decimal number, unquoted. With a leading zero it is text: readers disagree about its base.
    package var int: Int? {
        guard let plain, Self.isDecimal(plain) else { return nil }
        return Int(plain)
    }

    /// A decimal number, whole or not, unquoted and finite.
    package var number: Double? {
        guard let plain else { return nil }
        let parts = plain.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard Self.isDecimal(String(parts[0])) else { return nil }
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        }
        return Double(plain).flatMap { $0.isFinite ? $0 : nil }
    }

    /// What kind of value this is, for errors: `a list`, `a mapping`, `nothing`, or the scalar itself in quotes.
    package var kind: String {
        switch content {
        case .list: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let scalar):
            let shown = scalar.text.count > 40 ? scalar.text.prefix(40) + "…" : scalar.text[...]
            return isNull ? "nothing" : "\"\(shown)\""
        }
    }

    private var plain: String? {
        guard case .scalar(let scalar) = content, !scalar.isQuoted else { return nil }
        return scalar.text
    }

    private static func isDecimal(_ text: String) -> Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard let first = digits.first, digits.allSatisfy({ (48...57).contains($0) }) else { return false }
        return first != UInt8(ascii: "0") || digits.count == 1
    }
}
