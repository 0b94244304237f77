import FactoryCore
import FactoryFiles
import FactoryGit
import Testing

struct ArchiveTests {
    let box: Sandbox
    let journal: JournalStore

    init() throws {
        box = try Sandbox()
        journal = box.journal
    }

    func open(_ numbers: some Sequence<Int>) throws -> [PRNumber: CommitID] {
        var tips: [PRNumber: CommitID] = [:]
        for number in numbers {
            let first = try journal.append(PRNumber(number), expecting: nil, draft("opened \(number)"))
            tips[PRNumber(number)] = try journal.append(PRNumber(number), expecting: first, draft("closed \(number)"))
        }
        return tips
    }

    func summaries(_ numbers: some Sequence<Int>) -> [PRNumber: [UInt8]] {
        Dictionary(uniqueKeysWithValues: numbers.map { (PRNumber($0), Array("summary\n of \($0)".utf8)) })
    }

    @Test func `a closed PR is found in the archive under its number`() throws {
        let tips = try open([1, 99, 100, 12_345])
        try journal.archive(summaries([1, 100, 12_345]), at: noon)
        #expect(try journal.list().map(\.0.value) == [99])
        for (number, tip) in tips { #expect(try journal.tip(number) == tip) }
        let found = try #require(try journal.archived(PRNumber(12_345)))
        #expect(found.summary == Array("summary\n of 12345".utf8) && found.tip == tips[PRNumber(12_345)])
        #expect(try journal.archived(PRNumber(99)) == nil && journal.archived(PRNumber(7)) == nil)
        #expect(try journal.history(PRNumber(100)).map(\.subject) == ["opened 100", "closed 100"])
        #expect(try journal.newestArchived().map(\.number.value) == [12_345, 100, 1])
        #expect(try journal.newestArchived(2).map(\.number.value) == [12_345, 100])
    }

    @Test func `what was folded stays alive when git packs the store anew`() throws {
        let tips = try open(1...3)
        try journal.archive(summaries(1...2), at: noon)
        try journal.archive(summaries(3...3), at: noon)
        try Git.run("repack", "-a", "-d", "-q", in: box.journalPath)
        try Git.run("prune", "--expire=now", in: box.journalPath)
        let reader = try box.secondJournal()
        for (number, tip) in tips { #expect(try reader.history(number).last?.id == tip) }
        let log = try Git.run("log", "--first-parent", "--format=%s", JournalStore.archiveRef, in: box.journalPath)
        #expect(log == "Archive 1 closed pull requests\nArchive 2 closed pull requests\nBegin the archive")
    }

    @Test func `both the archive and the ref being there is no trouble`() throws {
        let tips = try open([5])
        let five = PRNumber(5)
        let tip = try #require(tips[five])
        try journal.archive(summaries([5]), at: noon)
        try journal.repository.move(JournalStore.ref(five), from: nil, to: tip)
        #expect(try journal.tip(five) == tip && journal.list().count == 1)
        try journal.archive(summaries([5]), at: noon)
        #expect(try journal.list().isEmpty && journal.newestArchived().count == 1)
    }

    @Test func `an archived PR comes back with the next record and can be archived again`() throws {
        let five = PRNumber(5)
        let tip = try #require(try open([5])[five])
        try journal.archive(summaries([5]), at: noon)
        #expect(throws: GitError.lostSwap(ref: "refs/factory/pr/5", actual: tip)) {
            try journal.append(five, expecting: nil, draft("anew"))
        }
        let next = try journal.append(five, expecting: tip, draft("reopened"))
        #expect(try journal.tip(five) == next && journal.history(five).count == 3)
        try journal.archive(summaries([5]), at: noon)
        #expect(try journal.tip(five) == next && journal.archived(five)?.tip == next)
    }

    @Test func `a PR that was never there is passed over`() throws {
        try journal.archive(summaries([5]), at: noon)
        #expect(try journal.repository.resolve(JournalStore.archiveRef) == nil)
    }

    @Test func `a large number of PRs is folded in pieces`() throws {
        let tip = try journal.append(PRNumber(1), expecting: nil, draft("opened"))
        for number in 2...600 { try journal.repository.move(JournalStore.ref(PRNumber(number)), from: nil, to: tip) }
        try journal.archive(summaries(1...600), at: noon)
        #expect(try journal.list().isEmpty && journal.newestArchived().count == 600)
        let archive = try #require(try journal.repository.resolve(JournalStore.archiveRef))
        #expect(try journal.repository.info(archive).parents.count == 101)
    }

    @Test(.timeLimit(.minutes(1)))
    func `appending while others pack, fold and repack loses nothing`() throws {
        let path = box.journalPath
        _ = try open(1...20)
        let appender = Thread {
            guard let own = try? JournalStore.open(path) else { return }
            for index in 0..<150 {
                let number = PRNumber(1 + index % 20)
                while true {
                    do {
                        _ = try own.append(number, expecting: own.tip(number), draft("note \(index)"))
                        break
                    } catch let error as GitError {
                        guard case .lostSwap = error else {
                            Issue.record(error)
                            break
                        }
                    } catch {
                        Issue.record(error)
                        break
                    }
                }
            }
        }
        let maintenance = try #require(try journal.repository.maintenanceLock())
        for _ in 0..<6 {
            try journal.repository.packRefs(under: maintenance)
            try journal.archive(summaries(1...20), at: noon)
            try Git.run(GitCommand.repackKeepingUnreachable(path).arguments, in: "/")
            try journal.repository.restoreFanOut()
            _ = try journal.repository.breakLeftoverLocks(under: maintenance, grace: 0.05)
        }
        appender.join()
        let reader = try box.secondJournal()
        var notes = 0
        for number in 1...20 { notes += try reader.history(PRNumber(number)).count - 2 }
        #expect(notes == 150)
        #expect(try Git.attempt(["fsck", "--strict"], in: path).status == 0)
    }
}
