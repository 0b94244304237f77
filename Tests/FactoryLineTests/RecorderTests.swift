import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryLine

struct RecorderTests {
    private let journal = MemoryJournal()
    private let number = PRNumber(7)
    private var recorder: Recorder { Recorder(journal: journal, clock: FakeClock()) }

    private func opened() async throws -> Tip { try await journal.open(number, .sample(), at: .noon, by: "ann") }

    private func append(_ event: Event, to tip: Tip) async throws -> Tip {
        try await journal.append(Entry(event, at: .noon, by: "ann"), to: tip, artifacts: [])
    }

    @Test func `a remark that came between is stepped over`() async throws {
        let tip = try await opened()
        _ = try await append(.noted("look at the colours"), to: tip)
        let next = try await recorder.append(.started(.next(.plan, of: tip.pr)), to: tip, token: nil)
        #expect(next.pr.state == .plan)
        #expect(await journal.history(of: number).map(\.entry.event.kind) == ["opened", "noted", "started"])
    }

    @Test func `a session that was prepared before an amendment does not start`() async throws {
        let tip = try await opened()
        let amended = try await append(.amended(.sample(head: .numbered(0xA2))), to: tip)
        let lost = await #expect(throws: SessionLost.self) {
            try await recorder.append(.started(.next(.plan, of: tip.pr)), to: tip, token: nil)
        }
        #expect(lost?.tip == amended)
        #expect(await journal.tip(of: number)?.pr.head == .numbered(0xA2))
    }

    @Test func `a session that a person has ended cannot finish, and its saved work is told of`() async throws {
        let tip = try await opened()
        let start = Start.next(.plan, of: tip.pr)
        let running = try await append(.started(start), to: tip)
        let closed = try await append(.closed(note: ""), to: running)
        let finish = try Finish.active(of: running.pr, .delivered)
        let lost = await #expect(throws: SessionLost.self) {
            try await recorder.append(.finished(finish), to: running, token: start.token)
        }
        #expect(lost?.tip == closed)
        let told = try await recorder.remarkSaved(start, on: running)
        #expect(told.pr.state == .closed)
        #expect(await journal.history(of: number).last?.entry.by == "factory")
    }
}
