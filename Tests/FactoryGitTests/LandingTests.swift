import FactoryCore
import FactoryFiles
import FactoryGit
import Glibc
import Testing

struct LandingTests {
    let box: Sandbox
    let base: CommitID
    let squash: CommitID
    let certified: CommitID
    let record: CommitID
    let head: CommitID
    let main = "refs/heads/main"
    let branch = "refs/heads/spec/0007-login"
    let seven = PRNumber(7)

    init() throws {
        box = try Sandbox()
        base = try commit("base", in: box.hub)
        try box.hub.move(main, from: nil, to: base)
        head = try commit("head", ["a": "1"], parents: [base], in: box.hub)
        squash = try commit("squash", ["a": "1"], parents: [base], in: box.hub)
        certified = try box.journal.append(seven, expecting: nil, draft("certified"))
        record = try box.journal.write(draft("landed", about: squash), after: certified)
    }

    func landing() -> LandingTransaction {
        LandingTransaction(
            hub: box.hub, main: main, from: base, to: squash, branch: branch, heads: [head], journal: box.journal,
            number: seven, expecting: certified, record: record)
    }

    func wasLanded() throws -> Bool { try LandingTransaction.wasLanded(squash, in: main, of: box.hub) }

    @Test func `branch and journal move together`() throws {
        #expect(try !wasLanded())
        #expect(try landing().land() == .landed)
        #expect(try box.hub.resolve(main) == squash && box.journal.tip(seven) == record)
        #expect(try wasLanded())
        #expect(try landing().land() == .mainMoved(squash))
    }

    @Test func `a person's close in between wins cleanly`() throws {
        let closed = try box.journal.append(seven, expecting: certified, draft("closed"))
        #expect(try landing().land() == .journalMoved(closed))
        #expect(try box.hub.resolve(main) == base && !wasLanded())
    }

    @Test func `a push in between wins cleanly`() throws {
        let pushed = try commit("pushed", parents: [base], in: box.hub)
        try box.hub.move(main, from: base, to: pushed)
        #expect(try landing().land() == .mainMoved(pushed))
        #expect(try box.journal.tip(seven) == certified)
    }

    @Test func `a stop in between wins cleanly, and one that comes while it lands has to wait`() throws {
        var heeding = landing()
        heeding.line = .at(nil)
        let stopped = try box.journal.appendToStanding(draft("stopped"), expecting: nil)
        #expect(try heeding.land() == .lineMoved(stopped))
        #expect(try box.hub.resolve(main) == base && box.journal.tip(seven) == certified)
        heeding.line = .at(stopped)
        let rival = try JournalStore.open(box.journalPath)
        rival.repository.lockPatience = 0.02
        var refusal: GitError?
        let outcome = try heeding.land {
            do { _ = try rival.appendToStanding(draft("stopped"), expecting: stopped) } catch {
                refusal = error as? GitError
            }
        }
        #expect(outcome == .landed && refusal == .locked(JournalStore.standingRef))
        _ = try rival.appendToStanding(draft("stopped"), expecting: stopped)
    }

    @Test func `a landing that heeds no stop, as a revert's, goes on`() throws {
        _ = try box.journal.appendToStanding(draft("stopped"), expecting: nil)
        #expect(try landing().land() == .landed)
    }

    @Test func `a push to the pull request's own branch in between wins cleanly`() throws {
        try box.hub.move(branch, from: nil, to: head)
        let pushed = try commit("pushed", ["a": "2"], parents: [head], in: box.hub)
        try box.hub.move(branch, from: head, to: pushed)
        #expect(try landing().land() == .branchMoved(pushed))
        #expect(try box.hub.resolve(main) == base && box.journal.tip(seven) == certified)
    }

    @Test func `a branch that stands at the head or is not there any more does not hold a landing up`() throws {
        try box.hub.move(branch, from: nil, to: head)
        #expect(try landing().land() == .landed)
        #expect(try box.hub.resolve(branch) == head)
    }

    @Test func `nobody else writes either ref between the two moves`() throws {
        let rival = try commit("rival", parents: [squash], in: box.hub)
        var attempts: [Int32] = []
        let outcome = try landing().land {
            for (path, ref) in [
                (box.hubPath, main), (box.hubPath, branch), (box.journalPath, "refs/factory/pr/7"),
            ] {
                let new = path == box.hubPath ? rival.hex : record.hex
                let result = try? Git.attempt(["update-ref", ref, new], in: path)
                attempts.append(result?.status ?? -1)
            }
        }
        #expect(outcome == .landed)
        // The branches were written and let go of; the journal still is locked.
        #expect(attempts == [0, 0, 128])
        #expect(try box.journal.tip(seven) == record && wasLanded())
    }

    @Test func `what is left after a kill between the two moves tells that it landed`() async throws {
        let place = [box.hubPath, box.journalPath, base.hex, squash.hex, certified.hex, record.hex]
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [place = place as [String]] in
            let landing = LandingTransaction(
                hub: try Repository.open(place[0]), main: "refs/heads/main", from: CommitID(place[2]),
                to: CommitID(place[3]), branch: "refs/heads/spec/7", heads: [],
                journal: try JournalStore.open(place[1]), number: PRNumber(7),
                expecting: CommitID(place[4]), record: CommitID(place[5]))
            _ = try landing.land { kill(getpid(), SIGKILL) }
        }
        #expect(try wasLanded() && box.journal.tip(seven) == certified)
        // The journal's lock was left behind; nobody appends before it is broken.
        box.journal.repository.lockPatience = 0.02
        #expect(throws: GitError.locked("refs/factory/pr/7")) {
            try box.journal.append(seven, expecting: certified, draft("again"))
        }
        let maintenance = try #require(try box.journal.repository.maintenanceLock())
        let broken = try box.journal.repository.breakLeftoverLocks(under: maintenance, grace: 0.02)
        #expect(broken == ["holdout", "pr"].map { "\(box.journalPath)/refs/factory/\($0)/7.lock" })
        _ = try box.journal.append(seven, expecting: certified, draft("landed", about: squash))
    }

    @Test func `pushes on top do not hide a landing, a rewritten branch does`() throws {
        _ = try landing().land()
        let pushed = try commit("pushed", parents: [squash], in: box.hub)
        try box.hub.move(main, from: squash, to: pushed)
        #expect(try wasLanded())
        try box.hub.move(main, from: pushed, to: base)
        #expect(try !wasLanded())
    }
}
