import Testing

@testable import FactoryProcess

@Suite struct MarkTests {
    @Test(
        arguments: [
            ("hub/12/3", "hub/12/3", true), ("hub/12/3", "hub/12", true), ("hub/12/3", "hub", true),
            ("hub/123", "hub/12", false), ("hub", "hub/12", false), ("other/12", "hub", false),
        ])
    func `a marker covers itself and what stands below it`(marker: String, asked: String, covered: Bool) {
        let value = Mark(marker: marker, serial: 7).value(inside: nil)
        #expect(Mark.value(value, isUnder: asked) == covered)
    }

    @Test func `a run inside a run carries both marks`() {
        let outer = Mark(marker: "outer/1", serial: 1)
        let inner = Mark(marker: "inner/2", serial: 2)
        let value = inner.value(inside: outer.value(inside: nil))
        #expect(Mark.tags(in: value) == [outer.tag, inner.tag])
        #expect(Mark.value(value, isUnder: "outer"))
        #expect(Mark.value(value, isUnder: "inner"))
    }

    @Test func `a tag names exactly its marker and fits into a limit`() {
        let mark = Mark(marker: "hub/12/3", serial: .max)
        #expect(Mark.tag(mark.tag, isOf: "hub/12/3"))
        #expect(!Mark.tag(mark.tag, isOf: "hub/12"))
        #expect(mark.tag < UInt64.max / 2)
        #expect(mark.tag != Mark(marker: "hub/12/3", serial: 0).tag)
    }
}
