import FactoryCore
import FactoryTestSupport
import Testing

/// What is written is what is read.
struct RoundTripTests {
    private func reread(_ json: JSON) throws -> JSON { try JSON(parsing: json.bytes()) }

    @Test(arguments: fullEvents)
    func `an event of every kind survives the journal`(_ event: Event) throws {
        let entry = Entry(event, at: .noon + 0.007, by: "Ann \"A\" Ångström")
        let back = try Entry(json: reread(entry.json))
        #expect(back == entry)
        #expect(back.extra.isEmpty)
        #expect(try reread(back.json) == reread(entry.json))
    }

    @Test func `the samples hold every kind of event and outcome`() {
        let kinds = Set(fullEvents.map(\.kind))
        #expect(
            kinds == [
                "opened", "amended", "pushed", "started", "finished", "certified", "landed", "approved", "answered",
                "retried", "resumed", "parked", "closed", "noted", "reverting", "reverted", "sung",
            ])
    }

    @Test(arguments: Failure.allCases)
    func `every failure survives`(_ failure: Failure) throws {
        let outcome = Outcome.failed(failure, hostileText)
        #expect(try Outcome(json: reread(outcome.json)) == outcome)
    }

    @Test(arguments: Deferral.Kind.allCases)
    func `every cause of a deferral survives`(_ kind: Deferral.Kind) throws {
        let outcome = Outcome.deferred(Deferral(kind: kind, until: .noon + 0.001, message: hostileText))
        #expect(try Outcome(json: reread(outcome.json)) == outcome)
    }

    @Test(arguments: Reason.Kind.allCases)
    func `every kind of reason survives`(_ kind: Reason.Kind) throws {
        var reason = fullReason
        reason.kind = kind
        #expect(try Reason(json: reread(reason.json)) == reason)
    }

    @Test func `a PR with everything and one with nothing survive`() throws {
        for pr in [fullPullRequest, .sample()] {
            #expect(try PullRequest(json: reread(pr.json)) == pr)
        }
    }

    @Test(arguments: State.allCases)
    func `every state survives`(_ state: State) throws {
        let pr = EventTableTests.prepared(in: state)
        #expect(try PullRequest(json: reread(pr.json)) == pr)
    }

    @Test func `verdicts and figures survive`() throws {
        #expect(try Verdict(json: reread(fullVerdict.json)) == fullVerdict)
        for decision in Verdict.Decision.allCases {
            let verdict = Verdict(decision: decision, summary: "")
            #expect(try Verdict(json: reread(verdict.json)) == verdict)
        }
        let usage = Usage(inputTokens: .max, outputTokens: 0, costUSD: 0.1 + 0.2)
        #expect(try Usage(json: reread(usage.json)) == usage)
        #expect(try Usage(json: reread(Usage.unknown.json)) == .unknown)
    }

    @Test func `a whole entry survives as bytes`() throws {
        let record = Record(entry: Entry(.finished(fullFinish), at: .noon, by: "factory"), state: fullPullRequest)
        #expect(try Record(parsing: record.json.bytes()) == record)
        #expect(!record.json.bytes().contains { $0 < 32 || $0 == 127 }, "git refuses a zero byte in a message")
    }

    @Test func `the same value is the same bytes`() {
        var other = fullPullRequest
        // The order in which counts came about must not show.
        other.counts = [:]
        for stage in Stage.allCases.reversed() { other.counts[stage] = fullPullRequest.counts[stage] }
        #expect(other.json.bytes() == fullPullRequest.json.bytes())
    }

    // MARK: What a newer version wrote

    @Test func `an event of an unknown kind is kept as it is`() throws {
        let json: JSON = ["kind": "sung", "song": ["verse": 2], "at": "2026-11-21T12:00:00.000Z", "by": "ann"]
        let entry = try Entry(json: json)
        guard case .unknown("sung", let rest) = entry.event else { return #expect(Bool(false), "\(entry)") }
        #expect(rest["song"] == ["verse": 2])
        #expect(entry.at == .noon)
        #expect(sorted(try reread(entry.json)) == sorted(json))
    }

    @Test func `an end with an unknown outcome is kept as an unknown event`() throws {
        let known = Entry(
            .finished(Finish(token: "t", stage: .plan, attempt: 1, outcome: .delivered, move: Move(to: .planReview))),
            at: .noon, by: "factory")
        var object = try #require(known.json.object)
        object["outcome"] = ["name": "applauded", "by": "all"]
        let entry = try Entry(json: .object(object))
        guard case .unknown("finished", let rest) = entry.event else { return #expect(Bool(false), "\(entry)") }
        #expect(rest["outcome"]?["name"] == "applauded")
        #expect(sorted(try reread(entry.json)) == sorted(.object(object)))
    }

    @Test(arguments: fullEvents)
    func `an unknown member of an event is kept`(_ event: Event) throws {
        var object = try #require(Entry(event, at: .noon, by: "ann").json.object)
        object["mood"] = ["today": "sunny"]
        object["flag"] = .null
        let entry = try Entry(json: .object(object))
        #expect(sorted(try reread(entry.json)) == sorted(.object(object)))
        guard event.kind != "sung" else { return }
        #expect(entry.event == event)
        #expect(entry.extra == ["mood": ["today": "sunny"], "flag": .null])
    }

    @Test func `an unknown member of a state goes on through every event`() throws {
        var object = try #require(PullRequest.sample().json.object)
        object["mood"] = ["today": "sunny"]
        let pr = try PullRequest(json: .object(object))
        let later = try pr.after(.started(.next(.plan, of: pr)), .retried(to: .queued, note: ""), .closed(note: ""))
        #expect(later.json["mood"] == ["today": "sunny"])
        #expect(try later.after(.amended(.sample())).json["mood"] == ["today": "sunny"])
    }

    /// Members by name, at every depth: order is not part of what must be kept.
    private func sorted(_ json: JSON) -> JSON {
        switch json {
        case .object(let object):
            var result = JSONObject()
            for member in object.members.sorted(by: { $0.key < $1.key }) { result[member.key] = sorted(member.value) }
            return .object(result)
        case .array(let items): return .array(items.map { sorted($0) })
        case .null, .bool, .int, .double, .string: return json
        }
    }
}
