import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryGit

@Suite struct LaneArtifactTests {
    private let plenty = CopyBounds(files: 100, bytes: 1 << 20)

    private func copied(
        _ fixture: LaneFixture, _ patterns: [String], within bounds: CopyBounds
    ) throws -> (files: CopiedFiles, listing: String) {
        let target = fixture.home.path + "/kept"
        let files = try fixture.lane.copyOut(patterns.map { Glob($0) }, to: target, within: bounds)
        guard Files.exists(target) else { return (files, "") }
        return (files, try shell("find . -type f -printf '%P ' -exec cat '{}' ';' | LC_ALL=C sort", in: target))
    }

    @Test func `regular files that match are copied, tracked, new and ignored ones`() throws {
        let fixture = try LaneFixture()
        try fixture.lend([".gitignore": "out/\n", "a.xml": "tracked\n", "b.txt": "no\n"])
        try fixture.agent("mkdir -p out/deep; echo new > c.xml; echo ignored > out/deep/d.xml")
        let (files, listing) = try copied(fixture, ["*.xml"], within: plenty)
        #expect(files.files == 3 && files.bytes == 20 && files.leftOut == 0)
        #expect(listing == "a.xml tracked\nc.xml new\nout/deep/d.xml ignored\n")
    }

    @Test func `links lead nowhere, and repositories are not entered`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["a": "1"])
        try Files.makeDirectory(fixture.home.path + "/secret")
        try Files.write("secret", to: fixture.home.path + "/secret/x.xml")
        try fixture.agent(
            "ln -s ../../secret way; ln -s ../../secret/x.xml x.xml; mkfifo f.xml; mkdir -p n/.git; echo 1 > n/.git/g.xml"
        )
        let (files, listing) = try copied(fixture, ["**/*.xml", "way/**"], within: plenty)
        #expect(files == CopiedFiles())
        #expect(listing == "")
    }

    @Test func `what is beyond the bounds is left out and counted`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["a": "1"])
        try fixture.agent("for i in 1 2 3 4; do echo $i > $i.txt; done; truncate -s 1G 0.txt")
        let (few, _) = try copied(fixture, ["*.txt"], within: CopyBounds(files: 2, bytes: 100))
        #expect(few.files == 2 && few.leftOut == 3)
        try Files.remove(fixture.home.path + "/kept")
        let (small, listing) = try copied(fixture, ["*.txt"], within: CopyBounds(files: 10, bytes: 5))
        #expect(small.files == 2 && small.bytes == 4 && small.leftOut == 3)
        #expect(listing == "1.txt 1\n2.txt 2\n")
    }

    @Test func `tidying leaves ignored files and undoes the rest, and the next look sees what is left`() throws {
        let fixture = try LaneFixture()
        let tree = try fixture.lend([".gitignore": "deps/\n", "a": "1"])
        try fixture.agent("mkdir deps; echo x > deps/x; echo 2 > a; echo y > new")
        try fixture.lane.reset(leaving: .ignored)
        fixture.lane.lend()
        #expect(try fixture.agent("ls; cat a") == "a\ndeps\n1")
        #expect(fixture.lane.scan().ignored == [RepoPath("deps")])
        #expect(try fixture.lane.snapshot().tree == tree)
        try fixture.lane.reset()
        #expect(try fixture.agent("ls") == "a\n")
    }
}
