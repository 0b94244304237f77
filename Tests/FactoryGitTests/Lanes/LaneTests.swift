import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryGit

@Suite struct LaneTests {
    @Test func `a lane shows exactly the tree, and then exactly another`() throws {
        let fixture = try LaneFixture()
        let first = try fixture.tree(["a": "1", "dir/b": "2", "dir/deep/run.sh": "x"], links: ["link": "dir/b"])
        try fixture.lane.show(first)
        #expect(
            try fixture.listing().hasPrefix(
                """
                d 755 ./dir \n\
                d 755 ./dir/deep \n\
                f 644 ./a \n\
                f 644 ./dir/b \n\
                f 755 ./dir/deep/run.sh \n\
                l 777 ./link dir/b\n
                """))
        let second = try fixture.tree(["a/now/a/directory": "1", "dir": "now a file", "link": "now a file"])
        try fixture.lane.show(second)
        #expect(
            try fixture.listing().hasPrefix(
                """
                d 755 ./a \n\
                d 755 ./a/now \n\
                d 755 ./a/now/a \n\
                f 644 ./a/now/a/directory \n\
                f 644 ./dir \n\
                f 644 ./link \n
                """))
        try fixture.lane.show(first)
        #expect(try fixture.listing() == fixture.reference(first))
    }

    @Test func `an untouched lane has nothing to tell`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["a": "1", "dir/b": "2"], links: ["link": "dir/b"])
        #expect(fixture.lane.scan().isPristine)
    }

    @Test func `a scan tells what was added, modified, deleted and made executable`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["same": "1", "changed": "1", "gone": "1", "dir/gone": "1", "mode": "1"])
        try fixture.agent("echo 2 > changed; rm -r gone dir; chmod +x mode; mkdir new; echo 3 > new/file; touch same")
        let status = fixture.lane.scan()
        #expect(
            status.changes.map { "\($0.kind) \($0.path)" } == [
                "modified changed", "deleted dir/gone", "deleted gone", "modeChanged mode", "added new/file",
            ])
        #expect(status.problems.isEmpty)
        #expect(status.ignored.isEmpty)
    }

    @Test func `a same-size edit whose modification time was set back is seen`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["file": "one\n"])
        try fixture.agent("cp -p file ../before; echo two > file; touch -r ../before file")
        #expect(fixture.lane.scan().changes.map(\.kind) == [.modified])
    }

    @Test func `an edit in the tick in which the file was recorded is seen`() throws {
        let fixture = try LaneFixture()
        let tree = try fixture.lend(["file": "one\n"])
        try fixture.agent("echo two > file")
        // The worst case of a coarse clock: the recorded stamp is the one that the edit left.
        let stamp = try #require(try fixture.lane.root.stamp(of: EntryName("file")))
        let blob = try #require(try fixture.hub.entry(at: RepoPath("file"), in: tree))
        fixture.lane.tracked[EntryName("file")] = .file(
            TrackedFile(mode: .file, blob: try .init(blob.hex), stamp: stamp))
        #expect(fixture.lane.scan().changes.map(\.kind) == [.modified])
    }

    @Test func `a snapshot is the tree that git would make`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1", "dir/b": "2", "c": "3"], links: ["link": "a"])
        try fixture.agent(
            "echo 9 > a; rm -r dir; echo x > dir; mkdir c.d; rm c; mkdir c; echo y > c/d; ln -sf dir link")
        let snapshot = try fixture.lane.snapshot()
        #expect(try snapshot.tree == fixture.treeByGit(startingFrom: base))
        #expect(fixture.lane.tree == snapshot.tree)
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(snapshot.tree))
    }

    @Test func `a snapshot of nothing is the same tree`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1"])
        try fixture.agent("touch a; mkdir empty")
        let snapshot = try fixture.lane.snapshot()
        #expect(snapshot.tree == base)
        #expect(snapshot.changes.isEmpty)
    }

    @Test func `a directory that lost its last file in a snapshot goes with the reset`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["dir/deep/only": "1", "a": "1"])
        try fixture.agent("rm dir/deep/only")
        let snapshot = try fixture.lane.snapshot()
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(snapshot.tree))
    }

    @Test func `a reset undoes everything, ignored files included`() throws {
        let fixture = try LaneFixture()
        let files = [".gitignore": "*.o\nbuild/\n", "a": "1", "dir/b": "2", "run.sh": "x"]
        let base = try fixture.lend(files, links: ["link": "a"])
        try fixture.agent(
            """
            echo changed > a; rm -r dir; chmod -x run.sh; rm link; mkdir link
            mkdir -p build/deep new/empty; echo x > build/deep/x; echo x > new/x.o; echo y > new/file
            rm run.sh; mkdir run.sh; echo x > run.sh/inside
            """)
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
        #expect(fixture.lane.scan().isPristine)
        fixture.lane.lend()
        #expect(fixture.lane.scan().isPristine)
    }

    @Test func `strange permissions are no change, and put right`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1", "dir/b": "2", "run.sh": "x"])
        try fixture.agent("chmod 666 a; chmod 4755 run.sh; chmod 600 dir/b")
        #expect(fixture.lane.scan().changes.isEmpty)
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(base))
    }

    @Test func `ignored paths are told by their uppermost name and not delivered`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend([".gitignore": "node_modules/\n*.log\n!keep.log\n", "a": "1"])
        try fixture.agent("mkdir -p node_modules/x; echo 1 > node_modules/x/y; echo 1 > a.log; echo 1 > keep.log")
        let status = fixture.lane.scan()
        #expect(status.ignored == [RepoPath("a.log"), RepoPath("node_modules")])
        #expect(status.changes.map(\.path) == [RepoPath("keep.log")])
        #expect(try fixture.lane.snapshot().tree == fixture.treeByGit(startingFrom: base))
        try fixture.lane.reset()
        #expect(!Files.exists(fixture.lane.path + "/node_modules"))
        #expect(Files.exists(fixture.lane.path + "/keep.log"))
    }

    @Test func `a tracked file is never ignored`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["build/tracked": "1", "a": "1"])
        try fixture.agent("echo '*' > .gitignore; echo 2 > build/tracked; echo 3 > build/new")
        #expect(fixture.lane.scan().changes.map(\.path) == [RepoPath("build/tracked")])
        #expect(try fixture.lane.snapshot().tree == fixture.treeByGit(startingFrom: base))
    }

    @Test func `declared caches survive a reset and are never delivered`() throws {
        let fixture = try LaneFixture(keep: ["node_modules"])
        let tree = try fixture.lend(["web/a": "1", "b": "1"])
        try fixture.agent("mkdir -p web/node_modules/x; echo 1 > web/node_modules/x/y; echo 1 > stray")
        #expect(fixture.lane.scan().caches == [RepoPath("web/node_modules")])
        try fixture.lane.reset()
        #expect(Files.exists(fixture.lane.path + "/web/node_modules/x/y"))
        #expect(!Files.exists(fixture.lane.path + "/stray"))
        #expect(try fixture.lane.snapshot().tree == tree)
    }

    @Test func `names of any bytes come through`() throws {
        let fixture = try LaneFixture()
        let base = try fixture.lend(["a": "1"])
        try fixture.agent(
            #"""
            for name in "-rf" " lead" "trail " "two words" 'quo"te' "it's" '\back' '*' '?' '[x]' '#hash' '!bang' '~'; do
              echo 1 > "./$name"; done
            printf 1 > "$(printf 'new\nline')"; printf 1 > "$(printf 'latin\351')"; mkdir "$(printf 'd\377')"
            printf 1 > "$(printf 'd\377/tab\there')"; echo 1 > "ünïcode"
            """#)
        let snapshot = try fixture.lane.snapshot()
        #expect(snapshot.changes.count == 17)
        #expect(try snapshot.tree == fixture.treeByGit(startingFrom: base))
        try fixture.lane.show(base)
        #expect(try fixture.listing() == fixture.reference(base))
        try fixture.lane.show(snapshot.tree)
        #expect(try fixture.listing() == fixture.reference(snapshot.tree))
    }

    @Test func `a lane without memory reads every file before it believes it`() throws {
        let fixture = try LaneFixture()
        let tree = try fixture.lend(["a": "1", "dir/b": "2"])
        try fixture.agent("echo forged > dir/b; echo stray > stray; stat -c %i a > ../inode")
        fixture.lane = try FactoryGit.Lane.open(at: fixture.lane.directory, hub: fixture.hub)
        try fixture.lane.show(tree)
        #expect(try fixture.listing() == fixture.reference(tree))
        #expect(try fixture.agent("stat -c %i a") == shell("cat inode", in: fixture.lane.directory))
    }

    @Test func `content can be judged before anything is stored`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["a": "1"])
        try fixture.agent("printf secret > a")
        let change = try #require(fixture.lane.scan().changes.first)
        #expect(try fixture.lane.content(of: change) == Array("secret".utf8))
        let blob = try #require(change.after?.blob)
        #expect(try !fixture.hub.contains(blob))
        _ = try fixture.lane.snapshot()
        #expect(try fixture.hub.contains(blob))
    }

    @Test func `a file that changes between scan and snapshot is not taken`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["a": "1"])
        try fixture.agent("echo judged > a")
        _ = fixture.lane.scan()
        try shell("echo other > a", in: fixture.lane.path)
        #expect(throws: SnapshotError.changedMeanwhile(RepoPath("a"))) { try fixture.lane.snapshot() }
    }
}
