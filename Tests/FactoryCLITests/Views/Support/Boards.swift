import FactoryCore
import FactoryFiles
import FactoryTestSupport
import Glibc

@testable import FactoryCLI

/// 7:32 in the morning in Berlin, where the tests' reader lives.
let morning = LocalTime(now: Timestamp("2026-11-21T06:32:00Z") ?? .noon, minuteOfDay: 7 * 60 + 32)

extension Board {
    /// All tales, with a session of #47 that really runs.
    static func ofTheNight() throws -> Board { try Board(.returned(), .guarded(), .landed(), .waiting(), .working()) }

    init(_ tales: Tale...) {
        self.init(
            tales.map(\.pr), working: [PRNumber(47)], configuration: Configuration(), minuteOfDay: 7 * 60 + 32,
            time: morning)
    }
}

extension WhyView {
    init(_ tale: Tale, on board: Board? = nil, logs: [String] = []) {
        self.init(
            pr: tale.pr, story: tale.story, board: board ?? Board(tale), journal: "/srv/factory/journal.git",
            logs: logs)
    }
}

extension Morning {
    /// The report of that night.
    static func ofTheNight() throws -> Morning {
        let board = try Board.ofTheNight()
        let report = Report(board.pullRequests, from: morning.now + -43_200, to: morning.now)
        let tip = try Tale.landed().pr.landed ?? .numbered(1)
        return Morning(report: report, main: MainBranch(name: "main", tip: tip, standing: .landed), board: board)
    }
}

/// What a command prints as JSON.
func printed(_ object: JSONObject) throws -> String {
    let directory = try TemporaryDirectory("factory-printed")
    let path = directory.path + "/out"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw SystemError("open", path) }
    defer { close(file) }
    Output(environment: [:], data: file, talk: file).print(json: object)
    return try Files.text(path) ?? ""
}
