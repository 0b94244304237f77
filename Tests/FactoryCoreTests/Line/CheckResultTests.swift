import FactoryCore
import Testing

/// What a check's runs say together.
struct CheckResultTests {
    private func result(_ exit: Int?, of name: String = "test", first: Int? = nil) -> CheckResult {
        var result = CheckResult(name: name, exit: exit, seconds: 1)
        if let first { result.first = CheckResult.Run(exit: first, seconds: 1) }
        return result
    }

    @Test func `two answers to one question are flaky, twice the same is not`() {
        #expect(result(0, first: 1).isFlaky && result(0, first: 1).passes)
        #expect(!result(1, first: 1).isFlaky && !result(nil, first: 1).isFlaky && !result(0).isFlaky)
    }

    @Test func `a quarantine lets red pass through its last day`() throws {
        var red = result(1)
        #expect(!red.passes)
        red.quarantine = Day("2026-12-24")
        #expect(red.passes && !red.isGreen)
        for (moment, passes) in [
            ("2026-12-23T12:00:00Z", true), ("2026-12-24T23:59:59.999Z", true), ("2026-12-25T00:00:00Z", false),
        ] {
            #expect(red.passes(on: Day(try #require(Timestamp(moment)))) == passes, "\(moment)")
        }
    }

    @Test(arguments: ["2026-02-30", "2026-12-24T00:00:00Z", "24.12.2026", "", "2026-12-2"])
    func `what is no day is none`(_ text: String) { #expect(Day(text) == nil) }

    @Test func `tallies count trees, the flakiest check first`() {
        var sessions: [Finish] = []
        for checks in [
            [result(0, of: "a"), result(0, of: "b", first: 2)], [result(1, of: "a", first: 1), result(0, of: "b")],
            [result(0, of: "a", first: 1), result(0, of: "c")], [result(0, of: "a")],
        ] {
            var finish = Finish(
                token: "t", stage: .implementationCI, attempt: 1, outcome: .green, move: Move(to: .codeReview))
            finish.checks = checks
            sessions.append(finish)
        }
        let tallies = CheckTally.list(sessions)
        #expect(tallies.map(\.name) == ["b", "a", "c"])
        #expect(tallies.map(\.runs) == [2, 4, 1])
        #expect(tallies.map(\.flakes) == [1, 1, 0] && tallies.map(\.red) == [0, 1, 0])
    }
}
