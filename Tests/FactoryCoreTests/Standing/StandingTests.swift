import FactoryCore
import FactoryTestSupport
import Testing

struct StandingTests {
    static let probe = Standing.Probe(
        commit: .numbered(1), tree: .numbered(2), floor: "floor+principles", isGreen: false,
        checks: [CheckResult(name: "test", exit: 1, seconds: 2.5), CheckResult(name: "slow", exit: nil, seconds: 9)],
        runs: 2, summary: hostileText)

    static func stop(_ kind: Standing.Stop.Kind, urgent: Bool = false, at time: Timestamp = .noon) -> Standing.Stop {
        let evidence = [Violation(rule: "test", message: hostileText, path: RepoPath("a/b"), line: 3)]
        var stop = Standing.Stop(kind, hostileText, evidence: evidence, at: time, by: "Ann")
        stop.isUrgent = urgent
        return stop
    }

    static let events: [StandingEvent] =
        Standing.Stop.Kind.allCases.map { StandingEvent(.stopped(stop($0)), at: .noon) } + [
            StandingEvent(.stopped(stop(.person, urgent: true)), at: .noon + 0.001, by: "Ann"),
            StandingEvent(.started(note: hostileText, accepted: .numbered(3)), at: .noon, by: "Ann"),
            StandingEvent(.started(note: "", accepted: nil), at: .noon, by: ""),
            StandingEvent(.probed(probe), at: .noon),
        ]

    @Test(arguments: events)
    func `an event survives the record, with the standing after it`(_ event: StandingEvent) throws {
        var standing = Standing()
        standing.stops = [Self.stop(.landedTree)]
        standing.probe = Self.probe
        standing.probes = 3
        (standing.startedAt, standing.accepted) = (.noon + 1, .numbered(4))
        let record = StandingRecord(event: event, state: standing)
        #expect(try StandingRecord(parsing: record.json.bytes()) == record)
        #expect(!event.sentence.isEmpty)
    }

    @Test func `the form of an entry is pinned`() throws {
        let event = StandingEvent(
            .stopped(Standing.Stop(.person, "lunch", at: .noon, by: "Ann")), at: .noon, by: "Ann")
        let state = try Standing().applying(event)
        let stop =
            #"{"kind":"person","message":"lunch","at":"2026-11-21T12:00:00.000Z","by":"Ann"}"#
        let expected =
            #"{"v":1,"event":{"kind":"stopped","stop":"# + stop
            + #","at":"2026-11-21T12:00:00.000Z","by":"Ann"},"state":{"stops":["# + stop + "]}}"
        #expect(String(decoding: StandingRecord(event: event, state: state).json.bytes(), as: UTF8.self) == expected)
    }

    @Test func `what stopped it first stays, and another reason is added`() throws {
        var standing = try Standing().applying(StandingEvent(.stopped(Self.stop(.person)), at: .noon))
        let later = StandingEvent(.stopped(Self.stop(.person, at: .noon + 9)), at: .noon + 9)
        #expect(throws: StandingFault.self) { try standing.applying(later) }
        standing = try standing.applying(StandingEvent(.stopped(Self.stop(.parks)), at: .noon + 1))
        #expect(standing.stops.map(\.kind) == [.person, .parks] && !standing.isUrgent)
        let urgent = StandingEvent(.stopped(Self.stop(.person, urgent: true, at: .noon + 9)), at: .noon + 9)
        standing = try standing.applying(urgent)
        #expect(standing.isUrgent && standing.stops[0].at == .noon && standing.stops.count == 2)
        #expect(throws: StandingFault.self) { try standing.applying(urgent) }
    }

    @Test func `a start clears every stop, and only a stopped line can be started`() throws {
        let start = StandingEvent(.started(note: "", accepted: .numbered(1)), at: .noon + 5, by: "Ann")
        #expect(throws: StandingFault.self) { try Standing().applying(start) }
        var standing = Standing()
        standing.stops = [Self.stop(.mainRed), Self.stop(.person, urgent: true)]
        standing = try standing.applying(start)
        #expect(!standing.isStopped && !standing.isUrgent && standing.accepted == .numbered(1))
        #expect(standing.startedAt == .noon + 5)
        standing.stops = [Self.stop(.person)]
        let plain = StandingEvent(.started(note: "", accepted: nil), at: .noon + 6)
        #expect(try standing.applying(plain).accepted == nil, "what was accepted once is not accepted for good")
    }

    @Test func `a probe is counted and moves nothing`() throws {
        let standing = try Standing().applying(StandingEvent(.probed(Self.probe), at: .noon))
        #expect(standing.probes == 1 && standing.probe == Self.probe && !standing.isStopped)
    }

    @Test func `a stop that this version does not know is no reason to go on`() {
        let text = #"{"v":1,"event":{"kind":"probed"},"state":{"stops":[{"kind":"flood","at":"x","by":"y"}]}}"#
        #expect(throws: CodecError.self) { try StandingRecord(parsing: Array(text.utf8)) }
    }
}
