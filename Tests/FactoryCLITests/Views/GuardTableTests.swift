import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct GuardTableTests {
    @Test func `the table in the document is that of the code`() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let text = try #require(try Files.text(root + "/docs/guards.md"))
        let table = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.prefix { !$0.hasPrefix("| Key") }
        let expected = GuardTable.markdown.split(separator: "\n")
        #expect(Array(table) == expected, "write this table into docs/guards.md:\n\(GuardTable.markdown)")
    }

    @Test func `a warning is told with what landed, a long list is cut`() throws {
        var landed = try Tale.landed().pr
        landed.warnings = (1...5).map {
            Violation(rule: "watched-path", message: "it is changed", path: RepoPath("a\($0)/README.md"))
        }
        let board = Board([landed], working: [], configuration: Configuration(), minuteOfDay: 0, time: morning)
        let report = Report([landed], from: morning.now + -43_200, to: morning.now)
        let main = Morning.MainBranch(name: "main", tip: .numbered(1), standing: .idle)
        let text = Morning(report: report, main: main, board: board).text
        #expect(
            text.contains(
                """
                LANDED
                  #37  Cache avatar lookups  a1b2c3d4e  20 Nov 22:36  2 rounds, 1 return, 0.40 USD
                       warned: a1/README.md: it is changed (watched-path)
                       warned: a2/README.md: it is changed (watched-path)
                       warned: a3/README.md: it is changed (watched-path)
                       and 2 more: factory show 37
                """), "\(text)")
    }

    /// Certificates of version 1 name the rules that passed and nothing else.
    @Test func `a landing under an old certificate is still as recorded`() async throws {
        let office = try await Office()
        var tip = try await office.submit()
        for (stage, outcome) in [
            (Stage.plan, Outcome.delivered), (.planReview, .approved), (.implementation, .delivered),
            (.implementationCI, .green), (.codeReview, .approved),
        ] { tip = try await office.work(stage, outcome, tip) }
        tip = try await office.start(.merge, tip)
        let work = try await office.commit(["new.txt": "new\n"], on: tip.pr.base, "Work")
        let certificate: JSON = .object([
            "v": 1, "pr": 7, "tree": .string(try await office.store.tree(of: work).hex),
            "base": .string(tip.pr.base.hex),
            "checks": .array([CheckResult(name: "test", exit: 0, seconds: 1).json]),
            "guards": .of(["secret", "diff-size"]), "overrides": .array([]),
        ])
        let id = try await office.store.fingerprint(of: certificate.bytes()) as BlobID
        let message = SquashMessage.text(tip.pr, summary: "", certificate: id, reviewers: [])
        let squash = try await office.commit(["new.txt": "new\n"], on: tip.pr.base, message)
        let certification = Certification(id: id, squash: squash, base: tip.pr.base)
        tip = try await office.append(
            .certified(token: tip.pr.active?.token ?? "", certification, certificate: certificate), to: tip)
        _ = try await office.store.land(tip, entry: Entry(.landed(squash), at: .noon, by: "factory"))
        let said = try await office.run("verify")
        #expect(said.code == .ok, "\(said.data)")
        #expect(!(try await office.run("show", "7")).data.contains("GUARDS"))
    }
}
