import FactoryCore
import FactoryFiles
import FactoryGit
import Testing

struct JournalTests {
    let box: Sandbox
    let journal: JournalStore
    let seven = PRNumber(7)

    init() throws {
        box = try Sandbox()
        journal = box.journal
    }

    @Test func `a story is told by git log alone`() throws {
        let head = try commit("work", ["a": "1"], in: box.hub)
        let opened = try journal.append(seven, expecting: nil, draft("opened", body: #"{"n":1}"#, about: head))
        let started = try journal.append(
            seven, expecting: opened, draft("started\nnow", body: #"{"n":2}"#, about: head))
        let last = try journal.append(seven, expecting: started, draft("finished", body: "{\n\n}\n"))
        let records = try journal.history(seven)
        #expect(records.map(\.id) == [opened, started, last])
        #expect(records.map(\.subject) == ["opened", "started now", "finished"])
        #expect(records.map { String(decoding: $0.body, as: UTF8.self) } == [#"{"n":1}"#, #"{"n":2}"#, "{\n\n}\n"])
        #expect(records.map(\.about) == [nil, head, nil])
        #expect(records.map(\.previous) == [nil, opened, started])
        #expect(records.map(\.time) == [noon, noon, noon])
        #expect(try journal.tip(seven) == last)
        let log = try Git.run(
            "log", "--first-parent", "--format=%an %s", "refs/factory/pr/7", in: box.journalPath)
        #expect(log == "Factory finished\nFactory started now\nFactory opened")
        #expect(try Git.attempt(["fsck", "--strict"], in: box.journalPath).status == 0)
    }

    @Test func `an entry without artifacts costs one object`() throws {
        let first = try journal.append(seven, expecting: nil, draft("opened"))
        let before = try Git.run("count-objects", in: box.journalPath)
        _ = try journal.append(seven, expecting: first, draft("noted"))
        let after = try Git.run("count-objects", in: box.journalPath)
        #expect(before.split(separator: " ").first == "2" && after.split(separator: " ").first == "3")
    }

    @Test func `artifacts come back by name`() throws {
        var draft = draft("finished")
        draft.artifacts = [("log.txt", [1, 2, 3]), ("verdict.json", Array("{}".utf8))]
        let record = try journal.read(journal.append(seven, expecting: nil, draft))
        #expect(try journal.artifact("log.txt", in: record) == [1, 2, 3])
        #expect(try journal.artifact("other", in: record) == nil)
        #expect(throws: GitError.self) { try journal.artifact("log.txt", in: record, limit: 2) }
    }

    @Test func `whoever loses the race is told, and wrote nothing`() throws {
        let first = try journal.append(seven, expecting: nil, draft("opened"))
        let second = try box.secondJournal().append(seven, expecting: first, draft("faster"))
        let lost = GitError.lostSwap(ref: "refs/factory/pr/7", actual: second)
        #expect(throws: lost) { try journal.append(seven, expecting: first, draft("slower")) }
        #expect(throws: lost) { try journal.append(seven, expecting: nil, draft("again")) }
        #expect(try journal.history(seven).map(\.subject) == ["opened", "faster"])
    }

    @Test func `several records go in together or not at all`() throws {
        let first = try journal.append(seven, expecting: nil, draft("opened"))
        let both = try journal.append(seven, expecting: first, [draft("finished"), draft("started")])
        #expect(try journal.history(seven).map(\.id) == [first] + both)
        #expect(throws: GitError.lostSwap(ref: "refs/factory/pr/7", actual: both.last)) {
            try journal.append(seven, expecting: first, [draft("late"), draft("later")])
        }
        #expect(try journal.history(seven).map(\.subject) == ["opened", "finished", "started"])
    }

    @Test func `a record never speaks of a commit that is not there`() throws {
        let nothing = CommitID(String(repeating: "1", count: 40))
        #expect(throws: GitError.self) { try journal.append(seven, expecting: nil, draft("x", about: nothing)) }
        #expect(try journal.tip(seven) == nil && journal.history(seven).isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func `two who append at once both get all their records in`() throws {
        let path = box.journalPath
        let root = try journal.append(seven, expecting: nil, draft("opened"))
        let threads = (0..<2).map { writer in
            Thread {
                guard let own = try? JournalStore.open(path) else { return }
                for index in 0..<100 {
                    while let tip = try? own.tip(PRNumber(7)) {
                        if (try? own.append(PRNumber(7), expecting: tip, draft("\(writer)-\(index)"))) != nil { break }
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        let subjects = try journal.history(seven).map(\.subject)
        #expect(subjects.count == 201 && Set(subjects).count == 201)
        for writer in 0..<2 {
            #expect(subjects.filter { $0.hasPrefix("\(writer)-") } == (0..<100).map { "\(writer)-\($0)" })
        }
        #expect(try journal.history(seven).first?.id == root)
    }

    @Test func `PRs are listed by number, and nothing else is`() throws {
        for number in [10, 9, 100] { _ = try journal.append(PRNumber(number), expecting: nil, draft("opened")) }
        let stray = try commit("stray", in: journal.repository)
        try journal.repository.move("refs/factory/pr/notes", from: nil, to: stray)
        #expect(try journal.list().map(\.0.value) == [9, 10, 100])
    }

    @Test func `unfinished work of a lane is kept in the journal with everything it needs`() throws {
        let lane = try Repository.createBare(at: box.directory.path + "/lane.git")
        let base = try commit("base", ["a": "1"], in: lane)
        let work = try commit("late", ["a": "1", "d/b": "2"], parents: [base], in: lane)
        try journal.rescue(seven, attempt: "2", commit: work, from: lane)
        try journal.rescue(seven, attempt: "2", commit: work, from: lane)
        try Files.remove(lane.path)
        #expect(try journal.repository.verifyObjects(from: [work], contents: true).isEmpty)
        #expect(try journal.repository.resolve("refs/factory/rescue/7/2") == work)
        let other = try commit("other", in: box.hub)
        #expect(throws: GitError.lostSwap(ref: "refs/factory/rescue/7/2", actual: work)) {
            try journal.rescue(seven, attempt: "2", commit: other)
        }
    }
}
