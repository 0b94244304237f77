import FactoryCore
import Testing

@testable import FactoryForge

@Suite struct OwnPartTests {
    private let old = OwnPart.of(PRNumber(7), "old")
    private let new = OwnPart.of(PRNumber(7), "new")

    @Test func `a person's words around it stay`() {
        #expect(OwnPart.put(new, into: "before\n\n\(old)\n\nafter") == "before\n\n\(new)\n\nafter")
        #expect(OwnPart.put(new, into: "before\r\n\r\n\(old)") == "before\n\n\(new)")
    }

    @Test func `a part is put behind what a person wrote, or alone`() {
        #expect(OwnPart.put(new, into: "Mine.\n") == "Mine.\n\n\(new)")
        #expect(OwnPart.put(new, into: "") == new)
    }

    @Test func `a part that lost a marker takes nothing of a person's along`() {
        let broken = old.replacing("<!-- factory:end -->", with: "") + "\nmine"
        let put = OwnPart.put(new, into: broken)
        #expect(put.contains("mine") && put.hasSuffix(new))
        #expect(OwnPart.put(new, into: put) == put)
    }

    @Test func `a marker is read at the start and nowhere else`() {
        let marker = Marker(7, entry: "abc1", .plan)
        #expect(Marker(startOf: marker.text + "\nx") == marker)
        #expect(Marker(startOf: "> " + marker.text) == nil && Marker(startOf: "\n" + marker.text) == nil)
        #expect(Marker(startOf: "<!-- factory:pr=7 entry=a kind=nonsense -->") == nil)
    }
}
