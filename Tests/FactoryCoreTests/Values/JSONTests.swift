import FactoryCore
import Testing

@Suite struct JSONTests {
    @Test(
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .int(0)), ("-12", .int(-12)),
            ("9223372036854775807", .int(.max)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
            ("1.5", .double(1.5)), ("-0.5e-3", .double(-0.0005)), ("1E2", .double(100)), ("1e+2", .double(100)),
            ("\"\"", .string("")), ("\"a\\n\\t\\\"\\\\\\/\\u0041\"", .string("a\n\t\"\\/A")),
            ("\"\\ud83d\\ude00\"", .string("😀")), ("\"\\ud83d\"", .string("\u{FFFD}")),
            ("\"\\ud83dx\"", .string("\u{FFFD}x")),
            ("\"\\ud83d\\u0041\"", .string("\u{FFFD}A")), ("\"\\ude00\"", .string("\u{FFFD}")),
            ("\"é😀\"", .string("é😀")),
            ("[]", .array([])), ("[1, [2]]", .array([1, .array([2])])), ("{}", .object([:])),
            ("{\"a\": 1, \"b\": {}}", .object(["a": 1, "b": .object([:])])),
        ] as [(String, JSON)])
    func `values are read`(_ row: (text: String, value: JSON)) throws {
        #expect(try JSON(parsing: row.text) == row.value)
        // A collection without contiguous storage takes the other way in.
        #expect(
            try JSON(
                parsing: Array(row.text.utf8).reversed().reversed() as ReversedCollection<ReversedCollection<[UInt8]>>)
                == row.value)
    }

    @Test(arguments: [
        "", " ", "nul", "truex", "1 2", "01", "-", "-01", "1.", ".5", "1.e5", "1e", "1e+", "+1", "0x10", "1e999", "--1",
        "1+2", "NaN", "Infinity", "'a'", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"\\u-123\"",
        "\"\\u 123\"",
        "\"a\nb\"", "[1,]", "[1", "[,1]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1", "{\"a\":1,\"a\":2}",
        "]",
    ])
    func `what is no JSON is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test func `an error says what and where`() {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: #"{"a": 1,"a": 2}"#) }
        #expect(error?.description == "no valid JSON: the name \"a\" stands twice at byte 11")
    }

    @Test func `depth is bounded`() throws {
        let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(throws: JSONError.self) { try JSON(parsing: deep(65)) }
        #expect(throws: Never.self) { try JSON(parsing: deep(64)) }
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test(.timeLimit(.minutes(1))) func `an object with very many members is read in time`() throws {
        let text = "{" + (0..<100_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSON(parsing: text).object?.members.count == 100_000)
    }

    @Test func `what is written is read back, pretty or not`() throws {
        var random = Seeded(state: 5)
        for _ in 0..<500 {
            let value = Self.any(depth: 0, &random)
            #expect(try JSON(parsing: value.bytes()) == value)
            #expect(try JSON(parsing: value.bytes(pretty: true)) == value)
        }
    }

    private static func any(depth: Int, _ random: inout Seeded) -> JSON {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .int(.random(in: .min ... .max, using: &random))
        case 3:
            return .double(Double(bitPattern: random.next()).isFinite ? .random(in: -1e20...1e20, using: &random) : 0.5)
        case 4: return .string(text(&random))
        case 5: return .array((0..<3).map { _ in any(depth: depth + 1, &random) })
        default:
            var object = JSONObject()
            for index in 0..<3 { object["\(index)" + text(&random)] = any(depth: depth + 1, &random) }
            return .object(object)
        }
    }

    private static func text(_ random: inout Seeded) -> String {
        String(
            String.UnicodeScalarView(
                (0..<5).compactMap { _ in UnicodeScalar(UInt32.random(in: 0...0x2FF, using: &random)) }))
    }

    @Test func `written text has no surprises`() {
        let value: JSON = .object([
            "a": .array([1, .string("x\u{1}\u{7F}\"")]), "b": .object([:]), "c": .double(.nan), "d": nil,
        ])
        #expect(value.text() == "{\"a\":[1,\"x\\u0001\\u007f\\\"\"],\"b\":{},\"c\":null}")
        #expect(
            value.text(pretty: true) == """
                {
                  "a": [
                    1,
                    "x\\u0001\\u007f\\""
                  ],
                  "b": {},
                  "c": null
                }
                """)
    }

    @Test func `members are set, removed, merged and left out in order`() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["c"] = 3
        object["a"] = nil
        object["b"] = 4
        #expect(object == ["b": 4, "c": 3])
        #expect(object.merging(["c": 5, "d": 6]) == ["b": 4, "c": 5, "d": 6])
        #expect(object.without(["b"]) == ["c": 3])
        #expect(JSON.object(object)["b"]?.int == 4)
        #expect(JSON.double(1.5).number == 1.5)
        #expect(JSON.string("1").number == nil)
    }
}
