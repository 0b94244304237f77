import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryLine
import FactoryTestSupport
import Glibc
import Testing

@testable import FactoryCLI

@Suite(.serialized) struct `The order of the queue` {
    @Test(.timeLimit(.minutes(1)))
    func `a spec waits for what it depends on`() async throws {
        let world = try await World.play(specs: [Play.spec(1, "depends-on: [2]"), Play.spec(2)])
        try await world.expectLanding()
        #expect(try await world.end().landed == ["2", "1"])
        #expect(try world.starts().first == "2 planner 1")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spec whose dependency is parked stays in the queue`() async throws {
        let world = try await World.play(
            ["2-planner": "ask Why?"], specs: [Play.spec(1, "depends-on: [2]"), Play.spec(2)])
        #expect(try await world.run() == 3)
        #expect(try await world.pr(1).state == .queued)
        #expect(try await world.why().contains("#2"))
        #expect(try world.starts() == ["2 planner 1"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `the higher priority goes first, then the lower number`() async throws {
        let world = try await World.play(
            specs: [Play.spec(1), Play.spec(2), Play.spec(3, "priority: 5"), Play.spec(4, "priority: -1")])
        try await world.expectLanding()
        #expect(try await world.end().landed == ["3", "1", "2", "4"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a watching line takes nothing on by day, and everything when the night begins`() async throws {
        let world = try await World.play(
            configuration: #"night: { starts: "18:00", ends: "08:00" }"#)
        let silence = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(silence) }
        let clock = FakeClock()
        let environment = world.environment
        let context = Context(
            directory: world.app, environment: environment,
            output: Output(environment: environment, data: silence, talk: silence), clock: clock)
        let workplace = try Workplace(context)
        let line = Line(
            workplace.ports(upstream: nil, observe: { _ in }), executor: workplace.store.executor,
            options: Line.Options(watch: true))
        async let work: Void = line.run()
        await clock.sleepers(atLeast: 1)
        #expect(try await world.pr(1).state == .queued)
        clock.advance(by: 5 * 3600)
        await clock.sleepers(atLeast: 1)
        #expect(try world.starts() == [])
        clock.advance(by: 3600)
        await clock.sleepers(atLeast: 1)
        #expect(try await world.pr(1).state == .merged)
        line.stop()
        try await work
        #expect(try world.starts().count == 4)
    }

    @Test(.timeLimit(.minutes(1)))
    func `entries of a newer version are passed over`() async throws {
        let world = try await World.play(["planner-1": "ask Why?"])
        try await world.expectParking()
        let pr = try await world.pr(1)
        var state = pr
        state.extra["mood"] = "hopeful"
        let event = Event.unknown(kind: "teleported", ["to": "the moon", "by": "nobody"])
        let record = Record(entry: Entry(event, at: pr.updatedAt, by: "factory"), state: state)
        let ref = "refs/factory/pr/1"
        let tip = try await world.git("rev-parse", ref, in: world.journal)
        let empty = try await world.git("hash-object", "-t", "tree", "-w", "/dev/null", in: world.journal)
        let commit = try await world.git(
            "-c", "user.name=Later", "-c", "user.email=later@example.invalid", "commit-tree", empty, "-p", tip, "-m",
            "Teleported", "-m", record.json.text(), in: world.journal)
        try await world.git("update-ref", ref, commit, tip, in: world.journal)
        #expect(try await world.factory("status").contains("Play 1"))
        #expect(try await world.factory("show", "1").contains("Teleported"))
        #expect(try await world.why().contains("Why?"))
        try await world.factory("answer", "1", "Because")
        try await world.expectLanding()
        #expect(try await world.pr(1).extra["mood"]?.string == "hopeful")
    }
}
