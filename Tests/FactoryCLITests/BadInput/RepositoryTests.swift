import FactoryCore
import FactoryFiles
import Testing

/// A repository that no factory can be made of, with what to say about it.
struct UnfitRepository: Sendable, CustomTestStringConvertible {
    let name: String
    let options: [String]
    let spoil: String
    let what: String
    let advice: String
    var testDescription: String { name }
}

@Suite(.serialized) struct `Repositories that are not as they should be` {
    private static let commands = [
        ["init"], ["run"], ["step", "--pr", "1"], ["submit", "specs/0001-a.md"], ["status"], ["why", "1"], ["report"],
        ["doctor"], ["verify"], ["spec", "new", "X"],
    ]

    @Test(.timeLimit(.minutes(1)), arguments: commands)
    func `outside of a repository every command says that there is none`(command: [String]) async throws {
        let world = try World.ground()
        let answer = try await world.ask(World.program, command)
        #expect(answer.code == 1)
        let said = answer.output + answer.errors
        #expect(
            said.contains("\(world.app) is in no git repository: run `git init` and commit something first"), "\(said)")
        #expect(try Files.list(world.app) == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `an empty repository needs a commit first, and nothing is made before`() async throws {
        let world = try World.ground()
        try await world.git("init", "-q", "-b", "main")
        try await world.expectRefusal(
            ["init", "--at", world.home], "the branch main has no commit yet", "commit something")
        #expect(try Files.list(world.app) == [".git"] && !Files.exists(world.home))
        try await world.expectRefusal(["run"], "no factory yet: run `factory init`")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a detached HEAD names no branch to land on, but does not disturb a factory that is there`() async throws {
        let world = try await World.repository()
        try await world.git("checkout", "-q", "--detach")
        try await world.expectRefusal(["init", "--at", world.home], "HEAD is detached", "check out the branch")
        #expect(!Files.exists(world.home))
        let other = try await World.play(specs: [])
        try await other.git("checkout", "-q", "--detach")
        try await other.submitPlay()
        try await other.expectLanding()
    }

    private static let unfit = [
        UnfitRepository(
            name: "SHA-256", options: ["--object-format=sha256"], spoil: "", what: "SHA-256",
            advice: "`git init --object-format=sha1`"),
        UnfitRepository(
            name: "reftable", options: [],
            spoil: "git config core.repositoryFormatVersion 1; git config extensions.refStorage reftable",
            what: "refstorage", advice: "install a git that does"),
        UnfitRepository(
            name: "shallow", options: [],
            spoil: """
                git commit -q --allow-empty -m more; git clone -q --depth 1 "file://$PWD" ../shallow
                rm -rf .git; mv ../shallow/.git .
                """, what: "shallow clone", advice: "`git fetch --unshallow`"),
        UnfitRepository(
            name: "partial", options: [],
            spoil: """
                git config uploadpack.allowFilter true; git clone -q --filter=blob:none "file://$PWD" ../partial
                rm -rf .git; mv ../partial/.git .
                """, what: "partial clone", advice: "make a full clone"),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: unfit)
    func `what no hub can be made of is refused by init and shown by doctor`(_ unfit: UnfitRepository) async throws {
        let world = try await World.repository(unfit.options)
        try await world.shell(unfit.spoil)
        try await world.expectRefusal(["init", "--at", world.home], unfit.what, unfit.advice)
        try await world.expectRefusal(["doctor"], "FAIL", unfit.what, unfit.advice)
        #expect(!Files.exists(world.home) && !Files.exists(world.app + "/.factory"))
    }

    /// The clone is only ever read by the git program, so what libgit2 cannot open does no harm.
    @Test(.timeLimit(.minutes(1)))
    func `a configuration per worktree is no obstacle`() async throws {
        let world = try await World.play(specs: [])
        try await world.shell("git config core.repositoryFormatVersion 1; git config extensions.worktreeConfig true")
        try await world.submitPlay()
        try await world.expectLanding()
        try await world.git("pull", "-q", "factory", "main")
        #expect(try Files.text(world.app + "/lib/1.txt") == "done\n")
        #expect(try await world.ask(World.program, ["doctor"]).code == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a hub without its main branch says how to bring it back, and goes on then`() async throws {
        let world = try await World.play()
        let tip = try await world.git("rev-parse", "main", in: world.hub)
        try await world.git("update-ref", "-d", "refs/heads/main", in: world.hub)
        for command in [["run"], ["submit", Play.path(1)], ["doctor"], ["verify"]] {
            try await world.expectRefusal(command, "main is not there", "`git push factory main`", "`factory verify`")
        }
        #expect(try await world.ask(World.program, ["status"]).code == 0)
        #expect(try await world.pr(1).state == .queued)
        try await world.git("push", "-q", "factory", "main")
        #expect(try await world.git("rev-parse", "main", in: world.hub) == tip)
        try await world.expectLanding()
    }

    @Test(.timeLimit(.minutes(1)))
    func `what had landed and is missing after main was brought back is found by verify`() async throws {
        let world = try await World.play()
        try await world.expectLanding()
        try await world.git("update-ref", "-d", "refs/heads/main", in: world.hub)
        try await world.git("push", "-q", "factory", "main")
        let landed = try #require(try await world.pr(1).landed)
        let answer = try await world.ask(World.program, ["verify"])
        #expect(answer.code == 1)
        #expect(
            answer.output.contains("landed as \(landed.short), which is not on the main branch"), "\(answer.output)")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["ref: refs/heads/trunk", "0123456789012345678901234567890123456789", "junk"])
    func `a hub whose HEAD leads nowhere is told of, and nothing is lost`(head: String) async throws {
        let world = try await World.play()
        try Files.write(head + "\n", to: world.hub + "/HEAD")
        let said = try await world.expectRefusal(["run"], "factory: ")
        #expect(said.contains(head.hasPrefix("ref") ? "trunk is not there" : "\(world.hub)"), "\(said)")
        try Files.write("ref: refs/heads/main\n", to: world.hub + "/HEAD")
        try await world.expectLanding()
    }
}
