import FactoryCore
import FactoryFiles
import Testing

/// Programs that try to break out of the sandbox, with the real line, agents, setup step and check.
@Suite(.serialized, .enabled(if: Breakout.hasSandbox, "needs bubblewrap"), .timeLimit(.minutes(5)))
struct EscapeTests {
    @Test func `nothing gets out of a fence of the user who runs the tests`() async throws {
        try await tryAll(.current)
    }

    @Test(.enabled(if: Breakout.canBecomeOrdinary, "takes root to become an ordinary user"))
    func `nothing gets out of a fence of an ordinary user`() async throws { try await tryAll(.ordinary) }

    private func tryAll(_ user: Breakout.User) async throws {
        let breakout = try await Breakout(user)
        let code = try await breakout.world.run()
        let why = code == 0 ? "" : try await breakout.world.why()
        #expect(code == 0, "\(why)")
        let places = [
            ("plan-1", "transcript.log"), ("plan-review-1", "transcript.log"), ("implementation-1", "transcript.log"),
            ("code-review-1", "transcript.log"), ("implementation-ci-1", "test.log"),
            ("implementation-ci-1", "setup/1.log"), ("plan-1", "setup/1.log"),
        ]
        for (session, file) in places {
            let lines = try breakout.left(file, in: session).split(separator: "\n")
            #expect(lines.contains("all-tried"), "\(session)/\(file): \(lines.joined(separator: "\n"))")
            let amiss = lines.filter { $0.hasPrefix("ESCAPED") || $0.hasPrefix("BROKEN") }
            #expect(amiss == [], "\(session)/\(file)")
            let isReviewer = session.contains("review")
            #expect(lines.count { $0.hasPrefix("held ") } == (isReviewer ? 72 : 71), "\(session)/\(file)")
        }
        let told = try breakout.left("transcript.log", in: "plan-1")
        #expect(told.contains("factory: the planner asked for example.com:443, which is not named under `hosts:`"))
        try breakout.expectUntouched()
        await breakout.world.dismissAll()
    }
}
