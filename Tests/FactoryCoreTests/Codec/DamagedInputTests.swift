import FactoryCore
import FactoryTestSupport
import Testing

/// What is no entry is refused, and the error names the member.
struct DamagedInputTests {
    private func record(_ change: (inout JSONObject) -> Void) -> [UInt8] {
        let record = Record(entry: Entry(.noted("hm"), at: .noon, by: "ann"), state: fullPullRequest)
        guard var object = record.json.object else { return [] }
        change(&object)
        return JSON.object(object).bytes()
    }

    private func error(_ bytes: [UInt8]) -> String? {
        do throws(CodecError) {
            _ = try Record(parsing: bytes)
            return nil
        } catch { return error.description }
    }

    /// The record with one member of the state replaced, or removed.
    private func state(_ path: [String], _ value: JSON?) -> [UInt8] {
        record { $0["state"] = setting($0["state"], path, value) }
    }

    private func setting(_ json: JSON?, _ path: [String], _ value: JSON?) -> JSON? {
        guard let key = path.first else { return value }
        if let index = Int(key), var items = json?.array {
            items[index] = setting(items[index], Array(path.dropFirst()), value) ?? .null
            return .array(items)
        }
        var object = json?.object ?? JSONObject()
        object[key] = setting(object[key], Array(path.dropFirst()), value)
        return .object(object)
    }

    @Test func `a sound record is read`() {
        #expect(error(record { _ in }) == nil)
    }

    @Test func `what is no JSON says where it breaks`() {
        #expect(error([]) == "entry: no valid JSON: it ends too early at byte 0")
        let half = Array(record { _ in }.dropLast(10))
        #expect(error(half)?.hasPrefix("entry: no valid JSON: ") == true)
        #expect(error(Array("[1]".utf8)) == "entry is no object")
    }

    @Test func `the two halves of a record are asked for by name`() {
        #expect(error(record { $0["event"] = nil }) == "event: is missing")
        #expect(error(record { $0["state"] = nil }) == "state: is missing")
        #expect(error(record { $0["event"] = 5 }) == "event: event is no object")
        #expect(error(record { $0["event"] = ["kind": "noted", "text": "hm"] }) == "event.at: is missing")
        #expect(error(record { $0["event"] = ["at": "2026-11-21T12:00:00Z"] }) == "event.kind: is missing")
    }

    static let required = [
        "number", "spec", "title", "kind", "author", "state", "head", "base", "opened", "updated",
    ]

    @Test(arguments: required)
    func `a member that no PR lacks is missed by name`(_ key: String) {
        #expect(error(state([key], nil)) == "state.\(key): is missing")
        #expect(error(state([key], .null)) == "state.\(key): is missing")
        #expect(error(state([key], [:]))?.hasPrefix("state.\(key)") == true)
    }

    static let wrong: [(path: [String], value: JSON?, message: String)] = [
        (["state"], "asleep", "state.state: \"asleep\" is not known here"),
        (["opened"], "yesterday", "state.opened: has an unexpected value"),
        (["number"], "seven", "state.number: has an unexpected value"),
        (["number"], 7.5, "state.number: has an unexpected value"),
        (["priority"], "high", "state.priority: has an unexpected value"),
        (["dependsOn"], [1, "two"], "state.dependsOn[1]: has an unexpected value"),
        (["dependsOn"], 3, "state.dependsOn: has an unexpected value"),
        (["author", "name"], nil, "state.author.name: is missing"),
        (["author"], "Ann", "state.author: author is no object"),
        (["active", "token"], nil, "state.active.token: is missing"),
        (["active", "stage"], "dance", "state.active.stage: \"dance\" is not known here"),
        (["counts", "dance"], [:], "state.counts: \"dance\" is not known here"),
        (["counts", "plan", "attempts"], "two", "state.counts.plan.attempts: has an unexpected value"),
        (["reason", "kind"], "mood", "state.reason.kind: \"mood\" is not known here"),
        (["reason", "evidence", "1", "rule"], nil, "state.reason.evidence[1].rule: is missing"),
        (["resume"], "asleep", "state.resume: has an unexpected value"),
        (["notBefore"], 12, "state.notBefore: has an unexpected value"),
        (["waiting", "count"], nil, "state.waiting.count: is missing"),
        (["approvedPlan", "plan"], nil, "state.approvedPlan.plan: is missing"),
        (["tested", "checks", "0", "name"], nil, "state.tested.checks[0].name: is missing"),
        (["tested", "checks", "0"], "test", "state.tested.checks[0]: check is no object"),
        (["certificate", "squash"], nil, "state.certificate.squash: is missing"),
        (["overrides", "1", "rule"], nil, "state.overrides[1].rule: is missing"),
        (["usage", "inputTokens"], -1, "state.usage.inputTokens: has an unexpected value"),
    ]

    @Test func `a member of the wrong kind is named by its path`() {
        for (path, value, message) in Self.wrong { #expect(error(state(path, value)) == message) }
    }

    @Test func `a reviewer's result is refused as precisely`() {
        func problem(_ json: JSON) -> String? {
            do throws(CodecError) {
                _ = try Verdict(json: json)
                return nil
            } catch { return error.description }
        }
        let good: JSON = ["decision": "APPROVE", "summary": "fine"]
        #expect(problem(good) == nil)
        #expect(problem("APPROVE") == "verdict is no object")
        #expect(problem(["decision": "approve"]) == "decision: \"approve\" is not known here")
        #expect(
            problem(["decision": "APPROVE", "findings": [["message": "a"], ["code": "b"]]])
                == "findings[1].message: is missing")
        #expect(
            problem(["decision": "APPROVE", "criteria": [["id": "D1", "met": "yes"]]])
                == "criteria[0].met: has an unexpected value")
    }
}
