import FactoryCore
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct ReportTests {
    @Test func `the night on one screen`() throws {
        #expect(
            try Morning.ofTheNight().text == """
                20 Nov 19:32 to 21 Nov 07:32: 1 landed, 2 need you, 2 are moving.
                NEEDS YOU
                  #41  Rate-limit the login form  code-review: at most 2 returns: changes were requested 3 times  8 h  blocks #46
                       factory why 41  |  factory retry 41 --note "..."  |  factory submit specs/0041-rate-limit.md
                  #44  Drop Python 3.8            protected-path, diff-size: 2 objections                         8 h
                       factory why 44  |  factory approve 44 --override protected-path,diff-size  |  factory retry 44 --note "..."
                LANDED
                  #37  Cache avatar lookups  a1b2c3d4e  20 Nov 22:36  2 rounds, 1 return, 0.40 USD
                MOVING
                  #46  Export as CSV   queued, waits for #41
                  #47  Search by name  implementation, session 1, for 23 min
                HEALTH
                  main is at a1b2c3d4e, which was tested and landed; 1.90 USD on all of these so far
                """)
    }

    @Test func `the same night as Markdown`() throws {
        #expect(
            try Morning.ofTheNight().markdown == """
                # Factory report

                20 Nov 19:32 to 21 Nov 07:32: 1 landed, 2 need you, 2 are moving.

                ## Needs you

                - **#41** Rate-limit the login form: code-review: at most 2 returns: changes were requested 3 times; 8 h; blocks #46
                  - `factory why 41`
                  - `factory retry 41 --note "..."`
                  - `factory submit specs/0041-rate-limit.md`
                - **#44** Drop Python 3.8: protected-path, diff-size: 2 objections; 8 h
                  - `factory why 44`
                  - `factory approve 44 --override protected-path,diff-size`
                  - `factory retry 44 --note "..."`

                ## Landed

                - **#37** Cache avatar lookups: `a1b2c3d4e` at 20 Nov 22:36, 2 rounds, 1 return, 0.40 USD

                ## Moving

                - **#46** Export as CSV: queued, waits for \\#41
                - **#47** Search by name: implementation, session 1, for 23 min

                ## Health

                - main is at a1b2c3d4e, which was tested and landed
                - 1.90 USD on all of these so far
                """)
    }

    @Test func `the three forms name the same pull requests`() throws {
        let night = try Morning.ofTheNight()
        let json = JSON.object(night.json)
        let groups = ["needsYou", "landed", "moving", "closed"].flatMap { json[$0]?.array ?? [] }
        #expect(groups.compactMap { $0["number"]?.int }.sorted() == [37, 41, 44, 46, 47])
        for number in [37, 41, 44, 46, 47] {
            #expect(night.text.contains("  #\(number)  "))
            #expect(night.markdown.contains("**#\(number)**"))
        }
    }

    @Test func `a hostile title is no markup`() throws {
        let tale = Tale(.sample(title: "[x](http://evil) @all <b>\u{1B}[2J"), number: 7, at: morning.now)
        let board = Board(tale)
        let report = Report([tale.pr], from: morning.now, to: morning.now)
        let main = Morning.MainBranch(name: "main", tip: .numbered(1), standing: .idle)
        let text = Morning(report: report, main: main, board: board).markdown
        #expect(text.contains("**#7** \\[x\\](http://evil) \\@all \\<b\\>\\[2J: queued"))
    }

    @Test func `a quiet night is said to be quiet`() async throws {
        let office = try await Office()
        let said = try await office.run("report")
        let tip = try await office.store.mainTip()
        #expect(
            said.data
                == "20 Nov 12:00 to 21 Nov 12:00: nothing happened.\nHEALTH\n  main is at \(tip.short)\n")
    }

    @Test func `main is told apart from what has landed`() throws {
        let tip = CommitID.numbered(0xAB)
        for (standing, words) in [
            (Morning.MainBranch.Standing.ahead, "did not come through the line"), (.rewritten, "was rewritten"),
        ] {
            #expect(Morning.MainBranch(name: "main", tip: tip, standing: standing).sentence.contains(words))
        }
    }

    @Test func `since bounds what has ended, and looks into what was put away`() async throws {
        let office = try await Office()
        _ = try await office.submit()
        _ = try await office.run("close", "7")
        office.clock.advance(by: 2 * 86_400)
        _ = try await office.store.archive(closedBefore: office.clock.now(), at: office.clock.now())
        #expect(try await office.run("report").data.contains("nothing happened"))
        let said = try await office.run("report", "--since", "2026-11-20T00:00:00Z", "--json")
        let closed = try JSON(parsing: Array(said.data.utf8))["closed"]?.array
        #expect(closed?.compactMap { $0["number"]?.int } == [7])
    }

    @Test(arguments: [["--since", "soon"], ["--since", "2030-01-01T00:00:00Z"], ["--format", "html"], ["now"]])
    func `what cannot be reported is a usage error`(words: [String]) async throws {
        #expect(try await Office().run(["report"] + words).code == .usage)
    }
}
