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

/// What looking costs a team, all of whose repositories share one identity.
@Suite struct ManyRepositoriesTests {
    /// What the line says by itself is counted in too: it comes from the same budget.
    @Test(.timeLimit(.minutes(10)))
    func `twenty repositories are looked at for an hour`() async throws {
        let names = ["acme/widgets"] + (2...20).map { "acme/repository-\($0)" }
        try await GitHubWorld.run(names) { worlds in
            let fake = worlds[0].fake
            let sides = worlds.map { $0.sides() }
            for (world, side) in zip(worlds, sides) {
                try await world.open()
                side.projector.show(PRNumber(7))
                await side.projector.settle()
            }
            let before = try await fake.count()
            for minute in 0..<60 {
                try await fake.control("clock", .object(["advance": 60]))
                for (index, (world, side)) in zip(worlds, sides).enumerated() {
                    await world.clock.sleep(seconds: 60)
                    // In every second repository people talk all the time, and in every fourth the line goes on.
                    if index % 2 == 0, minute % 3 == 0 {
                        try await fake.act(
                            "dora", "comment", ["repository": .string(world.repository), "number": 1, "body": "hm"])
                    }
                    if index % 4 == 0, minute % 10 == 0 {
                        try await world.append(.retried(to: minute % 20 == 0 ? .plan : .queued, note: ""), by: "ann")
                        side.projector.show(PRNumber(7))
                        await side.projector.settle()
                    }
                    await side.people.look()
                }
            }
            for side in sides { await side.projector.settle() }
            let counted = try await fake.count() - before
            // The figure is what one reads this test for.
            print("twenty repositories for an hour: \(counted) primary requests")
            #expect(counted > 0 && counted < 2500)
        }
    }
}
