import FactoryCore
import FactoryFiles
import Glibc
import Testing

@testable import FactoryGit

/// A look at a lane costs what was touched, and misses nothing.
@Suite struct LaneWatchTests {
    private func armed(_ files: [String: String]) throws -> LaneFixture {
        let fixture = try LaneFixture()
        try fixture.lend(files)
        return fixture
    }

    /// The watch's own account of what a script does.
    private func account(_ script: String) throws -> [String: Set<String>]? {
        let fixture = try LaneFixture()
        try fixture.lane.show(fixture.tree(["a": "1", "b": "1", "dir/c": "1", "dir/deep/d": "1"]))
        let watch = LaneWatch()
        watch.arm(fixture.lane.tracked, generation: 1, in: fixture.lane.root)
        try shell(script, in: fixture.lane.path)
        return watch.take().map { touches in
            var names: [String: Set<String>] = [:]
            for (directory, touched) in touches.names {
                names[directory.text] = Set(touched.map { String(decoding: $0.bytes, as: UTF8.self) })
            }
            return names
        }
    }

    @Test func `the kernel names what was touched, and nothing else`() throws {
        #expect(try account("cat a dir/c > /dev/null; ls -l dir") == [:])
        #expect(
            try account("echo 2 > a; echo 2 > dir/deep/d; : > dir/new") == [
                "": ["a"], "dir": ["new"], "dir/deep": ["d"],
            ])
        #expect(try account("chmod +x b; rm dir/c; truncate -s 0 a") == ["": ["a", "b"], "dir": ["c"]])
        #expect(try account("sed -i s/1/2/ dir/c").map { $0["dir"]?.contains("c") } == true)
    }

    @Test(arguments: [
        "mkdir new", "rm -r dir/deep", "mv dir other", "chmod 700 dir", "touch dir", "ln a x; echo 2 >> x; rm x",
        "ln a x; echo 2 >> x; mv x ../x", "ln a b2; echo 2 >> b2; echo 3 > n; mv n b2",
    ])
    func `where names do not tell all, no account is given`(script: String) throws {
        #expect(try account(script) == nil)
    }

    @Test func `an account is given once, and only after it was begun`() throws {
        let fixture = try LaneFixture()
        try fixture.lane.show(fixture.tree(["a": "1"]))
        let watch = LaneWatch()
        #expect(watch.take() == nil)
        watch.arm(fixture.lane.tracked, generation: 1, in: fixture.lane.root)
        #expect(watch.take() != nil)
        #expect(watch.take() == nil)
        watch.arm(fixture.lane.tracked, generation: 1, in: fixture.lane.root)
        watch.disarm()
        #expect(watch.take() == nil)
    }

    @Test(arguments: [
        "ln a x; echo 2 >> x", "ln a x; echo 2 >> x; rm x", "ln a x; echo 2 >> x; mv b x",
        "mkdir d; ln a d/x; echo 2 >> d/x; rm -r d", "ln a dir/x; echo 2 >> dir/x; mv dir/x ../x",
        "ln a ../x; echo 2 > b; mv ../x y; echo 2 >> y",
    ])
    func `a file that is written by another of its names is found`(script: String) throws {
        let fixture = try armed(["a": "1", "b": "1", "dir/c": "1"])
        try shell(script, in: fixture.lane.path)
        #expect(fixture.lane.scan().changes.contains { $0.path == RepoPath("a") && $0.kind == .modified })
    }

    @Test func `a file that is written through memory is found`() throws {
        let fixture = try armed(["a": "1234", "b": "1"])
        try shell(
            """
            python3 -c 'import mmap,os
            f=os.open("a",os.O_RDWR); m=mmap.mmap(f,4); os.close(f); m[0:1]=b"9"; m.flush()'
            """, in: fixture.lane.path)
        #expect(fixture.lane.scan().changes.map(\.path) == [RepoPath("a")])
    }

    @Test func `more than the kernel remembers costs time and misses nothing`() throws {
        let fixture = try armed(["a": "1", "b": "1", "c": "1"])
        let events = try #require(Int(try Files.text("/proc/sys/fs/inotify/max_queued_events")?.dropLast() ?? ""))
        try shell(
            """
            python3 -c 'import os
            for _ in range(\(events)): os.utime("a"); os.utime("b")
            open("c","w").write("2")'
            """, in: fixture.lane.path)
        #expect(fixture.lane.scan().changes.map(\.path) == [RepoPath("c")])
    }

    @Test func `what a reset has left is seen at the next look`() throws {
        let fixture = try armed([".gitignore": "*.o\n", "a": "1"])
        try fixture.agent("echo 1 > x.o; echo 1 > new")
        try fixture.lane.reset(leaving: .ignored)
        fixture.lane.lend()
        #expect(fixture.lane.scan().ignored == [RepoPath("x.o")])
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(try #require(fixture.lane.tree)))
    }

    @Test func `directories that come and go with trees are watched as well`() throws {
        let fixture = try armed(["a": "1", "dir/c": "1"])
        let other = try fixture.tree(["a": "1", "new/deep/e": "1"])
        try fixture.lane.show(other)
        try fixture.agent("echo 2 > new/deep/e")
        #expect(fixture.lane.scan().changes.map(\.path) == [RepoPath("new/deep/e")])
        try fixture.lane.show(try fixture.tree(["a": "1", "dir/c": "1"]))
        try fixture.agent("echo 2 > dir/c")
        #expect(fixture.lane.scan().changes.map(\.path) == [RepoPath("dir/c")])
        try fixture.lane.reset()
        #expect(try fixture.listing() == fixture.reference(try #require(fixture.lane.tree)))
    }
}
