/// Matches patterns the way git does for ignore rules: `*`, `?` and sets stay within one part of a path, `**` between
/// slashes stands for any number of parts.
enum Wildcard {
    private static let slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*")

    static func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        // An agent writes both sides: a pattern of many stars must not take for ever.
        var steps = 0
        return matches(pattern, path, atPartStart: true, &steps)
    }

    private static func matches(
        _ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>, atPartStart: Bool, _ steps: inout Int
    ) -> Bool {
        var pattern = pattern
        var path = path
        var atPartStart = atPartStart
        while let symbol = pattern.first {
            steps += 1
            guard steps < 100_000 else { return false }
            if symbol == star { return matchesStars(pattern, path, atPartStart: atPartStart, &steps) }
            guard let byte = path.first, let rest = matchOne(pattern, byte) else { return false }
            pattern = rest
            path = path.dropFirst()
            atPartStart = byte == slash
        }
        return path.isEmpty
    }

    private static func matchesStars(
        _ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>, atPartStart: Bool, _ steps: inout Int
    ) -> Bool {
        let rest = pattern.drop { $0 == star }
        let spansParts = rest.startIndex - pattern.startIndex >= 2 && atPartStart && (rest.first ?? slash) == slash
        if spansParts {
            guard !rest.isEmpty else { return !path.isEmpty }
            // "**/" may stand for nothing at all.
            if matches(rest.dropFirst(), path, atPartStart: true, &steps) { return true }
        }
        var path = path
        var previous: UInt8 = atPartStart ? slash : 0
        while true {
            if matches(rest, path, atPartStart: previous == slash, &steps) { return true }
            guard let byte = path.first, spansParts || byte != slash, steps < 100_000 else { return false }
            previous = byte
            path = path.dropFirst()
        }
    }

    /// The pattern behind its first symbol if that symbol takes the byte.
    private static func matchOne(_ pattern: ArraySlice<UInt8>, _ byte: UInt8) -> ArraySlice<UInt8>? {
        guard let symbol = pattern.first else { return nil }
        let rest = pattern.dropFirst()
        switch symbol {
        case UInt8(ascii: "?"): return byte == slash ? nil : rest
        case UInt8(ascii: "["): return matchSet(rest, byte)
        case UInt8(ascii: "\\"): return rest.first == byte ? rest.dropFirst() : nil
        default: return symbol == byte ? rest : nil
        }
    }

    /// The pattern behind a set's closing bracket if the set has the byte; `pattern` begins behind the opening one.
    private static func matchSet(_ pattern: ArraySlice<UInt8>, _ byte: UInt8) -> ArraySlice<UInt8>? {
        var rest = pattern
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest = rest.dropFirst() }
        var found = false
        var isFirst = true
        while let symbol = rest.first, isFirst || symbol != UInt8(ascii: "]") {
            isFirst = false
            if let (name, behind) = characterClass(rest) {
                guard let members = classes[name] else { return nil }
                found = found || members(byte)
                rest = behind
                continue
            }
            guard let low = literal(&rest) else { return nil }
            var high = low
            if rest.first == UInt8(ascii: "-"), let next = rest.dropFirst().first, next != UInt8(ascii: "]") {
                rest = rest.dropFirst()
                guard let end = literal(&rest) else { return nil }
                high = end
            }
            found = found || (low <= high && (low...high).contains(byte))
        }
        guard rest.first == UInt8(ascii: "]"), byte != slash else { return nil }
        return found != isNegated ? rest.dropFirst() : nil
    }

    private static func literal(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        if rest.first == UInt8(ascii: "\\") { rest = rest.dropFirst() }
        return rest.popFirst()
    }

    /// The name in `[:name:]` and what stands behind it.
    private static func characterClass(_ rest: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        guard rest.starts(with: Array("[:".utf8)) else { return nil }
        let inner = rest.dropFirst(2)
        guard let close = inner.firstIndex(of: UInt8(ascii: "]")), inner[..<close].last == UInt8(ascii: ":") else {
            return nil
        }
        return (String(decoding: inner[..<close].dropLast(), as: UTF8.self), inner[(close + 1)...])
    }

    private static let classes: [String: @Sendable (UInt8) -> Bool] = [
        "alnum": { isLetter($0) || isDigit($0) },
        "alpha": { isLetter($0) },
        "blank": { $0 == 0x20 || $0 == 0x09 },
        "cntrl": { $0 < 0x20 || $0 == 0x7F },
        "digit": { isDigit($0) },
        "graph": { (0x21...0x7E).contains($0) },
        "lower": { (0x61...0x7A).contains($0) },
        "print": { (0x20...0x7E).contains($0) },
        "punct": { (0x21...0x7E).contains($0) && !isLetter($0) && !isDigit($0) },
        "space": { $0 == 0x20 || (0x09...0x0D).contains($0) },
        "upper": { (0x41...0x5A).contains($0) },
        "xdigit": { isDigit($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) },
    ]

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
