/// Why a text is not JSON: what was wrong, at which byte.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    package let problem: String
    package let offset: Int
    package var description: String { "no valid JSON: \(problem) at byte \(offset)" }
}

extension JSON {
    /// Reads one JSON value and nothing behind it but white space. A name that stands twice is an error; depth is
    /// bounded at 64, because agents write what they like.
    package init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        let parsed: Result<JSON, JSONError>? = bytes.withContiguousStorageIfAvailable { buffer in
            Self.parse(buffer)
        }
        self = try (parsed ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0) }).get()
    }

    package init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }

    private static func parse(_ buffer: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
        var parser = JSONParser(buffer: buffer)
        return Result { () throws(JSONError) -> JSON in
            let value = try parser.value(depth: 0)
            parser.skipSpace()
            guard parser.position == buffer.count else { throw parser.error("something stands behind the value") }
            return value
        }
    }
}

private struct JSONParser {
    let buffer: UnsafeBufferPointer<UInt8>
    var position = 0

    func error(_ problem: String) -> JSONError { JSONError(problem: problem, offset: position) }

    private var next: UInt8? { position < buffer.count ? buffer[position] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
    }

    mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard depth < 64 else { throw error("more than 64 levels") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(let byte) where byte == UInt8(ascii: "-") || (48...57).contains(byte): return try number()
        case .some: throw error("no value")
        case nil: throw error("it ends too early")
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let length = text.utf8CodeUnitCount
        guard position + length <= buffer.count,
            UnsafeBufferPointer(start: text.utf8Start, count: length)
                .elementsEqual(buffer[position..<position + length])
        else { throw error("no value") }
        position += length
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        var result = JSONObject()
        var names: Set<String> = []
        position += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(result) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a name was expected") }
            let key = try string()
            guard names.insert(key).inserted else { throw error("the name \"\(key)\" stands twice") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon was expected") }
            result.append(key, try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("a comma or } was expected") }
        return .object(result)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        var items: [JSON] = []
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(items) }
        repeat {
            items.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("a comma or ] was expected") }
        return .array(items)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let isZero = take(UInt8(ascii: "0"))
        if !isZero { try digits() }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
        let text = String(decoding: buffer[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw error("a number beyond all bounds") }
        return .double(value)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, (48...57).contains(byte) { position += 1 }
        guard position > start else { throw error("a digit was expected") }
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 { position += 1 }
        if next == UInt8(ascii: "\"") {
            let text = String(decoding: buffer[start..<position], as: UTF8.self)
            position += 1
            return text
        }
        var bytes = Array(buffer[start..<position])
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: try escape())
            case ..<32: throw error("a bare control character in a string")
            default: bytes.append(byte)
            }
        }
        throw error("a string without an end")
    }

    private mutating func escape() throws(JSONError) -> [UInt8] {
        guard let byte = next else { throw error("a string without an end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "u"): return try unicode()
        default: throw error("an unknown escape")
        }
    }

    /// Four hexadecimal digits, twice for what lies beyond the basic plane; a half pair becomes U+FFFD.
    private mutating func unicode() throws(JSONError) -> [UInt8] {
        let first = try unit()
        var scalar = UInt32(first)
        if (0xD800..<0xDC00).contains(first), next == UInt8(ascii: "\\"), position + 1 < buffer.count,
            buffer[position + 1] == UInt8(ascii: "u")
        {
            let mark = position
            position += 2
            let second = try unit()
            if (0xDC00..<0xE000).contains(second) {
                scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            } else {
                position = mark
            }
        }
        return Array(String(Character(UnicodeScalar(scalar) ?? "\u{FFFD}")).utf8)
    }

    private mutating func unit() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw error("four hexadecimal digits were expected")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
