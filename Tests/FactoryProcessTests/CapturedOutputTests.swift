import FactoryProcess
import Testing

@Suite struct CapturedOutputTests {
    @Test func `short output is kept whole`() {
        var output = CapturedOutput(limit: 10)
        output.append(Array("hello".utf8))
        output.append(Array("world".utf8))
        #expect(output.text == "helloworld")
        #expect(output.dropped == 0)
        #expect(output.total == 10)
    }

    @Test(arguments: [1, 2, 3, 7, 26]) func `of long output the head and the tail are kept`(piece: Int) {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        var output = CapturedOutput(limit: 6)
        for start in stride(from: 0, to: 26, by: piece) { output.append(alphabet[start..<min(26, start + piece)]) }
        #expect(output.text == "abc\n[… 20 bytes left out …]\nxyz")
        #expect(output.dropped == 20)
        #expect(output.bytes == Array("abcxyz".utf8))
    }

    @Test func `a change sees whole lines, and what is lost by it is counted`() {
        let upper: ([UInt8]) -> [UInt8] = { Array(String(decoding: $0, as: UTF8.self).uppercased().utf8) + [33] }
        var short = CapturedOutput(limit: 100)
        short.append(Array("one\ntw".utf8))
        #expect(short.mapped(upper).text == "ONE\nTW!")
        var long = CapturedOutput(limit: 12)
        long.append(Array("one\ntwo\nthree\nfour\nfive\n".utf8))
        #expect(long.mapped(upper).text == "ONE\n!\n[… 15 bytes left out …]\nFIVE\n!")
        #expect(long.mapped(upper).dropped == 15)
        var grown = short.mapped { _ in [UInt8](repeating: 65, count: 90) }
        grown.append(Array("end".utf8))
        #expect(grown.text.hasSuffix("Aend"))
    }

    @Test func `a limit of zero only counts`() {
        var output = CapturedOutput(limit: 0)
        output.append(Array("hello".utf8))
        #expect(output.bytes.isEmpty)
        #expect(output.dropped == 5)
    }

    @Test func `outputs are equal by what they kept, not by the pieces they came in`() {
        var whole = CapturedOutput(limit: 4)
        var pieces = CapturedOutput(limit: 4)
        whole.append(Array("abcdefgh".utf8))
        for byte in Array("abcdefgh".utf8) { pieces.append([byte]) }
        #expect(whole == pieces)
        #expect(whole.hashValue == pieces.hashValue)
    }
}
