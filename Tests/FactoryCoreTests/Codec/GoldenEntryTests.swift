import FactoryCore
import FactoryTestSupport
import Testing

/// Journals outlive the program that wrote them, so the format is pinned here byte for byte.
struct GoldenEntryTests {
    static let body = #"""
        {
          "v": 1,
          "event": {
            "kind": "finished",
            "stage": "plan",
            "attempt": 1,
            "token": "42-plan-1-x",
            "outcome": {
              "name": "guard-tripped",
              "violations": [
                {
                  "rule": "secrets",
                  "message": "a \"key\"",
                  "path": "a/b.txt",
                  "line": 3
                }
              ]
            },
            "move": {
              "to": "needs-attention",
              "reason": {
                "kind": "guard",
                "rule": "secrets",
                "message": "a \"key\"",
                "evidence": [
                  {
                    "rule": "secrets",
                    "message": "a \"key\"",
                    "path": "a/b.txt",
                    "line": 3
                  }
                ],
                "stage": "plan"
              },
              "resume": "plan"
            },
            "summary": "First line\nsecond line",
            "usage": {
              "inputTokens": 1200,
              "outputTokens": 34,
              "costUSD": 0.25
            },
            "seconds": 61.5,
            "rescue": "00000000000000000000000000000000000000c1",
            "at": "2026-11-21T12:01:02.500Z",
            "by": "factory"
          },
          "state": {
            "number": 42,
            "spec": "specs/0042-login.md",
            "title": "Add a login page",
            "kind": "feature",
            "priority": 2,
            "dependsOn": [
              3
            ],
            "author": {
              "name": "Ann",
              "email": "ann@example.org"
            },
            "state": "needs-attention",
            "head": "00000000000000000000000000000000000000a1",
            "base": "00000000000000000000000000000000000000b1",
            "opened": "2026-11-21T12:00:00.000Z",
            "updated": "2026-11-21T12:01:02.500Z",
            "counts": {
              "plan": {
                "attempts": 1
              }
            },
            "reason": {
              "kind": "guard",
              "rule": "secrets",
              "message": "a \"key\"",
              "evidence": [
                {
                  "rule": "secrets",
                  "message": "a \"key\"",
                  "path": "a/b.txt",
                  "line": 3
                }
              ],
              "stage": "plan"
            },
            "resume": "plan",
            "withheld": "00000000000000000000000000000000000000c1",
            "usage": {
              "inputTokens": 1200,
              "outputTokens": 34,
              "costUSD": 0.25
            }
          }
        }
        """#

    private var record: Record {
        get throws {
            var opened = PullRequest.sample(42, dependsOn: [3])
            opened.priority = 2
            let started = try opened.after(.started(.next(.plan, of: opened, token: "42-plan-1-x")), by: "factory")
            var finish = try Finish.active(
                of: started,
                .guardTripped([Violation(rule: "secrets", message: "a \"key\"", path: RepoPath("a/b.txt"), line: 3)]))
            finish.rescue = .numbered(0xC1)
            finish.usage = Usage(inputTokens: 1200, outputTokens: 34, costUSD: 0.25)
            finish.seconds = 61.5
            finish.summary = "First line\nsecond line"
            let entry = Entry(.finished(finish), at: started.updatedAt + 61.5, by: "factory")
            return Record(entry: entry, state: try started.applying(entry))
        }
    }

    @Test func `an entry is written as it has always been`() throws {
        let text = try record.json.text(pretty: true)
        #expect(text == Self.body, "now it is\n\(text)")
    }

    @Test func `an entry of old is still understood`() throws {
        #expect(try Record(parsing: Array(Self.body.utf8)) == record)
    }
}
