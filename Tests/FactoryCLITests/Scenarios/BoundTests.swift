import FactoryCore
import Testing

@Suite(.serialized) struct `Bounds of the line` {
    @Test(.timeLimit(.minutes(1)))
    func `a plan review that is never content parks after two returns`() async throws {
        let world = try await World.play([
            "planner": "plan; echo $FACTORY_ATTEMPT >> $FACTORY_PLAN; finish", "plan-reviewer": "send_back never",
        ])
        let reason = try await world.expectParking()
        #expect(reason.kind == .returns)
        #expect(reason.rule == "plan-review: at most 2 returns")
        #expect(try world.starts() == (1...3).flatMap { ["1 planner \($0)", "1 plan-reviewer \($0)"] })
        #expect(try await world.checkRuns() == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `checks that are never green park after two returns`() async throws {
        let world = try await World.play(["implementer": "echo broken $FACTORY_ATTEMPT > lib/1.txt; finish"])
        let reason = try await world.expectParking()
        #expect(reason.rule == "implementation-ci: at most 2 returns")
        #expect(
            try world.starts() == [
                "1 planner 1", "1 plan-reviewer 1", "1 implementer 1", "1 implementer 2", "1 implementer 3",
            ])
        #expect(try await world.checkRuns() == 6, "each red is asked twice")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a code review that is never content parks after two returns`() async throws {
        let world = try await World.play([
            "implementer": "echo $FACTORY_ATTEMPT > lib/1.txt; finish", "code-reviewer": "send_back never",
        ])
        let reason = try await world.expectParking()
        #expect(reason.rule == "code-review: at most 2 returns")
        #expect(
            try world.starts()
                == ["1 planner 1", "1 plan-reviewer 1"]
                + (1...3).flatMap { ["1 implementer \($0)", "1 code-reviewer \($0)"] })
        #expect(try await world.checkRuns() == 3)
    }

    @Test(.timeLimit(.minutes(1)))
    func `bounds are the configuration's`() async throws {
        let world = try await World.play(
            ["plan-reviewer": "send_back never", "planner": "plan; echo $FACTORY_ATTEMPT >> $FACTORY_PLAN"],
            configuration: "retries: { plan-review: 0 }")
        #expect(try await world.expectParking().rule == "plan-review: at most 0 returns")
        #expect(try world.starts().count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a retry sets the counts to zero, and its note reaches the prompt`() async throws {
        let world = try await World.play(["implementer": "echo broken $FACTORY_ATTEMPT > lib/1.txt; finish"])
        try await world.expectParking()
        #expect(try await world.pr(1).counts[.implementationCI]?.returns == 3)
        try await world.factory("retry", "1", "--note", "Write it without that word")
        #expect(try await world.pr(1).counts[.implementationCI]?.returns == 0)
        try await world.expectParking()
        #expect(try world.starts(of: .implementer) == 6)
        #expect(try world.prompt(.implementation, 4).contains("Ada Example says: Write it without that word"))
        #expect(try !world.prompt(.implementation, 3).contains("without that word"))
        try await world.factory("retry", "1")
        try world.rewrite("implementer", "implement; finish")
        try await world.expectLanding()
        #expect(try world.starts(of: .implementer) == 7)
    }
}

/// Not one after the other: they only wait.
struct `Time limits of sessions` {
    @Test(.timeLimit(.minutes(1)))
    func `a session that takes too long has failed`() async throws {
        let world = try await World.play(
            ["planner": "echo thinking; sleep 100"], configuration: "limits: { stage: 1s }\nretries: { stage: 0 }")
        let reason = try await world.expectParking()
        #expect(reason.message.contains("timeout"))
        #expect(reason.message.contains("within 1.0 s"))
        #expect(world.strays() == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a session that is silent for too long has failed`() async throws {
        let world = try await World.play(
            ["code-reviewer-1": "echo thinking; sleep 100"], configuration: "limits: { idle: 1s }")
        try await world.expectLanding()
        #expect(try world.prompt(.codeReview, 2).contains("(stalled)"))
        #expect(world.strays() == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `an agent that ignores the request to end is killed with all it started`() async throws {
        let world = try await World.play(
            ["planner": "trap '' TERM INT HUP; setsid sleep 1000 & while :; do sleep 1000; done"],
            configuration: "limits: { stage: 1s }\nretries: { stage: 0 }")
        #expect(try await world.expectParking().message.contains("timeout"))
        #expect(world.strays() == [])
    }
}
