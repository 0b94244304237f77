/// A pattern for repository paths: `*` and `?` within one part, `**` for any number of parts, `[a-z]` and `[!a-z]` for one
/// character of a set or outside it, a backslash for a character as it stands. A pattern without a slash matches the name
/// at any depth; one that ends in a slash matches all below it; an empty one matches nothing.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
    package let pattern: String
    private let parts: [[Element]]

    package init(_ pattern: String) {
        self.pattern = pattern
        var parts = pattern.utf8.split(separator: UInt8(ascii: "/")).map { Element.all(in: $0) }
        parts.removeAll { $0 == [.one(UInt32(UInt8(ascii: ".")))] }
        if pattern.hasSuffix("/"), !parts.isEmpty { parts.append(Self.anyParts) }
        if !pattern.contains("/"), !parts.isEmpty { parts.insert(Self.anyParts, at: 0) }
        // What ends in `**` means all below a directory, so one more name must follow.
        if parts.last == Self.anyParts { parts.insert([.any], at: parts.count - 1) }
        self.parts = parts
    }

    package var description: String { pattern }

    package func matches(_ path: RepoPath) -> Bool {
        let names = path.bytes.split(separator: UInt8(ascii: "/")).map { Self.characters(of: $0) }
        guard !parts.isEmpty else { return false }
        return Self.match(parts, names, isStar: { $0 == Self.anyParts }) { part, name in
            Self.match(part, name, isStar: { $0 == .any }) { $0.matches($1) }
        }
    }

    private static let anyParts: [Element] = [.any, .any]

    /// Matches a sequence of tokens, of which stars stand for any number of items. The last star takes one item more
    /// whenever the rest does not fit, so the cost is at most the product of both lengths.
    private static func match<Token, Item>(
        _ tokens: [Token], _ items: [Item], isStar: (Token) -> Bool, fits: (Token, Item) -> Bool
    ) -> Bool {
        var token = 0
        var item = 0
        var retry: (token: Int, item: Int)?
        while item < items.count {
            if token < tokens.count, isStar(tokens[token]) {
                retry = (token, item)
                token += 1
            } else if token < tokens.count, fits(tokens[token], items[item]) {
                token += 1
                item += 1
            } else if let (star, taken) = retry {
                retry = (star, taken + 1)
                token = star + 1
                item = taken + 1
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy(isStar)
    }

    /// The characters of a name. A byte that is no UTF-8 stands for itself, outside the range of characters.
    private static func characters(of name: some Collection<UInt8>) -> [UInt32] {
        guard let text = String(validating: name, as: UTF8.self) else {
            return name.map { $0 < 0x80 ? UInt32($0) : 0x11_0000 + UInt32($0) }
        }
        return text.unicodeScalars.map(\.value)
    }

    /// What a pattern asks of one place in a name.
    private enum Element: Hashable {
        /// Any number of characters.
        case any
        case anyOne
        case one(UInt32)
        case set([ClosedRange<UInt32>], negated: Bool)

        func matches(_ character: UInt32) -> Bool {
            switch self {
            case .any, .anyOne: true
            case .one(let expected): expected == character
            case .set(let ranges, let negated): ranges.contains { $0.contains(character) } != negated
            }
        }

        static func all(in part: some Collection<UInt8>) -> [Element] {
            var rest = Glob.characters(of: part)[...]
            var elements: [Element] = []
            while let first = rest.popFirst() {
                switch first {
                case UInt32(UInt8(ascii: "*")): elements.append(.any)
                case UInt32(UInt8(ascii: "?")): elements.append(.anyOne)
                case UInt32(UInt8(ascii: "[")): elements.append(set(&rest) ?? .one(first))
                case UInt32(UInt8(ascii: "\\")): elements.append(.one(rest.popFirst() ?? first))
                default: elements.append(.one(first))
                }
            }
            return elements
        }

        /// The set whose opening bracket was just read; nil when it has no end, so that the bracket stands for itself.
        private static func set(_ rest: inout ArraySlice<UInt32>) -> Element? {
            let negated = rest.first == UInt32(UInt8(ascii: "!")) || rest.first == UInt32(UInt8(ascii: "^"))
            var inside = negated ? rest.dropFirst() : rest
            // A closing bracket right at the start belongs to the set.
            guard let end = inside.dropFirst().firstIndex(of: UInt32(UInt8(ascii: "]"))) else { return nil }
            rest = rest[(end + 1)...]
            inside = inside[..<end]
            var ranges: [ClosedRange<UInt32>] = []
            while let low = inside.popFirst() {
                if inside.count > 1, inside.first == UInt32(UInt8(ascii: "-")), let high = inside.dropFirst().first,
                    high >= low
                {
                    ranges.append(low...high)
                    inside = inside.dropFirst(2)
                } else {
                    ranges.append(low...low)
                }
            }
            return .set(ranges, negated: negated)
        }
    }
}
