import FactoryCore
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct ShowTests {
    @Test func `one page: header, six stages, the timeline, the review, the checks`() throws {
        var tale = try Tale.landed()
        try tale.add(.noted("well done\nall of you"), after: 3600)
        #expect(
            ShowView(pr: tale.pr, story: tale.story, time: morning).text == """
                #37 Cache avatar lookups

                  State   merged
                  Spec    specs/0037-cache-avatars.md
                  Branch  spec/0037-cache-avatars
                  Head    f1f3e1c05, on 5b0c7d1e9
                  Landed  a1b2c3d4e5f60718293a4b5c6d7e8f9001122334
                  Author  Ann <ann@example.org>
                  Opened  20 Nov 22:04
                  Cost    0.40 USD

                STAGES
                  plan               1 session   delivered
                  plan-review        1 session   approved
                  implementation     2 sessions  delivered
                  implementation-ci  2 sessions  green
                  code-review        1 session   approved
                  merge              1 session   landed

                TIMELINE
                  20 Nov 22:04  Queued: Cache avatar lookups        (Ann)
                  20 Nov 22:05  plan 1 started                      (factory)
                  20 Nov 22:09  plan 1: delivered                   (factory)
                  20 Nov 22:10  plan-review 1 started               (factory)
                  20 Nov 22:14  plan-review 1: approved             (factory)
                  20 Nov 22:15  implementation 1 started            (factory)
                  20 Nov 22:19  implementation 1: delivered         (factory)
                  20 Nov 22:20  implementation-ci 1 started         (factory)
                  20 Nov 22:21  implementation-ci 1: red            (factory)
                  20 Nov 22:22  implementation 2 started            (factory)
                  20 Nov 22:26  implementation 2: delivered         (factory)
                  20 Nov 22:27  implementation-ci 2 started         (factory)
                  20 Nov 22:29  implementation-ci 2: green          (factory)
                  20 Nov 22:30  code-review 1 started               (factory)
                  20 Nov 22:34  code-review 1: approved             (factory)
                  20 Nov 22:35  merge 1 started                     (factory)
                  20 Nov 22:36  Certified for landing as a1b2c3d4e  (factory)
                  20 Nov 22:36  Landed as a1b2c3d4e                 (factory)
                  20 Nov 23:36  Remark                              (Ann)
                                  | well done
                                  | all of you

                PLAN-REVIEW 1
                  APPROVE: covers all three items

                CODE-REVIEW 1
                  APPROVE: good

                CHECKS of implementation-ci-2
                  lint  green  2.5 s
                  test  green  127.3 s
                """)
    }

    @Test func `findings and what is not met stand below the review`() throws {
        let tale = try Tale.returned()
        #expect(
            ShowView(pr: tale.pr, story: tale.story, time: morning).text.contains(
                """
                CODE-REVIEW 3
                  REQUEST_CHANGES: the 429 reply is not tested
                  - Tests/LoginTests.swift:12: no test of the 429 reply (blocker, missing-test)
                  - D2 not met: nothing sends a Retry-After header

                """))
    }

    @Test func `the certificate is printed alone, or there is none`() async throws {
        let office = try await Office()
        var tip = try await office.submit()
        let none = try await office.run("show", "7", "--certificate")
        #expect(none.code == .failed)
        #expect(none.talk.hasPrefix("factory: #7 is queued and has no certificate"))
        for (stage, outcome) in [
            (Stage.plan, Outcome.delivered), (.planReview, .approved), (.implementation, .delivered),
            (.implementationCI, .green), (.codeReview, .approved),
        ] { tip = try await office.work(stage, outcome, tip) }
        tip = try await office.start(.merge, tip)
        let squash = try await office.commit(["new.txt": "new\n"], on: tip.pr.base, "Add a login page")
        let certification = Certification(id: .numbered(0xCE), squash: squash, base: tip.pr.base)
        let token = tip.pr.active?.token ?? ""
        tip = try await office.append(
            .certified(token: token, certification, certificate: .object(["v": 1, "pr": 7])), to: tip)
        let said = try await office.run("show", "7", "--certificate", "--json")
        #expect(said.data == "{\n  \"v\": 1,\n  \"pr\": 7\n}\n")
        #expect(said.talk.contains("for \(squash.hex), which did not land"))
        _ = try await office.store.land(tip, entry: Entry(.landed(squash), at: .noon, by: "factory"))
        #expect(try await office.run("show", "7", "--certificate", "--json").talk.hasSuffix("which landed\n"))
        let read = try await office.run("show", "7", "--certificate")
        #expect(read.data.hasPrefix("Certificate \(certification.id.hex)") && read.data.contains("which landed"))
        #expect(try await office.run("why", "7").data.contains("landed at 12:00 as \(squash.short)"))
        let report = try await office.run("report")
        #expect(report.data.contains("main is at \(squash.short), which was tested and landed"))
    }
}
