extension JSON {
    /// The value as bytes: without white space, or one member a line when `pretty`.
    package func bytes(pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self, depth: 0)
        return writer.out
    }

    /// The value as text.
    package func text(pretty: Bool = false) -> String { String(decoding: bytes(pretty: pretty), as: UTF8.self) }
}

private struct JSONWriter {
    let pretty: Bool
    var out: [UInt8] = []

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: put("null")
        case .bool(let flag): put(flag ? "true" : "false")
        case .int(let number): put(String(number))
        case .double(let number): put(number.isFinite ? String(number) : "null")
        case .string(let text): write(text)
        case .array(let items):
            list("[", "]", items, depth) { writer, item in writer.write(item, depth: depth + 1) }
        case .object(let object):
            list("{", "}", object.members, depth) { writer, member in
                writer.write(member.key)
                writer.put(writer.pretty ? ": " : ":")
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func list<Item>(
        _ open: String, _ close: String, _ items: [Item], _ depth: Int, _ each: (inout JSONWriter, Item) -> Void
    ) {
        put(open)
        for (index, item) in items.enumerated() {
            if index > 0 { put(",") }
            newLine(depth + 1)
            each(&self, item)
        }
        if !items.isEmpty { newLine(depth) }
        put(close)
    }

    private mutating func newLine(_ depth: Int) {
        guard pretty else { return }
        out.append(10)
        out.append(contentsOf: repeatElement(32, count: depth * 2))
    }

    private mutating func put(_ text: String) { out.append(contentsOf: text.utf8) }

    private mutating func write(_ text: String) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): put("\\\"")
            case UInt8(ascii: "\\"): put("\\\\")
            case 10: put("\\n")
            case 13: put("\\r")
            case 9: put("\\t")
            case ..<32, 127: put("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
