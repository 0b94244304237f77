import FactoryCore
import FactoryProcess
import FactoryTestSupport
import Testing

@testable import FactoryAgents

/// Reads an output in pieces of so many bytes.
private func read(
    _ output: [UInt8], errors: [UInt8] = [], _ format: AgentProfile.OutputFormat, pieces: Int = .max
) -> SessionReading {
    var profile = AgentProfile(program: "x")
    profile.output = format
    var reader = OutputReader(profile)
    // What mini says on standard error comes behind what it shows of its prompt.
    let streams = [(OutputChunk.Source.errors, errors), (.output, output)]
    for (source, bytes) in format == .mini ? streams.reversed() : streams {
        var rest = bytes[...]
        while !rest.isEmpty {
            _ = reader.take(OutputChunk(source: source, bytes: Array(rest.prefix(pieces))))
            rest = rest.dropFirst(pieces)
        }
    }
    reader.finish()
    return reader.reading
}

private func judge(_ reading: SessionReading) -> AgentProfile.Fault? {
    ProfileJudge(profile: AgentProfile(program: "x"), reading: reading, log: nil).fault(.exited(1))?.kind
}

@Suite struct DecoderTests {
    @Test(arguments: Recording.all)
    func `an output is read as what it means, in whatever pieces it comes`(_ recording: Recording) {
        for pieces in [Int.max, 1, 7, 100] {
            let reading = read(
                Array(recording.output.utf8), errors: Array(recording.errors.utf8), recording.format, pieces: pieces)
            #expect(reading.end == recording.end)
            #expect(reading.answer == recording.answer)
            #expect(reading.usage == recording.usage)
            #expect(judge(reading) == recording.fault)
        }
    }

    @Test func `a limit that names its end carries it`() {
        let event = #"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1000900}}"#
        #expect(read(Array((event + "\n").utf8), .claude).fault?.resetsAt == 1_000_900)
    }

    @Test func `a structured answer is kept as it is`() {
        let event =
            #"{"type":"result","subtype":"success","is_error":false,"structured_output":{"decision":"APPROVE"}}"#
        #expect(read(Array(event.utf8), .claude).structured == ["decision": "APPROVE"])
    }

    @Test(arguments: [-5, 1e9, 1e300] as [Double])
    func `a figure that cannot be is not counted`(cost: Double) {
        let event = #"{"type":"complete","input_tokens":-3,"output_tokens":5,"cost_usd":\#(cost)}"#
        let usage = read(Array(event.utf8), .goose).usage
        #expect(usage.costUSD == nil && usage.inputTokens == nil)
    }

    @Test(arguments: AgentProfile.OutputFormat.allCases)
    func `strange lines never fail a run, and little of them is kept`(_ format: AgentProfile.OutputFormat) {
        var random = SeededGenerator(seed: 42)
        let recordings = Recording.all.filter { $0.format == format }.map { Array($0.output.utf8) }
        for round in 0..<300 {
            var bytes = recordings.randomElement(using: &random) ?? Array("{\"type\":\"x\"}\n".utf8)
            for _ in 0..<Int.random(in: 1...20, using: &random) { mutate(&bytes, &random) }
            let reading = read(bytes, errors: bytes, format, pieces: Int.random(in: 1...64, using: &random))
            #expect(reading.diagnostics.lines.count <= 200, "round \(round)")
            #expect(reading.answer.utf8.count <= 1 << 21, "round \(round)")
            _ = judge(reading)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let at = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
        case 1: if at < bytes.count { bytes.remove(at: at) }
        case 2: if at < bytes.count { bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 3: bytes.insert(contentsOf: Array("\n{[\"".utf8).shuffled(using: &random), at: at)
        case 4: bytes.removeLast(min(bytes.count, Int.random(in: 0..<30, using: &random)))
        default: bytes.insert(contentsOf: bytes.prefix(at), at: at)
        }
        if bytes.count > 1 << 16 { bytes.removeLast(bytes.count - 1 << 16) }
    }

    @Test func `a line without end takes a megabyte and no more`() {
        var splitter = LineSplitter()
        var lengths: [Int] = []
        for _ in 0..<64 {
            splitter.take([UInt8](repeating: 120, count: 1 << 17)) { line, _ in lengths.append(line.count) }
        }
        splitter.take(Array("\nshort\n".utf8)) { line, isCut in
            lengths.append(line.count)
            #expect(isCut == (line.count > 5))
        }
        #expect(lengths == [1 << 20, 5])
    }
}

@Suite struct AnswerDocumentTests {
    @Test(arguments: [
        #"{"decision":"APPROVE"}"#, "Here:\n```json\n{\"decision\":\"APPROVE\"}\n```\nThat is all, {really}.",
        "{\"other\":1}\n{\n \"decision\": \"APPROVE\"\n}", "{ broken\n{\"decision\":\"APPROVE\"}\n",
    ])
    func `a result is found in a model's last words`(text: String) {
        #expect(AnswerDocument.find(in: text, having: "decision")?.object["decision"] == "APPROVE")
    }

    @Test(arguments: ["", "APPROVE", #"I say {"decision":"APPROVE"}"#, "{\"status\":\"done\"}", "{\"decision\":"])
    func `what is no result of the role is not taken for one`(text: String) {
        #expect(AnswerDocument.find(in: text, having: "decision") == nil)
    }
}

@Suite struct WaitingTests {
    @Test(arguments: [
        ("Please try again in 20s.", 20.0), ("try again in 1h 20m", 4800), ("retry after 1.5 seconds", 1.5),
        ("Limit resets in 2 days, 3 hours and 5 minutes", 183_900), ("Retry-After: 120 s", 120),
    ])
    func `a time that the provider names is understood`(text: String, seconds: Double) {
        #expect(ResetTime.seconds(in: text) == seconds)
    }

    @Test(arguments: ["Retrying in 4 seconds", "try again later", "try again in 5 bananas", "after 4 seconds"])
    func `a program's own plans are no such time`(text: String) { #expect(ResetTime.seconds(in: text) == nil) }

    @Test func `without one the wait doubles up to a bound, and twenty-four waits fit into a day`() {
        let now = Timestamp(seconds: 1_000_000)
        for kind in [Deferral.Kind.quota, .rateLimit, .providerDown] {
            let waits = (0..<24).map { before in
                BackOff.deferral(AgentFault(.quota, "no"), kind: kind, before: before, now: now).until - now
            }
            #expect(waits[0] == (kind == .quota ? 900 : 60) && waits[1] == 2 * waits[0])
            #expect(waits.max() == (kind == .quota ? 3600 : 1800))
            #expect(waits.reduce(0, +) < 24 * 3600)
        }
    }

    @Test(arguments: [(1_000_900, 905), (5, 10), (1e30, 8 * 86_400), (-1e30, 10)] as [(Double, Double)])
    func `a reset is waited for, within reason`(resetsAt: Double, wait: Double) {
        let now = Timestamp(seconds: 1_000_000)
        let fault = AgentFault(.quota, "no", resetsAt: resetsAt)
        #expect(BackOff.deferral(fault, kind: .quota, before: 5, now: now).until - now == wait)
    }
}
