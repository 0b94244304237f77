import FactoryCore
import FactoryFiles
import Testing

@testable import FactoryGit

/// The throwaway repository that an agent finds in its lane.
@Suite struct LaneGitTests {
    private let person = Signature(name: "Eve", email: "eve@example.org", when: Timestamp(seconds: 1_700_000_000))

    private struct World {
        let fixture: LaneFixture
        let history: HistoryStore
        let main: CommitID
        let head: CommitID
    }

    private func commit(_ files: [String: String], on parent: CommitID?, _ message: String, in hub: Repository) throws
        -> CommitID
    {
        var edits: [(RepoPath, TreeEdit)] = []
        for (path, text) in files { edits.append((RepoPath(path), .set(.file, try hub.write(blob: Array(text.utf8))))) }
        let base = try parent.map { try hub.info($0).tree } ?? .empty
        return try hub.commit(
            CommitDraft(
                tree: hub.updating(base, edits), parents: parent.map { [$0] } ?? [], author: person, committer: person,
                message: message))
    }

    /// Two commits on main, one on the spec's branch, laid out; and one of another pull request in the hub.
    private func world() throws -> World {
        let fixture = try LaneFixture()
        let hub = fixture.hub
        let root = try commit(["a": "1", "dir/b": "2", "dir.c": "3"], on: nil, "Begin", in: hub)
        let main = try commit(["a": "2"], on: root, "Go on", in: hub)
        let head = try commit(["dir/new": "n"], on: main, "Work", in: hub)
        _ = try commit(["secret": "of another"], on: main, "Secret", in: hub)
        let world = World(
            fixture: fixture, history: try HistoryStore(at: fixture.home.path + "/history.git"), main: main, head: head)
        try layOut(world)
        return world
    }

    private func layOut(_ world: World) throws {
        let lane = world.fixture.lane
        try lane.show(world.fixture.hub.info(world.head).tree)
        try lane.layOutGit(head: world.head, main: world.main, history: world.history)
        lane.lend()
    }

    @Test func `log, status and diff work`() throws {
        let world = try world()
        let agent = world.fixture.agent
        #expect(try agent("git log --format=%s") == "Work\nGo on\nBegin\n")
        #expect(try agent("git status --porcelain --branch") == "## spec\n")
        #expect(try agent("git diff --name-only main...HEAD") == "dir/new\n")
        #expect(try agent("git ls-files --debug dir/b | grep -c 'size: 1'") == "1\n")
        #expect(try agent("git fsck --strict --no-dangling --no-progress 2>&1") == "")
        #expect(try agent("echo 9 > a; git diff --stat").contains("1 file changed"))
    }

    @Test func `nothing of other pull requests can be listed`() throws {
        let world = try world()
        let objects = try world.fixture.agent(
            "git cat-file --batch-all-objects --batch-check='%(objecttype)' | sort | uniq -c")
        // The empty tree is in every store.
        #expect(
            objects.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
                "4 blob", "3 commit", "6 tree",
            ])
    }

    @Test func `a shown tree that is no commit yet has its content`() throws {
        let world = try world()
        let hub = world.fixture.hub
        let merged = try hub.updating(
            hub.info(world.head).tree, [(RepoPath("merged"), .set(.file, hub.write(blob: Array("m".utf8))))])
        try world.fixture.lane.show(merged)
        try world.fixture.lane.layOutGit(head: world.head, main: world.main, history: world.history)
        #expect(try world.fixture.agent("git diff --cached | tail -1").hasSuffix("file\n"))
    }

    @Test func `an untouched git directory is left as it is`() throws {
        let world = try world()
        let look = "find .git -printf '%p %i %C@\\n' | sort"
        let before = try shell(look, in: world.fixture.lane.path)
        try layOut(world)
        #expect(try shell(look, in: world.fixture.lane.path) == before)
    }

    @Test func `whatever an agent planted is gone at the next layout`() throws {
        let world = try world()
        let look = "find .git -printf '%y %m %p\\n' | sort; cat .git/config .git/HEAD .git/packed-refs"
        let before = try shell(look, in: world.fixture.lane.path)
        try world.fixture.agent(
            """
            mkdir -p .git/hooks; printf '#!/bin/sh\\ntouch fired\\n' > .git/hooks/pre-commit; chmod +x .git/hooks/*
            git config core.fsmonitor 'touch fired'; git config filter.x.clean 'echo forged'
            echo '* filter=x' > .git/info/attributes; echo /etc >> .git/objects/info/alternates
            git update-index --assume-unchanged a; echo forged > a
            git -c user.name=x -c user.email=x@x -c core.fsmonitor= commit -qm forged --no-verify --allow-empty
            git branch -q other; touch .git/index.lock .git/refs/heads/x.lock; chmod 600 .git/HEAD; echo x > .git/refs/stash
            """)
        try layOut(world)
        #expect(try shell(look, in: world.fixture.lane.path) == before)
        #expect(
            try world.fixture.agent("git log --format=%s -1; git status --porcelain; git ls-files -v a")
                == "Work\nH a\n")
    }

    @Test(arguments: [
        "rm -r .git; ln -s ../../outside .git", "rm -r .git; echo 'gitdir: ../../outside' > .git", "rm -r .git",
        "rm -r .git/objects; ln -s ../../../outside .git/objects",
        "rm .git/config; ln -s ../../../outside/file .git/config",
        "rm .git/index; mkfifo .git/index", "rm -r .git/refs; touch .git/refs",
        "mkdir .git/HEAD.d; rm .git/HEAD; mkdir .git/HEAD",
    ])
    func `a git directory in pieces is made anew, and nothing outside is touched`(damage: String) throws {
        let world = try world()
        let outside = world.fixture.home.path + "/outside"
        try Files.makeDirectory(outside + "/pack")
        try Files.write("precious", to: outside + "/file")
        try world.fixture.agent(damage)
        try layOut(world)
        #expect(try world.fixture.agent("git status --porcelain; git log --format=%s -1") == "Work\n")
        #expect(
            try shell("find outside -type f | xargs cat; find outside | wc -l", in: world.fixture.home.path)
                == "precious3\n")
    }

    @Test func `the history follows the main branch, and forgets what was rewritten`() throws {
        let world = try world()
        let hub = world.fixture.hub
        let next = try commit(["a": "3"], on: world.main, "Next", in: hub)
        try world.history.update(from: hub, main: next)
        #expect(try world.history.main() == next)
        try HistoryStore(at: world.history.path).update(from: hub, main: world.main)
        #expect(try world.history.main() == next, "a lane that lags behind takes nothing away")
        let path = world.history.path
        #expect(
            try shell("git log --format=%s main; git fsck --full --strict --no-dangling --no-progress 2>&1", in: path)
                == "Next\nGo on\nBegin\n")
        let rewritten = try commit(["a": "4"], on: nil, "Anew", in: hub)
        try world.history.update(from: hub, main: rewritten)
        #expect(try shell("git log --format=%s main", in: path) == "Anew\n")
        #expect(try shell("git cat-file -t \(next) 2>&1 || true", in: path).contains("could not get"))
        #expect(try HistoryStore(at: path).main() == rewritten)
    }

    /// What can be listed, the empty tree aside, which every store has.
    private func listing(_ path: String) throws -> Set<String> {
        let empty = TreeID.empty.hex
        let objects = try shell("git cat-file --batch-all-objects --batch-check='%(objectname)'", in: path)
        return Set(objects.split(separator: "\n").map(String.init)).subtracting([empty])
    }

    /// All that a commit's history needs, as git tells it.
    private func reachable(_ commit: CommitID, _ tree: TreeID? = nil, in hub: Repository) throws -> Set<String> {
        let tips = "\(commit) \(tree?.hex ?? "")"
        let objects = try shell("git rev-list --objects --no-object-names \(tips)", in: hub.path)
        return Set(objects.split(separator: "\n").map(String.init))
    }

    @Test(arguments: [false, true])
    func `of the pull request that was shown before nothing is left`(packed: Bool) throws {
        let world = try world()
        let hub = world.fixture.hub
        let fixture = world.fixture
        let other = try commit(["a": "theirs", "dir/deep/file": "x"], on: world.main, "Other", in: hub)
        let more = try commit(["a": "more"], on: other, "More", in: hub)
        if packed {
            try shell("git update-ref refs/heads/x \(more); git update-ref refs/heads/y \(world.head)", in: hub.path)
            try shell("git repack -qad", in: hub.path)
        }
        for head in [other, more, world.head, more, world.main, other] {
            try fixture.lane.show(hub.info(head).tree)
            try fixture.lane.layOutGit(head: head, main: world.main, history: world.history)
            fixture.lane.lend()
            #expect(try listing(fixture.lane.path) == reachable(head, in: hub))
            #expect(try fixture.agent("git fsck --strict --no-dangling --no-progress 2>&1; git status -s") == "")
        }
    }

    @Test func `a head that merged the main branch has what neither side had`() throws {
        let world = try world()
        let hub = world.fixture.hub
        let main = try commit(["a": "3", "dir/sub/x": "x"], on: world.main, "Next", in: hub)
        let tree = try hub.updating(
            hub.info(main).tree, [(RepoPath("dir/new"), .set(.file, hub.write(blob: Array("n".utf8))))])
        let head = try hub.commit(
            CommitDraft(tree: tree, parents: [world.head, main], author: person, committer: person, message: "Merge"))
        try world.fixture.lane.show(tree)
        try world.fixture.lane.layOutGit(head: head, main: main, history: world.history)
        #expect(try listing(world.fixture.lane.path) == reachable(head, in: hub))
        // Two commits, the tree at the root and that of dir for each, and one file.
        #expect(try shell("find .git/objects -type f | grep -vc info/", in: world.fixture.lane.path) == "7\n")
    }

    @Test(arguments: ["truncate -s 0", "rm -f", "chmod 600"])
    func `an object that an agent damaged is put back`(damage: String) throws {
        let world = try world()
        try world.fixture.agent("chmod -R u+w .git/objects; \(damage) $(find .git/objects -type f | grep -v info/)")
        try layOut(world)
        #expect(try world.fixture.agent("git fsck --strict --no-dangling --no-progress 2>&1; git status -s") == "")
        #expect(try listing(world.fixture.lane.path) == reachable(world.head, in: world.fixture.hub))
    }

    @Test func `objects that an agent added are gone, wherever it put them`() throws {
        let world = try world()
        try world.fixture.agent("git add -A; echo secret > s; git add s; git -c gc.auto=0 repack -qad; git pack-refs")
        try layOut(world)
        #expect(try listing(world.fixture.lane.path) == reachable(world.head, in: world.fixture.hub))
        try world.fixture.agent(
            """
            cd .git/objects; mkdir 00 zz; echo x > 00/11111111111111111111111111111111111111; ln -s /etc zz/link
            for known in ??/; do echo x > ${known}22222222222222222222222222222222222222; done
            """)
        try layOut(world)
        #expect(
            try shell(
                "find .git/objects -mindepth 1 | grep -c '00$\\|zz$\\|1111\\|2222' || true", in: world.fixture.lane.path
            )
                == "0\n")
    }

    @Test(.timeLimit(.minutes(1))) func `many loose objects become one pack`() throws {
        let world = try world()
        let hub = world.fixture.hub
        // Enough in the one directory that is looked at.
        var files: [String: String] = [:]
        for number in 0..<20_000 where files.count < 25 {
            if try hub.hash(blob: Array("\(number)".utf8)).hex.hasPrefix("17") { files["\(number)"] = "\(number)" }
        }
        let main = try commit(files, on: world.main, "Many", in: hub)
        try world.history.update(from: hub, main: main)
        let path = world.history.path
        let count = "git count-objects -v | grep -E '^(count|packs)'"
        #expect(try shell(count, in: path) == "count: 28\npacks: 1\n")
        let again = try HistoryStore(at: path)
        #expect(try shell(count, in: path) == "count: 0\npacks: 1\n")
        #expect(try listing(path) == reachable(main, in: hub))
        #expect(try world.history.contains(main) && again.contains(main), "who had it open finds all in the pack")
        let next = try commit(["a": "9"], on: main, "Next", in: hub)
        try world.history.update(from: hub, main: next)
        #expect(try listing(path) == reachable(next, in: hub))
    }

    @Test(.timeLimit(.minutes(1))) func `a store of an earlier start of the machine is made anew`() throws {
        let world = try world()
        let path = world.history.path
        let object = try shell("find objects -type f | sort | head -n 1 | tr -d '\\n'", in: path)
        try shell("chmod 644 \(object) && truncate -s 3 \(object)", in: path)
        let again = try HistoryStore(at: path, boot: "the next one")
        #expect(try again.main() == nil)
        try again.update(from: world.fixture.hub, main: world.main)
        #expect(try listing(path) == reachable(world.main, in: world.fixture.hub))
        let same = try HistoryStore(at: path, boot: "the next one")
        #expect(try same.main() == world.main, "and only once")
    }

    @Test func `a landing cut short is finished by the next one`() throws {
        let world = try world()
        let hub = world.fixture.hub
        let objects = world.history.path + "/objects"
        let lost = try commit(["dir/x": "x"], on: world.main, "Lost", in: hub)
        let main = try commit(["dir/y": "y"], on: lost, "Next", in: hub)
        let gained = try hub.objects(of: main) { $0 == world.main }.objects
        for count in [1, 3, 5, gained.count] {
            for id in gained.prefix(count) { try LooseObject.copy(id, of: hub, to: objects) }
            let path = "\(world.fixture.home.path)/copy-\(count)"
            try shell("cp -r \(world.history.path) \(path)", in: "/")
            try HistoryStore(at: path).update(from: hub, main: main)
            #expect(try shell("git fsck --full --strict --no-dangling --no-progress 2>&1", in: path) == "")
            #expect(try listing(path) == reachable(main, in: hub))
        }
    }
}
