import FactoryAgents
import FactoryCore
import Testing

/// Two items, of which a person must judge the second.
let twoItems = [
    DoneItem(id: "D1", text: "It works."), DoneItem(id: "D2", text: "It reads well.", isHuman: true),
]

func document(_ text: String) throws(InvalidResult) -> ResultDocument { try ResultDocument(Array(text.utf8)) }

func verdict(_ text: String, done: [DoneItem] = twoItems) throws(InvalidResult) -> Verdict {
    try VerdictDecoder.decode(document(text), done: done)
}

/// What is wrong with a verdict; nothing when it is fine.
func faults(ofVerdict text: String, done: [DoneItem] = twoItems) -> [String] {
    do throws(InvalidResult) {
        _ = try verdict(text, done: done)
        return []
    } catch {
        return error.problems
    }
}

func faults(ofWriter text: String) -> [String] {
    do throws(InvalidResult) {
        _ = try WriterResultDecoder.decode(document(text))
        return []
    } catch {
        return error.problems
    }
}

struct VerdictDecoding {
    private let answers =
        #""criteria":[{"id":"D1","met":true,"evidence":"a"},{"id":"D2","met":"human","evidence":"b"}]"#

    @Test func `a complete verdict is read with everything in it`() throws {
        let read = try verdict(
            #"""
            {"decision":"REQUEST_CHANGES","summary":"Close.","findings":[{"code":"missing-test","severity":"blocker",
            "path":"src/a.c","line":7,"message":"No test."}],"criteria":[{"id":"D1","met":false,"evidence":"a"},
            {"id":"D2","met":"human","evidence":"b"}],"usage":{"costUSD":1},"mood":"good"}
            """#)
        let finding = Finding(
            code: "missing-test", severity: "blocker", path: "src/a.c", line: 7, message: "No test.")
        #expect(
            read
                == Verdict(
                    decision: .requestChanges, summary: "Close.", findings: [finding],
                    criteria: [
                        Criterion(id: "D1", met: .no, evidence: "a"), Criterion(id: "D2", met: .human, evidence: "b"),
                    ]))
    }

    @Test(arguments: ["approve", " Approve\n", "APPROVE"])
    func `the decision may be written in any case`(word: String) throws {
        let text = #"{"decision":"\#(word.replacing("\n", with: "\\n"))",\#(answers)}"#
        #expect(try verdict(text).decision == .approve)
    }

    @Test(arguments: [
        (#"{"summary":"x"}"#, "decision: is missing; it is one of APPROVE, REQUEST_CHANGES, QUESTION"),
        (
            #"{"decision":"LGTM"}"#,
            #"decision: "LGTM" is not one of APPROVE, REQUEST_CHANGES, QUESTION"#
        ),
        (#"{"decision":7}"#, "decision: a string was expected, not a number"),
        (#"{"decision":"APPROVE"}"#, "criteria: D1, D2 not answered"),
        (#"{"decision":"APPROVE","criteria":"all"}"#, "criteria: an array was expected, not a string"),
        (
            #"{"decision":"APPROVE","criteria":[{"id":"D1","met":true,"evidence":"a"}]}"#,
            "criteria: D2 not answered"
        ),
        (
            #"{"decision":"APPROVE","criteria":[{"id":"D9","met":true,"evidence":"a"}]}"#,
            #"criteria[0].id: "D9" is no Done item of this spec; there are D1, D2"#
        ),
        (
            #"{"decision":"APPROVE","criteria":[{"id":"D1","met":true,"evidence":" "}]}"#,
            "criteria: the evidence for D1 is missing"
        ),
        (
            #"{"decision":"APPROVE","criteria":[{"id":"D1","met":"human","evidence":"a"}]}"#,
            "criteria: D1 is not marked [human], so it must be answered with true or false"
        ),
        (
            #"{"decision":"APPROVE","criteria":[{"id":"D1","met":"true","evidence":"a"}]}"#,
            #"criteria: "met" of D1 must be true, false or, for items marked [human], "human""#
        ),
        (
            #"{"decision":"APPROVE","criteria":[{"id":"D1","met":false,"evidence":"a"}]}"#,
            "decision: APPROVE, though D1 is not met"
        ),
        (#"{"decision":"REQUEST_CHANGES","summary":"x"}"#, "findings: REQUEST_CHANGES names at least one"),
        (
            #"{"decision":"REQUEST_CHANGES","findings":[{"message":"m"}]}"#,
            "summary: is missing; REQUEST_CHANGES says in short what must change"
        ),
        (#"{"decision":"REQUEST_CHANGES","findings":[{"code":"c"}]}"#, "findings[0].message: is missing"),
        (#"{"decision":"REQUEST_CHANGES","findings":["no"]}"#, "findings[0]: an object was expected, not a string"),
        (#"{"decision":"QUESTION"}"#, "summary: is missing; it holds the question of a QUESTION"),
    ])
    func `a fault is named`(text: String, fault: String) {
        #expect(faults(ofVerdict: text).contains(fault))
    }

    @Test func `items answered twice or out of order are refused`() {
        let twice = #"{"id":"D1","met":true,"evidence":"a"},{"id":"D1","met":false,"evidence":"a"}"#
        let second = #"{"id":"D2","met":true,"evidence":"a"}"#
        #expect(
            faults(ofVerdict: #"{"decision":"APPROVE","criteria":[\#(twice),\#(second)]}"#).first
                == "criteria: D1 answered more than once")
        #expect(
            faults(
                ofVerdict: #"{"decision":"APPROVE","criteria":[\#(second),{"id":"D1","met":true,"evidence":"a"}]}"#)
                == ["criteria: out of order; answer D1, D2 in this order"])
    }

    @Test func `an item for people may be answered by the reviewer`() throws {
        let text =
            #"{"decision":"APPROVE","criteria":[{"id":"d1","met":true,"evidence":"a"},"#
            + #"{"id":"D2","met":true,"evidence":"b"}]}"#
        #expect(try verdict(text).criteria.map(\.met) == [.yes, .yes])
    }

    @Test func `a question may leave items open`() throws {
        #expect(try verdict(#"{"decision":"QUESTION","summary":"Which one?"}"#).summary == "Which one?")
        #expect(
            faults(
                ofVerdict: #"{"decision":"QUESTION","summary":"?","criteria":[{"id":"D3","met":true,"evidence":"e"}]}"#
            ).count == 1)
    }

    @Test func `a flood of answers or findings is bounded`() throws {
        let item = #"{"id":"X","met":true,"evidence":"e"}"#
        let many = Array(repeating: item, count: 5000).joined(separator: ",")
        #expect(
            faults(ofVerdict: #"{"decision":"APPROVE","criteria":[\#(many)]}"#)
                == ["criteria: 5000 answers to 2 Done items", "criteria: D1, D2 not answered"])
        let findings = Array(repeating: #"{"message":"m"}"#, count: 130).joined(separator: ",")
        let read = try verdict(#"{"decision":"APPROVE","findings":[\#(findings)],\#(answers)}"#)
        #expect(read.findings.count == 101)
        #expect(read.findings.last?.message == "30 more findings were left out")
    }

    @Test func `texts are cut and cannot steer a terminal`() throws {
        let long = String(repeating: "é", count: 9000)
        let text =
            #"{"decision":"APPROVE","summary":"\#(long)","findings":[{"code":"a\u001b[31m\u202eb","message":"x\ny"}],"#
            + answers + "}"
        let read = try verdict(text)
        #expect(read.summary.count == 4000)
        #expect(read.summary.hasSuffix("…"))
        #expect(read.findings.first?.code == "a[31mb")
        #expect(read.findings.first?.message == "x y")
    }
}

struct WriterDecoding {
    @Test func `status, summary and question are read`() throws {
        let read = try WriterResultDecoder.decode(
            document(#"{"status":"Question","summary":"s","question":"Which?","more":[]}"#))
        #expect(read == WriterResult(status: .question, summary: "s", question: "Which?"))
        #expect(try WriterResultDecoder.decode(document(#"{"status":"done"}"#)) == WriterResult(status: .done))
    }

    @Test func `a question in the summary is a question`() throws {
        let read = try WriterResultDecoder.decode(document(#"{"status":"question","summary":"Which?"}"#))
        #expect(read.question == "Which?")
    }

    @Test(arguments: [
        ("{}", "status: is missing; it is one of done, question, blocked"),
        (#"{"status":"ok"}"#, #"status: "ok" is not one of done, question, blocked"#),
        (#"{"status":"done","summary":[]}"#, "summary: a string was expected, not an array"),
        (#"{"status":"question"}"#, #"question: is missing, though the status is "question""#),
        (
            #"{"status":"blocked"}"#,
            #"summary: is missing, though the status is "blocked"; say what blocks the work"#
        ),
        ("", "the result file is empty"),
        ("[]", "the result is JSON, but no object"),
        ("done", "the result is no valid JSON: no value at byte 0"),
        (
            #"{"status":"done","status":"done"}"#,
            #"the result is no valid JSON: the name "status" stands twice at byte 25"#
        ),
    ])
    func `a fault is named`(text: String, fault: String) {
        #expect(faults(ofWriter: text) == [fault])
    }

    @Test func `a byte order mark and white space around it do no harm`() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array(" \n{\"status\":\"done\"}\r\n".utf8)
        #expect(try WriterResultDecoder.decode(ResultDocument(bytes)).status == .done)
    }
}

struct UsageDecoding {
    @Test func `usage is read, whole or in part`() throws {
        let all = try UsageDecoder.decode(
            document(#"{"usage":{"inputTokens":10,"outputTokens":2,"costUSD":0.5,"cached":1}}"#))
        #expect(all.usage == Usage(inputTokens: 10, outputTokens: 2, costUSD: 0.5))
        #expect(all.fault == nil)
        #expect(try UsageDecoder.decode(document(#"{"usage":{"costUSD":2}}"#)).usage == Usage(costUSD: 2))
        #expect(try UsageDecoder.decode(document("{}")).fault == nil)
    }

    @Test(arguments: [
        #"{"costUSD":-1}"#, #"{"costUSD":1e300}"#, #"{"costUSD":"1"}"#, #"{"inputTokens":-5,"costUSD":1}"#,
        #"{"inputTokens":1.5}"#, #"{"outputTokens":9223372036854775807}"#, "7",
    ])
    func `a figure that cannot be makes the usage unknown, and is told`(usage: String) throws {
        let read = try UsageDecoder.decode(document(#"{"usage":\#(usage)}"#))
        #expect(read.usage == .unknown)
        #expect(read.fault?.hasPrefix("usage: ") == true)
    }
}
