import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct LogsTests {
    /// A PR with a finished plan and a running review of it.
    private func reviewing(_ office: Office) async throws -> Tip {
        let tip = try await office.work(.plan, .delivered, try await office.submit())
        try office.leave("planned\n", as: "transcript.log", of: "plan-1")
        return try await office.start(.planReview, tip)
    }

    @Test func `the running session is shown, a header before each file, the others are named`() async throws {
        let office = try await Office()
        _ = try await reviewing(office)
        try office.leave("installed\n", as: "setup/1.log", of: "plan-review-1")
        try office.leave("one\ntwo\n", as: "transcript.log", of: "plan-review-1")
        try office.leave("{}", as: "out/result.json", of: "plan-review-1")
        try office.leave("judge it", as: "prompt.md", of: "plan-review-1")
        let said = try await office.run("logs", "7")
        #expect(
            said.data == """
                ==> plan-review-1/setup/1.log <==
                installed

                ==> plan-review-1/transcript.log <==
                one
                two

                ==> plan-review-1/out/result.json <==
                {}

                """)
        #expect(said.talk == "#7 plan-review-1; other sessions: plan-1\n")
        #expect(try await office.run("logs", "7", "--prompt").data == "==> plan-review-1/prompt.md <==\njudge it\n")
    }

    @Test func `a session is chosen by stage and attempt`() async throws {
        let office = try await Office()
        _ = try await reviewing(office)
        #expect(try await office.run("logs", "7", "--stage", "plan").data == "==> plan-1/transcript.log <==\nplanned\n")
        let missing = try await office.run("logs", "7", "--stage", "plan", "--attempt", "2")
        #expect(missing.code == .failed)
        #expect(missing.talk == "factory: #7 has had no session plan-2; there are plan-1 and plan-review-1\n")
        #expect(try await office.run("logs", "7", "--attempt", "1").code == .usage)
        #expect(try await office.run("logs", "7", "--stage", "planning").code == .usage)
    }

    @Test func `without a running session the newest one that left something is shown`() async throws {
        let office = try await Office()
        let tip = try await reviewing(office)
        let finish = try Finish.active(of: tip.pr, .approved)
        _ = try await office.append(.finished(finish), to: tip)
        #expect(try await office.run("logs", "7").data == "==> plan-1/transcript.log <==\nplanned\n")
    }

    @Test func `what an agent printed cannot steer the terminal`() async throws {
        let office = try await Office()
        _ = try await reviewing(office)
        try office.leave(
            "\u{1B}]0;owned\u{07}\u{1B}[2Jred \u{1B}[31mtext\u{1B}[0m\n", as: "transcript.log", of: "plan-review-1")
        #expect(try await office.run("logs", "7").data.hasSuffix("<==\nred text\n"))
    }

    @Test func `as JSON each piece is one line`() async throws {
        let office = try await Office()
        _ = try await reviewing(office)
        try office.leave("one\n", as: "setup/1.log", of: "plan-review-1")
        try office.leave("two\n", as: "transcript.log", of: "plan-review-1")
        let lines = try await office.run("logs", "7", "--json").data.split(separator: "\n")
        let texts = try lines.map { try JSON(parsing: Array($0.utf8))["text"]?.string }
        #expect(texts == ["one", "two"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `following prints whole lines as they come and ends with the session`() async throws {
        let office = try await Office()
        let tip = try await reviewing(office)
        try office.leave("one\ntw", as: "transcript.log", of: "plan-review-1")
        async let said = office.run("logs", "7", "--follow")
        await office.clock.sleepers(atLeast: 1)
        try office.leave("one\ntwo\nthr", as: "transcript.log", of: "plan-review-1")
        office.clock.advance(by: 0.2)
        await office.clock.sleepers(atLeast: 1)
        try office.leave("one\ntwo\nthree", as: "transcript.log", of: "plan-review-1")
        let finish = try Finish.active(of: tip.pr, .approved)
        _ = try await office.append(.finished(finish), to: tip)
        office.clock.advance(by: 0.2)
        #expect(try await said.data == "==> plan-review-1/transcript.log <==\none\ntwo\nthree\n")
    }

    @Test func `before the first session there is nothing to print`() async throws {
        let office = try await Office()
        _ = try await office.submit()
        let said = try await office.run("logs", "7", "--follow")
        #expect(said.code == .failed)
        #expect(said.talk == "factory: #7 is queued: no session has started yet\n")
    }
}
