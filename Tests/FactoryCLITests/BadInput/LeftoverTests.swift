import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// Something that no tree can hold.
struct Unholdable: Sendable, CustomTestStringConvertible {
    let name: String
    /// Makes it at `$it`.
    let act: String
    var testDescription: String { name }

    static let all =
        [
            Unholdable(name: "FIFO", act: "mkfifo $it"),
            Unholdable(
                name: "socket",
                act: "python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' $it"),
        ] + (getuid() == 0 ? [Unholdable(name: "device", act: "mknod $it c 1 3")] : [])
}

@Suite(.serialized) struct `What agents leave and git cannot hold` {
    @Test(.timeLimit(.minutes(1)), arguments: Unholdable.all)
    func `beside the work it is left out, and the record says so`(it: Unholdable) async throws {
        let world = try await World.play(["implementer": "it=lib/stray; \(it.act); implement; finish"])
        try await world.expectLanding()
        #expect(try await world.onMain("lib/1.txt") == "done\n")
        #expect(try await world.onMain("lib/stray") == nil)
        let words = "implementation-1 left behind what is not part of its work: lib/stray is a FIFO, socket or device"
        let shown = try await world.factory("show", "1")
        #expect(shown.contains(words), "\(shown)")
    }

    @Test(.timeLimit(.minutes(1)), arguments: Unholdable.all)
    func `in place of a file it parks, and the rest of the work is saved`(it: Unholdable) async throws {
        let world = try await World.play(["implementer": "it=lib/shared.txt; rm $it; \(it.act); implement; finish"])
        let reason = try await world.expectParking()
        #expect(reason.rule == "unsupported-content")
        let why = try await world.why()
        #expect(
            why.contains("lib/shared.txt is a FIFO, socket or device, which git cannot hold; it is not saved"), "\(why)"
        )
        #expect(why.contains("Saved"), "\(why)")
        #expect(try await world.saved("lib/1.txt") == "done\n")
        #expect(try await world.saved("lib/shared.txt") == nil)
        let note = try await world.git(
            "log", "-1", "--format=%b", "refs/factory/rescue/1/implementation-1", in: world.journal)
        #expect(note.contains("It is not all that was there:\n- lib/shared.txt is a FIFO"), "\(note)")
        try world.rewrite("implementer", "implement; finish")
        try await world.factory("retry", "1", "--note", "Leave lib/shared.txt alone")
        try await world.expectLanding()
        #expect(try await world.onMain("lib/shared.txt") == "one\ntwo\nthree\n")
    }

    private static let nested = """
        mkdir -p lib/new/src; cd lib/new; git init -q; echo x > src/x; git add -A
        git -c user.name=A -c user.email=a@example.invalid commit -q -m x; cd ../..
        """

    @Test(.timeLimit(.minutes(1)))
    func `a repository in the lane parks, its files are saved, and an override takes them without its history`()
        async throws
    {
        let world = try await World.play(["implementer": "\(Self.nested); implement; finish"])
        #expect(try await world.expectParking().rule == "unsupported-content")
        let why = try await world.why()
        #expect(
            why.contains("lib/new is, or holds, a git repository of its own: remove its .git, the files may stay"),
            "\(why)")
        #expect(try await world.saved("lib/new/src/x") == "x\n")
        #expect(try await world.saved("lib/1.txt") == "done\n")
        #expect(try await world.saved("lib/new/.git/HEAD") == nil)
        #expect(try await !world.reachablePaths().contains("lib/new/src/x"))
        try await world.factory("approve", "1", "--override", "unsupported-content")
        try await world.expectLanding()
        #expect(try await world.onMain("lib/new/src/x") == "x\n")
        #expect(try await world.onMain("lib/1.txt") == "done\n")
        #expect(try world.starts(of: .implementer) == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a repository in the lane of a line that was killed does not take the work with it`() async throws {
        let world = try await World.play([
            "implementer-1": """
            \(Self.nested); mkfifo lib/pipe; implement
            echo $$ > "$TORTURE/at-nested"
            exec sleep 1000
            """
        ])
        let line = try await world.start()
        _ = try await world.arrival("nested")
        line.signal(SIGKILL)
        #expect(await line.code() == 137)
        await world.dismissAll()
        try await world.expectLanding()
        #expect(try await world.saved("lib/new/src/x") == "x\n")
        #expect(try await world.saved("lib/1.txt") == "done\n")
        #expect(try await world.factory("why", "1", "--json").contains("refs/factory/rescue/1/implementation-1"))
        #expect(try await world.onMain("lib/new/src/x") == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `work beside a giant is saved, and the giant is named`() async throws {
        let world = try await World.play(["implementer": "truncate -s 5G lib/giant; implement; finish"])
        #expect(try await world.expectParking().rule == "unsupported-content")
        #expect(try await world.why().contains("lib/giant has 5368709120 bytes"))
        #expect(try await world.saved("lib/1.txt") == "done\n")
        #expect(try await world.saved("lib/giant") == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a planner's plan is saved beside what git cannot hold`() async throws {
        let world = try await World.play(["planner": "plan; rm lib/shared.txt; mkfifo lib/shared.txt; finish"])
        #expect(try await world.expectParking().stage == .plan)
        #expect(try await world.saved(Play.plan(1), of: "plan-1")?.hasPrefix("# Plan") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an object that a power cut has cut off stops verify, and the first run moves it aside`() async throws {
        let world = try await World.play()
        try Files.write("nobody has this\n", to: world.control + "/text")
        let id = try await world.git("hash-object", "-w", world.control + "/text", in: world.hub)
        let file = "\(world.hub)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
        #expect(try await world.ask("sh", ["-c", "chmod 644 '\(file)' && truncate -s 5 '\(file)'"]).code == 0)
        let verify = try await world.ask(World.program, ["verify"])
        #expect(verify.code == 1 && verify.errors.contains("hub: \(id)"), "\(verify.errors)")
        let run = try await world.start()
        #expect(await run.code() == 0)
        #expect(run.errors.contains("factory-broken/\(id)"), "\(run.errors)")
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
        await world.dismissAll()
    }
}
