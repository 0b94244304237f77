import FactoryCore
import FactoryFiles
import Glibc
import Testing

@testable import FactoryGit

/// What an agent may leave behind, by accident or on purpose.
@Suite struct HostileLaneTests {
    @Test func `a directory replaced by a link to outside leads nowhere`() throws {
        let fixture = try LaneFixture()
        let outside = fixture.home.path + "/outside"
        try Files.makeDirectory(outside)
        try Files.write("secret", to: outside + "/b")
        let base = try fixture.lend(["dir/b": "2", "a": "1"])
        try fixture.agent("rm -r dir; ln -s \(outside) dir")
        let status = fixture.lane.scan()
        #expect(status.changes.map { "\($0.kind) \($0.path)" } == ["added dir", "deleted dir/b"])
        #expect(status.problems.map(\.kind) == [.escapingLink(target: Array(outside.utf8))])
        let next = try fixture.tree(["dir/b": "overwritten", "a": "1"])
        try fixture.lane.show(next)
        #expect(try Files.text(outside + "/b") == "secret")
        #expect(try fixture.listing() == fixture.reference(next))
        try fixture.lane.show(base)
        #expect(try shell("ls \(outside)", in: "/") == "b\n")
    }

    @Test func `a link stays a link, and one that leads out is told`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["dir/a": "1"])
        try fixture.agent("ln -s /etc/passwd abs; ln -s ../../up dir/up; ln -s ../dir/a dir/fine; ln -s .. dir/root")
        let snapshot = try fixture.lane.snapshot()
        #expect(snapshot.problems.map(\.path) == [RepoPath("abs"), RepoPath("dir/up")])
        #expect(try snapshot.tree == fixture.treeByGit(startingFrom: base))
        let entry = try #require(try fixture.hub.entry(at: RepoPath("abs"), in: snapshot.tree))
        #expect(entry.mode == FileVersion.Mode.symlink.rawValue)
        #expect(try fixture.hub.read(entry.blob, limit: 100) == Array("/etc/passwd".utf8))
    }

    @Test(.timeLimit(.minutes(1))) func `a FIFO in place of a tracked file forbids the snapshot`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1", ".gitignore": "x"])
        try fixture.agent("rm a .gitignore; mkfifo a .gitignore; echo 1 > new")
        #expect(fixture.lane.scan().obstacles.map(\.path) == [RepoPath(".gitignore"), RepoPath("a")])
        #expect(throws: SnapshotError.self) { try fixture.lane.snapshot() }
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
    }

    @Test func `a stray FIFO is left out and told`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1"])
        try fixture.agent("mkfifo pipe; echo 1 > new")
        let snapshot = try fixture.lane.snapshot()
        #expect(snapshot.problems.map(\.kind) == [.specialFile])
        #expect(try snapshot.tree == fixture.treeByGit(startingFrom: base))
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(snapshot.tree))
    }

    @Test func `a repository inside the lane forbids the snapshot and goes with a reset`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1", "dir/b": "1"])
        try fixture.agent("git init -q sub; echo 1 > sub/file; mkdir dir/.GIT; echo 1 > fine")
        let status = fixture.lane.scan()
        #expect(status.obstacles.map { "\($0.path)" } == ["dir/.GIT", "sub"])
        #expect(status.changes.map(\.path) == [RepoPath("fine")])
        #expect(throws: SnapshotError.refused(status.obstacles)) { try fixture.lane.snapshot() }
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
    }

    @Test func `the throwaway git directory is not looked into`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1"])
        try fixture.agent(
            """
            git init -q . && git config core.fsmonitor 'touch ../fired' && git config filter.x.clean 'echo forged'
            echo '* filter=x' > .git/info/attributes; echo a > .git/info/exclude
            printf '#!/bin/sh\\ntouch ../fired\\n' > .git/hooks/post-checkout; chmod +x .git/hooks/post-checkout
            echo 2 > a; echo 3 > b
            """)
        let snapshot = try fixture.lane.snapshot()
        #expect(try snapshot.tree == fixture.tree(["a": "2\n", "b": "3\n"]))
        try fixture.lane.show(base)
        #expect(!Files.exists(fixture.lane.directory + "/fired"))
    }

    @Test func `a huge sparse file is refused before it is read`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1"])
        try fixture.agent("truncate -s 5G giant; rm a; truncate -s 5G a")
        let started = ContinuousClock.now
        let status = fixture.lane.scan()
        #expect(ContinuousClock.now - started < .seconds(1))
        #expect(status.problems.map(\.path) == [RepoPath("a"), RepoPath("giant")])
        #expect(status.problems.allSatisfy { $0.kind == .tooLarge(size: 5 << 30, allocated: 0) })
        #expect(throws: SnapshotError.self) { try fixture.lane.snapshot() }
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
    }

    @Test func `a large file of the tree itself is no problem`() throws {
        var limits = LaneLimits()
        limits.fileBytes = 10
        let fixture = try LaneFixture(limits: limits)
        let tree = try fixture.lend(["large": "more than ten bytes"])
        try fixture.agent("touch large")
        #expect(fixture.lane.scan().isPristine)
        #expect(try fixture.lane.snapshot().tree == tree)
    }

    @Test func `more than the limits is refused`() throws {
        var limits = LaneLimits()
        limits.names = 10
        limits.totalBytes = 100
        let fixture = try LaneFixture(limits: limits)
        let base = try fixture.lend(["a": "1"])
        try fixture.agent("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo 1 > $i; done")
        #expect(fixture.lane.scan().obstacles.first?.kind == .tooMuch)
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
        fixture.lane.lend()
        try fixture.agent("head -c 60 /dev/zero > x; head -c 60 /dev/zero > y; head -c 60 /dev/zero > z")
        #expect(fixture.lane.scan().obstacles.map(\.kind) == [.tooMuch])
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
    }

    @Test func `names that differ by case only are refused when one of them is new`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["File": "1", "dir/x": "1", "Old": "1", "old": "1"])
        try fixture.agent("echo 1 > FILE; mkdir DIR; echo 1 > DIR/x; echo 1 > Ü; echo 1 > ü")
        let clashes = fixture.lane.scan().obstacles.map { "\($0.path)" }
        #expect(clashes == ["DIR", "FILE", "Ü", "ü"])
    }

    @Test(.timeLimit(.minutes(1))) func `directories nested beyond any path are told and removed`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1"])
        try fixture.agent(
            "python3 -c 'import os\nfor i in range(3000):\n os.mkdir(\"d\"*20); os.chdir(\"d\"*20)\nopen(\"f\",\"w\")'")
        #expect(fixture.lane.scan().obstacles.map(\.kind) == [.tooDeep])
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
    }

    @Test func `files and directories without permissions are told, and put right`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1", "dir/b": "2", "dir/deep/c": "3"])
        try fixture.agent(
            """
            mkdir -p new/inner; echo 1 > new/inner/x; echo 1 > secret; chmod 000 new/inner new secret
            rm dir/b; echo 4 > dir/deep/c; chmod 000 a dir/deep dir; chown -R 4321 .; chmod 755 ../..
            """)
        let problems = try asUser(4321) { fixture.lane.scan().problems }
        #expect(problems.map { "\($0.path)" } == ["a", "dir", "new", "secret"])
        #expect(problems.allSatisfy { $0.kind == .unreadable(code: EACCES) && $0.forbidsSnapshot })
        try asUser(4321) { try fixture.lane.reset() }
        #expect(try fixture.listing() == fixture.reference(base))
    }

    /// Does file work as a user that permissions hold for; the tests themselves may run as root. Only this thread
    /// changes.
    private func asUser<R>(_ user: uid_t, _ body: () throws -> R) throws -> R {
        guard geteuid() == 0 else { return try body() }
        typealias Setter = @convention(c) (uid_t) -> Int32
        let setter = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: Setter.self)
        _ = setter(user)
        defer { _ = setter(0) }
        return try body()
    }

    @Test func `a hard link to a file outside is not written through`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["a": "1"])
        let outside = fixture.home.path + "/outside"
        try Files.write("precious", to: outside)
        try fixture.agent("rm a; ln ../../outside a")
        try fixture.lane.show(try fixture.tree(["a": "written"]))
        #expect(try Files.text(outside) == "precious")
        #expect(try Files.text(fixture.lane.path + "/a") == "written")
    }

    @Test func `a submodule is an empty directory that must stay so`() throws {
        let fixture = try LaneFixture()
        let commit = BlobID("1234567890123456789012345678901234567890")
        let tree = try fixture.hub.updating(fixture.tree(["a": "1"]), [(RepoPath("sub"), .set(.submodule, commit))])
        try fixture.lane.show(tree)
        fixture.lane.lend()
        #expect(fixture.lane.scan().isPristine)
        try fixture.agent("echo 1 > sub/file")
        #expect(fixture.lane.scan().obstacles.map(\.kind) == [.submodule])
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(tree))
        fixture.lane.lend()
        #expect(fixture.lane.scan().isPristine)
    }
}
