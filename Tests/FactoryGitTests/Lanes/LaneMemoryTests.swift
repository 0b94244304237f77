import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryGit

/// What a lane remembers beyond its process.
@Suite struct LaneMemoryTests {
    /// The index as it is once every stamp is old enough to prove something.
    private func saveProven(_ lane: FactoryGit.Lane) throws {
        func age(_ directory: TrackedDirectory) {
            for (index, entry) in directory.entries.enumerated() {
                if case .directory(let child) = entry.content { age(child) }
                guard case .file(var file) = entry.content else { continue }
                file.stamp?.changed -= 10_000_000_000
                directory.update(file, at: index)
            }
        }
        age(lane.tracked)
        try lane.save()
    }

    private func stamps(_ directory: TrackedDirectory) -> [FileStamp?] {
        directory.entries.flatMap { entry -> [FileStamp?] in
            switch entry.content {
            case .file(let file): [file.stamp]
            case .directory(let child): stamps(child)
            case .submodule: []
            }
        }
    }

    @Test func `a saved index is taken up by the next process`() throws {
        let fixture = try LaneFixture()
        let tree = try fixture.lend(["a": "1", "dir/b": "2"], links: ["link": "a"])
        try saveProven(fixture.lane)
        let before = stamps(fixture.lane.tracked)
        fixture.lane = try FactoryGit.Lane.open(at: fixture.lane.directory, hub: fixture.hub)
        #expect(fixture.lane.tree == tree)
        #expect(before.count == 3 && before.allSatisfy { $0 != nil })
        #expect(stamps(fixture.lane.tracked) == before)
    }

    @Test func `a stamp too young to prove anything is not saved`() throws {
        let fixture = try LaneFixture()
        try fixture.lend(["a": "1"])
        let info = try #require(try fixture.lane.root.stamp(of: EntryName("a")))
        let young = FileStamp(
            size: 1, modified: 0, changed: currentMoment() + 60_000_000_000, inode: info.inode, mode: info.mode)
        guard case .file(var file)? = fixture.lane.tracked[EntryName("a")] else { return #expect(Bool(false)) }
        file.stamp = young
        fixture.lane.tracked[EntryName("a")] = .file(file)
        try fixture.lane.save()
        fixture.lane = try FactoryGit.Lane.open(at: fixture.lane.directory, hub: fixture.hub)
        #expect(stamps(fixture.lane.tracked) == [nil])
        #expect(fixture.lane.scan().isPristine)
    }

    @Test(arguments: [
        "truncate -s -1 index", "printf x | dd of=index bs=1 seek=30 conv=notrunc status=none", ": > index",
    ])
    func `a damaged index is not believed`(damage: String) throws {
        let fixture = try LaneFixture()
        let tree = try fixture.lend(["a": "1", "dir/b": "2"])
        try fixture.lane.save()
        try shell(damage, in: fixture.lane.directory)
        try fixture.agent("echo 9 > a")
        fixture.lane = try FactoryGit.Lane.open(at: fixture.lane.directory, hub: fixture.hub)
        #expect(fixture.lane.tree == nil)
        try fixture.lane.show(tree)
        #expect(try fixture.listing() == fixture.reference(tree))
    }

    @Test func `an index that is behind the files costs time and nothing else`() throws {
        let fixture = try LaneFixture()
        let first = try fixture.lend(["a": "1", "b": "1", "c/d": "1"])
        try saveProven(fixture.lane)
        let index = try Files.read(fixture.lane.directory + "/index")
        let second = try fixture.tree(["a": "2", "c": "file", "e": "1"])
        try fixture.lane.show(second)
        try Files.write(index, to: fixture.lane.directory + "/index")
        fixture.lane = try FactoryGit.Lane.open(at: fixture.lane.directory, hub: fixture.hub)
        #expect(fixture.lane.tree == first)
        #expect(try fixture.lane.snapshot().tree == second)
    }

    @Test func `after a failure nothing is taken for granted`() throws {
        let fixture = try LaneFixture()
        let tree = try fixture.lend(["a": "1"])
        let missing = BlobID("1234567890123456789012345678901234567890")
        let broken = try fixture.hub.updating(tree, [(RepoPath("b"), .set(.file, missing))])
        #expect(throws: GitError.self) { try fixture.lane.show(broken) }
        #expect(fixture.lane.tree == nil)
        try fixture.lane.show(tree)
        #expect(try fixture.listing() == fixture.reference(tree))
    }
}
