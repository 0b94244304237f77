package import FactoryCore
import Testing

/// What every journal must do, whatever keeps it: each case is one rule, checked against a fresh, empty journal.
package enum JournalRule: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case opensOnce = "a number is opened once"
    case tellsTheTip = "the tip is what the newest entry made of the PR"
    case keepsEverything = "history gives back every entry, oldest first, as it was written"
    case refusesAStaleTip = "an entry behind a stale tip is refused and leaves no trace"
    case letsOneRivalWin = "of many who append behind one tip, exactly one wins"
    case refusesIllegalMoves = "an event that does not belong here is refused and leaves no trace"
    case keepsArtifacts = "an entry keeps its own artifacts, byte for byte"
    case listsByNumber = "the list names every PR once, by number, as it stands"
    case keepsFinalOnes = "a PR that is closed is still there, and takes a remark"
    case knowsNothingElse = "a number that was never opened has no tip and no history"

    package var testDescription: String { rawValue }

    /// Checks the rule. `commit` is a commit of the product that the journal may speak of.
    package func check(_ journal: any Journal, commit: CommitID) async throws {
        let work = Work(journal: journal, commit: commit)
        switch self {
        case .opensOnce: try await work.opensOnce()
        case .tellsTheTip: try await work.tellsTheTip()
        case .keepsEverything: try await work.keepsEverything()
        case .refusesAStaleTip: try await work.refusesAStaleTip()
        case .letsOneRivalWin: try await work.letsOneRivalWin()
        case .refusesIllegalMoves: try await work.refusesIllegalMoves()
        case .keepsArtifacts: try await work.keepsArtifacts()
        case .listsByNumber: try await work.listsByNumber()
        case .keepsFinalOnes: try await work.keepsFinalOnes()
        case .knowsNothingElse: try await work.knowsNothingElse()
        }
    }
}

private struct Work {
    let journal: any Journal
    let commit: CommitID
    private let seven = PRNumber(7)

    init(journal: any Journal, commit: CommitID) {
        self.journal = journal
        self.commit = commit
    }

    private func opening(_ number: Int = 7) -> Opening { .sample(number, head: commit, base: commit) }

    private func open(_ number: Int = 7) async throws -> Tip {
        try await journal.open(PRNumber(number), opening(number), at: .noon, by: "ann")
    }

    private func append(_ event: Event, to tip: Tip, _ artifacts: [Artifact] = []) async throws -> Tip {
        try await journal.append(Entry(event, at: tip.pr.updatedAt + 0.25, by: "ann"), to: tip, artifacts: artifacts)
    }

    func opensOnce() async throws {
        let tip = try await open()
        #expect(tip.pr == PullRequest(opening(), number: seven, at: .noon))
        await #expect(throws: JournalConflict(number: seven)) { _ = try await open() }
        #expect(try await journal.history(of: seven).count == 1)
    }

    func tellsTheTip() async throws {
        let opened = try await open()
        let started = try await append(.started(.next(.plan, of: opened.pr)), to: opened)
        #expect(started.pr.state == .plan)
        #expect(started.pr.active?.token == "plan-1")
        #expect(try await journal.tip(of: seven) == started)
    }

    func keepsEverything() async throws {
        let opened = try await open()
        let started = try await append(.started(.next(.plan, of: opened.pr)), to: opened)
        var finish = try Finish.active(of: started.pr, .question("which\ncolour? \u{1F3A8} \"\\\u{1}"))
        finish.usage = Usage(inputTokens: 12, costUSD: 0.25)
        let asked = try await append(.finished(finish), to: started)
        let answered = try await append(.answered("blue"), to: asked)
        let history = try await journal.history(of: seven)
        #expect(history.map(\.id) == [opened.id, started.id, asked.id, answered.id])
        #expect(
            history.map(\.entry.event) == [
                .opened(opening()), .started(.next(.plan, of: opened.pr)), .finished(finish), .answered("blue"),
            ])
        #expect(history.map(\.entry.at) == (0...3).map { Timestamp.noon + Double($0) * 0.25 })
        #expect(history.map(\.state) == [opened.pr, started.pr, asked.pr, answered.pr])
        #expect(history.allSatisfy { $0.entry.by == "ann" && $0.subject == $0.entry.event.sentence })
        #expect(try Fold.pullRequest(seven, from: history.map(\.entry)) == answered.pr)
    }

    func refusesAStaleTip() async throws {
        let opened = try await open()
        let noted = try await append(.noted("mind the gap"), to: opened)
        await #expect(throws: JournalConflict(number: seven)) {
            _ = try await append(.started(.next(.plan, of: opened.pr)), to: opened)
        }
        #expect(try await journal.tip(of: seven) == noted)
        #expect(try await journal.history(of: seven).count == 2)
    }

    func letsOneRivalWin() async throws {
        let opened = try await open()
        let winners = await withTaskGroup(of: Bool.self) { group in
            for rival in 1...8 {
                group.addTask {
                    do {
                        _ = try await append(.noted("rival \(rival)"), to: opened)
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await journal.history(of: seven).count == 2)
    }

    func refusesIllegalMoves() async throws {
        let opened = try await open()
        await #expect(throws: IllegalMove.self) { _ = try await append(.landed(commit), to: opened) }
        #expect(try await journal.tip(of: seven) == opened)
    }

    func keepsArtifacts() async throws {
        let opened = try await open()
        let log = Artifact(name: "test.log", bytes: [0, 10, 13, 255])
        let empty = Artifact(name: "empty.txt", bytes: [])
        let noted = try await append(.noted("with files"), to: opened, [log, empty])
        let later = try await append(.noted("with another"), to: noted, [Artifact(name: "test.log", bytes: [1])])
        #expect(try await journal.artifact("test.log", of: noted.id) == log.bytes)
        #expect(try await journal.artifact("empty.txt", of: noted.id) == [])
        #expect(try await journal.artifact("test.log", of: later.id) == [1])
        #expect(try await journal.artifact("other.log", of: noted.id) == nil)
        #expect(try await journal.artifact("test.log", of: opened.id) == nil)
    }

    func listsByNumber() async throws {
        var tips: [Tip] = []
        for number in [30, 4, 100] { tips.append(try await open(number)) }
        tips[2] = try await append(.parked(note: "wait"), to: tips[2])
        #expect(try await journal.list() == [tips[1], tips[0], tips[2]])
        #expect(try await journal.numbers() == [PRNumber(4), PRNumber(30), PRNumber(100)])
    }

    func keepsFinalOnes() async throws {
        let closed = try await append(.closed(note: "no longer wanted"), to: try await open())
        #expect(closed.pr.state == .closed)
        let noted = try await append(.noted("a pity"), to: closed)
        #expect(try await journal.tip(of: seven) == noted)
        await #expect(throws: IllegalMove.self) { _ = try await append(.retried(to: .plan, note: ""), to: noted) }
    }

    func knowsNothingElse() async throws {
        _ = try await open()
        #expect(try await journal.tip(of: PRNumber(8)) == nil)
        #expect(try await journal.history(of: PRNumber(8)).isEmpty)
    }
}
