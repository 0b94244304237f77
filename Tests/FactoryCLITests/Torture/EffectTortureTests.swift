import FactoryCore
import FactoryFiles
import Testing

/// The line is killed right after each of its durable effects, and must come to the same end.
@Suite(.serialized) struct `Torture at every effect` {
    /// One world, and where it ends when nobody disturbs it.
    private struct Course {
        let world: World
        let end: World.End
        let sessions: Int
        let effects: Int

        init() async throws {
            world = try await World()
            try await world.save()
            let list = world.base.path + "/effects"
            #expect(try await world.run(["FACTORY_EFFECTS": list]) == 3)
            end = try await world.end()
            sessions = try await world.sessions()
            effects = try #require(try Files.text(list)).split(separator: "\n").count
            #expect(end.landed == ["1", "2", "3"])
            #expect(end.states[4] == "needs-attention")
        }
    }

    @Test(.timeLimit(.minutes(30)))
    func `a line that is killed after any effect goes on to the same end`() async throws {
        let course = try await Course()
        let points = World.isFull ? Array(1...course.effects) : stride(from: 3, to: course.effects, by: 13).map { $0 }
        for point in points { try await endure([point], course) }
    }

    @Test(.timeLimit(.minutes(30)))
    func `a line that is killed again while it recovers goes on to the same end`() async throws {
        let course = try await Course()
        let step = World.isFull ? 3 : 31
        for point in stride(from: 2, through: course.effects, by: step) { try await endure([point, 1, 1], course) }
        if World.isFull {
            for point in stride(from: 1, through: course.effects, by: 5) { try await endure([point, 2], course) }
        }
    }

    /// Runs with kills after these effects, one start each, and then to the end.
    private func endure(_ kills: [Int], _ course: Course) async throws {
        let world = course.world
        try await world.restore()
        for kill in kills {
            // The last effects of a run may be fewer than the point: then it has simply ended.
            let code = try await world.run(["FACTORY_STOP_AFTER_EFFECT": "\(kill)"])
            #expect(code == 137 || code == 3, "killed at \(kills)")
        }
        let trace = world.base.path + "/trace"
        try Files.remove(trace)
        let last = try await world.start(["run"], ["FACTORY_TRACE": trace])
        #expect(await last.code() == 3, "killed at \(kills): \(last.errors)")
        #expect(try await world.sessions() <= course.sessions + kills.count, "killed at \(kills)")
        try await world.expectWhole(course.end, "killed at \(kills)")
        if let delay = try world.firstRecord(in: trace).map({ $0 - last.startedAt }) {
            #expect(delay < 1, "killed at \(kills): resumed only after \(delay) s")
        }
    }
}
