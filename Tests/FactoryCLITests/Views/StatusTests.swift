import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryTestSupport
import Testing

@testable import FactoryCLI

struct StatusTests {
    @Test func `three groups, then the command that comes next`() throws {
        #expect(
            StatusView(board: try .ofTheNight()).text == """
                NEEDS YOU
                  #41  Rate-limit the login form  code-review: at most 2 returns  8 h
                  #44  Drop Python 3.8            protected-path, diff-size       8 h
                MOVING
                  #46  Export as CSV              queued, waits for #41
                  #47  Search by name             implementation, session 1, for 23 min
                LANDED since yesterday
                  #37  Cache avatar lookups       a1b2c3d4e                       20 Nov 22:36

                Next: factory why 41
                """)
    }

    @Test func `a long queue stays within twenty lines and counts what it leaves out`() {
        var all = (1...30).map { PullRequest.sample($0) }
        all += (31...60).map { PullRequest.sample($0, in: .merged) }
        let time = LocalTime(now: .noon, minuteOfDay: 720)
        let board = Board(all, working: [], configuration: Configuration(), minuteOfDay: 720, time: time)
        let lines = StatusView(board: board).text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 20)
        #expect(lines.contains("  … and 23 more"))
        #expect(lines.last == "Next: factory run")
    }

    @Test(arguments: [(10, [2, 3, 1], [2, 3, 1]), (4, [9, 9, 9], [2, 1, 1]), (7, [1, 9, 9], [1, 3, 3])])
    func `rows are shared out evenly`(rows: Int, wanted: [Int], shares: [Int]) {
        #expect(StatusView.share(rows, among: wanted) == shares)
    }

    @Test func `an empty line says so`() {
        let board = Board([], working: [], configuration: Configuration(), minuteOfDay: 0, time: morning)
        #expect(
            StatusView(board: board).text
                == "Nothing is queued, nothing needs you, nothing landed.\nNext: factory spec new \"TITLE\"")
    }

    @Test func `a hostile title cannot steer the terminal`() {
        var pr = PullRequest.sample()
        pr.title = "\u{1B}[2J\u{202E}gone\nand more"
        let board = Board([pr], working: [], configuration: Configuration(), minuteOfDay: 0, time: morning)
        #expect(StatusView(board: board).text.contains("#7  [2Jgone and more  queued"))
    }

    @Test func `the contract for scripts has every member, always, in order`() async throws {
        let office = try await Office()
        _ = try await office.submit(7)
        _ = try await office.work(.plan, .question("which?"), try await office.submit(8))
        let said = try await office.run("status", "--json")
        let json = try JSON(parsing: Array(said.data.utf8))
        #expect(json.object?.members.map(\.key) == ["schema", "pullRequests", "night", "line", "configurationFault"])
        let items = json["pullRequests"]?.array ?? []
        let members = [
            "number", "spec", "title", "state", "attempts", "head", "landed", "reverted", "reason",
            "costUSD", "updated",
        ]
        #expect(items.map { $0.object?.members.map(\.key) } == [members, members])
        #expect(items[0]["attempts"] == .object([:]))
        #expect(items[0]["reason"] == .null)
        #expect(items[1]["attempts"] == .object(["plan": 1]))
        #expect(items[1]["reason"] == .object(["kind": "question", "rule": "plan: question", "message": "which?"]))
        #expect(items[1]["updated"] == "2026-11-21T12:00:00Z")
    }

    @Test func `a configuration that cannot be read comes first`() async throws {
        let office = try await Office()
        _ = try await office.submit(7)
        let quiet = try await office.run("status")
        #expect(!quiet.data.contains("NOTHING CAN RUN"))
        let main = try await office.store.mainTip()
        let broken = try await office.commit([".factory/config.yml": "concurrencie: 2\n"], on: main, "Break it")
        _ = try await office.shell("git --git-dir=\(office.home.hub) update-ref refs/heads/main \(broken.hex)")
        let said = try await office.run("status")
        #expect(said.data.hasPrefix("NOTHING CAN RUN: the configuration on main cannot be read\n"), "\(said.data)")
        #expect(said.data.contains("concurrencie") && said.data.hasSuffix("Next: factory doctor\n"), "\(said.data)")
        let json = try JSON(parsing: Array(try await office.run("status", "--json").data.utf8))
        #expect(json["configurationFault"]?.string?.contains("concurrencie") == true)
    }

    @Test func `what was put away only shows with --all`() async throws {
        let office = try await Office()
        _ = try await office.submit(7)
        _ = try await office.run("close", "7")
        _ = try await office.submit(8)
        _ = try await office.store.archive(closedBefore: .noon + 1, at: .noon)
        func numbers(_ words: String...) async throws -> [Int] {
            let json = try JSON(parsing: Array(try await office.run(words).data.utf8))
            return json["pullRequests"]?.array?.compactMap { $0["number"]?.int } ?? []
        }
        #expect(try await numbers("status", "--json") == [8])
        #expect(try await numbers("status", "--json", "--all") == [7, 8])
    }

    @Test func `a session counts as running while its lease is held, and not after`() async throws {
        let office = try await Office()
        _ = try await office.start(.plan, try await office.submit())
        do {
            let lease = try FileLock(tryLocking: office.home.locks + "/pr-7")
            let running = try await office.run("status").data
            #expect(running.contains("plan, session 1, for 0 s"))
            #expect(running.hasSuffix("Next: factory logs 7 --follow\n"))
            withExtendedLifetime(lease) {}
        }
        let lost = try await office.run("status").data
        #expect(lost.contains("plan, session 1, but nobody works on it: factory run"))
        #expect(lost.hasSuffix("Next: factory run\n"))
    }
}
