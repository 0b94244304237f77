import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryGit

@Suite struct LaneCacheTests {
    private func filled() throws -> (fixture: LaneFixture, tree: TreeID) {
        let fixture = try LaneFixture(keep: ["node_modules", ".build"])
        let tree = try fixture.lend(["web/a": "1", "b": "1"])
        try fixture.agent(
            """
            mkdir -p web/node_modules/.bin .build; echo main > web/node_modules/lib; echo main > .build/x
            chmod +x web/node_modules/lib; ln -s ../lib web/node_modules/.bin/lib; touch -d @1000000 web/node_modules/lib
            """)
        try fixture.lane.promoteCaches()
        return (fixture, tree)
    }

    @Test func `caches of the main branch come back as they were`() throws {
        let (fixture, tree) = try filled()
        try fixture.lane.restoreCaches()
        #expect(
            try fixture.agent("stat -c '%a %Y' web/node_modules/lib; cat web/node_modules/.bin/lib .build/x")
                == "755 1000000\nmain\nmain\n")
        #expect(fixture.lane.scan().caches == [RepoPath(".build"), RepoPath("web/node_modules")])
        #expect(try fixture.lane.snapshot().tree == tree)
    }

    @Test func `what a pull request does to its caches is gone with it`() throws {
        let (fixture, _) = try filled()
        try fixture.lane.restoreCaches()
        try fixture.agent(
            "echo poison >> web/node_modules/lib; rm -r .build; mkdir node_modules; echo p > node_modules/p")
        try fixture.lane.restoreCaches()
        #expect(try fixture.agent("cat web/node_modules/lib .build/x") == "main\nmain\n")
        #expect(!Files.exists(fixture.lane.path + "/node_modules"))
    }

    @Test func `a cache is left out where the tree has no such directory`() throws {
        let (fixture, _) = try filled()
        let other = try fixture.tree(["b": "1"])
        try fixture.lane.show(other)
        try fixture.lane.restoreCaches()
        #expect(!Files.exists(fixture.lane.path + "/web"))
        #expect(Files.exists(fixture.lane.path + "/.build/x"))
    }

    @Test func `a directory that gives way to a file takes its cache along`() throws {
        let (fixture, _) = try filled()
        try fixture.lane.restoreCaches()
        let other = try fixture.tree(["web": "a file"])
        try fixture.lane.show(other)
        try fixture.lane.discardCaches()
        #expect(try fixture.listing() == fixture.reference(other))
    }
}
