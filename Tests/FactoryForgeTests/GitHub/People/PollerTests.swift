import FactoryCore
import FactoryTestSupport
import Testing

@testable import FactoryForge

/// What looking costs.
@Suite(.timeLimit(.minutes(5))) struct PollerTests {
    private let seven = PRNumber(7)

    @Test func `an hour of looks at a repository where much happens costs its share of twenty`() async throws {
        try await GitHubWorld.run { world in
            let (projector, people, _) = world.sides()
            try await world.open()
            projector.show(seven)
            await projector.settle()
            let shown = await world.client.tally.counted
            var ours = 0
            for minute in 0..<60 {
                try await world.fake.control("clock", .object(["advance": 60]))
                await world.clock.sleep(seconds: 60)
                // Every three minutes people talk, every five the line goes on.
                if minute % 3 == 0 { try await world.fake.act("dora", "comment", ["number": 1, "body": "hm"]) }
                if minute % 5 == 0 {
                    let before = await world.client.tally.counted
                    try await world.append(.retried(to: minute % 2 == 0 ? .plan : .queued, note: ""), by: "ann")
                    projector.show(seven)
                    await projector.settle()
                    ours += await world.client.tally.counted - before
                }
                await people.look()
            }
            await projector.settle()
            let tally = await world.client.tally
            let looks = tally.counted - shown - ours
            #expect(looks * 20 < 2500, "\(looks) of \(tally)")
            #expect(tally.unchanged > 0)
        }
    }

    @Test func `where nothing happens an hour costs one request`() async throws {
        try await GitHubWorld.run { world in
            let (projector, people, _) = world.sides()
            try await world.open()
            projector.show(seven)
            await projector.settle()
            for _ in 0..<3 {
                await people.look()
                await projector.settle()
            }
            let before = await world.client.tally
            for _ in 0..<60 { await people.look() }
            let after = await world.client.tally
            #expect(after.counted - before.counted <= 1 && after.sent - before.sent == 60)
        }
    }
}
