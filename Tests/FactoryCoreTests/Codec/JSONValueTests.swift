import FactoryCore
import FactoryTestSupport
import Testing

/// Numbers and texts, as far as entries depend on them.
struct JSONValueTests {
    private func read(_ text: String) -> JSON? { try? JSON(parsing: text) }

    @Test func `whole numbers stay whole and exact`() {
        for number in [0, 1, -1, Int64.max, .min, 9_007_199_254_740_993] {
            #expect(read("\(number)") == .int(number))
            #expect(JSON.int(number).text() == "\(number)")
        }
        #expect(read("-0.5") == .double(-0.5))
        #expect(read("12e3") == .double(12_000))
        #expect(read("9223372036854775808") == .double(9.223372036854775808e18))
    }

    @Test func `random figures survive to the last bit`() {
        var random = SeededGenerator(seed: 3)
        for _ in 1...2000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            #expect(read(JSON.double(number).text()) == .double(number))
        }
        #expect(JSON.double(.infinity).text() == "null")
    }

    @Test func `every character survives`() {
        var random = SeededGenerator(seed: 5)
        for _ in 1...500 {
            let scalars = (0..<random.below(12)).compactMap { _ in
                Unicode.Scalar(UInt32(random.once(in: 2) ? random.below(0x110000) : random.below(0x80)))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let json = JSON.object(["key \(text)": .string(text)])
            #expect(read(json.text()) == json)
        }
    }

    @Test func `escapes are read as they are meant`() {
        #expect(read(#""\u0041\n\t\r\b\f\/\\\"""#) == .string("A\n\t\r\u{8}\u{C}/\\\""))
        #expect(read(#""\ud83c\udfa8""#) == .string("\u{1F3A8}"))
        #expect(read(#""\ud83c alone""#) == .string("\u{FFFD} alone"))
        #expect(read(#""\x41""#) == nil)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "tru", "1 2", "\"open", "-", "1e999", "'a'", "NaN",
    ])
    func `what is no JSON is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test func `depth is bounded`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSON(parsing: deep) }
    }
}
