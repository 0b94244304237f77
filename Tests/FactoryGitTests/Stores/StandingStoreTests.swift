import FactoryCore
import FactoryGit
import FactoryTestSupport
import Testing

struct StandingStoreTests {
    private func stop(_ text: String) -> StandingEvent {
        StandingEvent(.stopped(Standing.Stop(.person, text, at: .noon, by: "Ann")), at: .noon, by: "Ann")
    }

    @Test func `what one handle has written another one reads`() async throws {
        let sandbox = try Sandbox()
        _ = try commit("Begin", ["README": "hello\n"], in: sandbox.hub)
        func store() throws -> GitStore {
            try GitStore(hub: sandbox.hubPath, journal: sandbox.journalPath, durable: false)
        }
        let (first, second) = (try store(), try store())
        let empty = try await first.standing()
        #expect(empty == StandingTip(id: nil, standing: Standing()))
        let log = Artifact(name: "failures.txt", bytes: Array("red\n".utf8))
        let tip = try await first.append(stop("one"), to: empty, artifacts: [log])
        #expect(try await second.standing() == tip && tip.standing.isStopped)
        let history = try await second.standingHistory()
        #expect(history.map(\.event) == [stop("one")] && history.map(\.state) == [tip.standing])
        #expect(try await second.artifact("failures.txt", of: #require(tip.id)) == log.bytes)
        await #expect(throws: StandingConflict()) { _ = try await second.append(stop("two"), to: empty, artifacts: []) }
        await #expect(throws: StandingFault.self) { _ = try await second.append(stop("one"), to: tip, artifacts: []) }
        withExtendedLifetime(sandbox) {}
    }
}
