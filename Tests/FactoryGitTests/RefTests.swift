import FactoryCore
import FactoryFiles
import FactoryGit
import Glibc
import Synchronization
import Testing

struct RefTests {
    let directory: TemporaryDirectory
    let repository: Repository
    let one: CommitID
    let two: CommitID
    let main = "refs/heads/main"

    init() throws {
        directory = try TemporaryDirectory("factory-git")
        repository = try Repository.createBare(at: directory.path + "/a.git")
        one = try commit("1", in: repository)
        two = try commit("2", in: repository)
    }

    @Test func `a ref is made, moved and removed by those who know where it is`() throws {
        #expect(try repository.resolve(main) == nil)
        try repository.move(main, from: nil, to: one)
        #expect(try repository.resolve(main) == one && repository.resolve("HEAD") == one)
        #expect(throws: GitError.lostSwap(ref: main, actual: one)) { try repository.move(main, from: nil, to: two) }
        #expect(throws: GitError.lostSwap(ref: main, actual: one)) { try repository.move(main, from: two, to: one) }
        try repository.move(main, from: one, to: two)
        #expect(throws: GitError.lostSwap(ref: main, actual: two)) { try repository.move(main, from: one, to: nil) }
        try repository.move(main, from: two, to: nil)
        #expect(throws: GitError.lostSwap(ref: main, actual: nil)) { try repository.move(main, from: two, to: one) }
        #expect(try repository.resolve(main) == nil)
    }

    @Test func `a ref that only the packed file has is moved and removed as well`() throws {
        try repository.move(main, from: nil, to: one)
        try Git.run("pack-refs", "--all", in: repository.path)
        #expect(throws: GitError.lostSwap(ref: main, actual: one)) { try repository.move(main, from: nil, to: two) }
        try repository.move(main, from: one, to: two)
        try Git.run("pack-refs", "--all", in: repository.path)
        try repository.move(main, from: two, to: nil)
        #expect(try Git.run("for-each-ref", in: repository.path) == "")
    }

    @Test(arguments: ["main", "refs/../config", "refs/heads/a..b", "refs/heads/x.lock", "refs/heads/", "HEAD"])
    func `a name that git forbids, or that lies outside refs, is refused`(name: String) throws {
        #expect(throws: GitError.self) { try repository.move(name, from: nil, to: one) }
    }

    @Test(arguments: [false, true])
    func `a ref is not named like the directory of another`(packed: Bool) throws {
        try repository.move("refs/heads/a/b", from: nil, to: one)
        if packed { try Git.run("pack-refs", "--all", in: repository.path) }
        for name in ["refs/heads/a", "refs/heads/a/b/c"] {
            #expect(throws: GitError.self) { try repository.move(name, from: nil, to: one) }
        }
        try repository.move("refs/heads/a/b", from: one, to: nil)
        try repository.move("refs/heads/a", from: nil, to: one)
        #expect(try Git.run("for-each-ref", "--format=%(refname)", in: repository.path) == "refs/heads/a")
    }

    @Test func `refs are listed by the beginning of their names`() throws {
        for name in ["refs/factory/pr/2", "refs/factory/pr/10", "refs/factory/rescue/2/1"] {
            try repository.move(name, from: nil, to: one)
        }
        let names = try repository.references(prefix: "refs/factory/pr/").map(\.name)
        #expect(names == ["refs/factory/pr/10", "refs/factory/pr/2"])
        #expect(try repository.references(prefix: "refs/").count == 3)
    }

    @Test func `a lost swap is told apart from a held lock`() throws {
        try repository.move(main, from: nil, to: one)
        try Files.write("", to: repository.path + "/" + main + ".lock")
        repository.lockPatience = 0.02
        #expect(throws: GitError.locked(main)) { try repository.move(main, from: one, to: two) }
        try Files.remove(repository.path + "/" + main + ".lock")
        try repository.move(main, from: one, to: two)
    }

    @Test func `a leftover lock is broken by maintenance and by it alone`() throws {
        try repository.move(main, from: nil, to: one)
        let locks = [main + ".lock", "packed-refs.lock"].map { repository.path + "/" + $0 }
        for lock in locks { try Files.write("", to: lock) }
        let maintenance = try #require(try repository.maintenanceLock())
        #expect(try Repository.open(repository.path).maintenanceLock() == nil)
        #expect(
            try repository.breakLeftoverLocks(under: maintenance, grace: 0.01) == locks.sorted().reversed().sorted())
        #expect(try repository.breakLeftoverLocks(under: maintenance) == [])
        try repository.move(main, from: one, to: two)
    }

    @Test func `a lock that changes hands in the meantime is no leftover`() throws {
        let lock = repository.path + "/" + main + ".lock"
        try Files.makeDirectory(Paths.parent(of: lock))
        try Files.write("", to: lock)
        let path = repository.path
        let done = Atomic(false)
        let renewing = Thread {
            // A new file each time, as a busy writer leaves it.
            while !done.load(ordering: .relaxed) { try? Files.write("", to: lock) }
        }
        defer { try? Files.remove(lock) }
        let other = try Repository.open(path)
        let maintenance = try #require(try other.maintenanceLock())
        #expect(try other.breakLeftoverLocks(under: maintenance, grace: 0.05) == [])
        done.store(true, ordering: .relaxed)
        renewing.join()
    }

    @Test(.timeLimit(.minutes(1)))
    func `of many who create one ref, one wins`() throws {
        let winners = Mutex(0)
        let path = repository.path
        let candidates = try (0..<8).map { try commit("candidate \($0)", in: repository) }
        for round in 0..<20 {
            let threads = candidates.map { candidate in
                Thread {
                    guard let own = try? Repository.open(path) else { return }
                    if (try? own.move("refs/x/\(round)", from: nil, to: candidate)) != nil {
                        winners.withLock { $0 += 1 }
                    }
                }
            }
            for thread in threads { thread.join() }
            #expect(winners.withLock { $0 } == round + 1)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a rival git and two handles lose no update while refs are packed`() throws {
        let path = repository.path
        try repository.move(main, from: nil, to: one)
        let done = Atomic(false)
        let packer = Thread {
            while !done.load(ordering: .relaxed) { _ = try? Git.run("pack-refs", "--all", "--prune", in: path) }
        }
        let moved = Mutex(0)
        let writers = (0..<3).map { writer in
            Thread {
                for index in 0..<40 {
                    let ours = writer < 2 ? Self.append("\(writer) \(index)", path) : Self.gitAppend("\(index)", path)
                    if ours { moved.withLock { $0 += 1 } }
                }
            }
        }
        for writer in writers { writer.join() }
        done.store(true, ordering: .relaxed)
        packer.join()
        let tip = try #require(try Repository.open(path).resolve(main))
        #expect(moved.withLock { $0 } == 120)
        #expect(try Repository.open(path).log(from: tip).count == 121)
        #expect(try Git.attempt(["fsck", "--strict"], in: path).status == 0)
    }

    /// Puts a commit on top of the branch, however often it takes.
    private static func append(_ message: String, _ path: String) -> Bool {
        while true {
            do {
                let repository = try Repository.open(path)
                let tip = try repository.resolve("refs/heads/main")
                let next = try commit(message, parents: tip.map { [$0] } ?? [], in: repository)
                try repository.move("refs/heads/main", from: tip, to: next)
                return true
            } catch let error as GitError {
                guard case .lostSwap = error else {
                    Issue.record(error)
                    return false
                }
            } catch { return false }
        }
    }

    private static func gitAppend(_ message: String, _ path: String) -> Bool {
        while true {
            guard let tip = try? Git.run("rev-parse", "refs/heads/main", in: path),
                let next = try? Git.run(
                    "commit-tree", "-m", message, "-p", tip, TreeID.empty.hex, in: path),
                let result = try? Git.attempt(["update-ref", "refs/heads/main", next, tip], in: path)
            else { return false }
            if result.status == 0 { return true }
        }
    }
}
