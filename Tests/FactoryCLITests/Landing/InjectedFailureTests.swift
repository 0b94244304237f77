import FactoryCore
import FactoryFiles
import Glibc
import Testing

/// Failures that other merge queues have met, by the numbers of docs/failure-scenarios.md.
@Suite(.serialized) struct `Failures on the way to the main branch` {
    /// Somebody rewrites the newest commit of the branch, once.
    private static let forcePush = """
        if [ ! -e "$TORTURE/forced" ]; then
            : > "$TORTURE/forced"
            cd "$TORTURE/../app"
            git fetch -q factory
            git checkout -q -B edit factory/\(Play.branch(1))
            echo by hand > lib/1.txt
            git commit -q -a --amend -m 'By hand'
            git push -q -f factory HEAD:\(Play.branch(1))
            cd - > /dev/null
        fi
        """

    // FI-09; the third point, after the certificate, is a lander that sleeps.
    @Test(.timeLimit(.minutes(1)), arguments: ["check", "code-reviewer"])
    func `a forced push while it is tested or reviewed is what is tested, reviewed and landed`(
        place: String
    ) async throws {
        let act = place == "check" ? "[ -e lib/1.txt ] || exit 0\n\(Self.forcePush)" : "\(Self.forcePush)\napprove"
        let world = try await World.play([place: act])
        try await world.expectLanding()
        #expect(try await world.onMain("lib/1.txt") == "by hand\n")
        let pr = try await world.pr(1)
        #expect(pr.reviewedHead == pr.head)
        #expect(try await world.git("log", "-1", "--format=%s", pr.head.hex, in: world.hub) == "By hand")
        let story = try await world.story(1)
        let pushed = try #require(story.firstIndex { $0.hasPrefix("Somebody pushed") })
        #expect(story[pushed...].contains { $0.hasPrefix("implementation-ci") && $0.hasSuffix("green") })
        #expect(story[pushed...].contains { $0.hasPrefix("code-review") && $0.hasSuffix("approved") })
    }

    // FI-11
    @Test(.timeLimit(.minutes(1)))
    func `a main branch that moves while the checks run is joined and tested again`() async throws {
        let push = """
            if [ -e lib/1.txt ] && [ ! -e "$TORTURE/moved" ]; then
                : > "$TORTURE/moved"
                (cd "$TORTURE/../app" && echo hello > lib/other.txt && git add lib/other.txt &&
                    git commit -q -m Other -- lib/other.txt && git push -q factory main)
            fi
            """
        let world = try await World.play(["check": push])
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 2)
        #expect(try await world.onMain("lib/other.txt") == "hello\n")
        #expect(try await world.git("log", "-2", "--format=%s", "main", in: world.hub) == "Play 1\nOther")
    }

    // FI-13, FI-19
    @Test(.timeLimit(.minutes(1)))
    func `a push on top of what a dead line has landed and not recorded lets it count once`() async throws {
        let world = try await World.play()
        let line = try await world.start(["run"], ["FACTORY_PAUSE_AFTER_EFFECT": "main"])
        try await world.sleeps(line)
        try await world.git("pull", "-q", "factory", "main")
        try await world.advanceMain("lib/person.txt")
        line.signal(SIGKILL)
        #expect(await line.code() == 137)
        #expect(try await world.pr(1).state == .merge)
        try await world.expectLanding()
        #expect(try await world.end().landed == ["1"])
        #expect(try await world.onMain("lib/person.txt") == "lib/person.txt\n")
    }

    // FI-15
    @Test(.timeLimit(.minutes(1)))
    func `a branch that is deleted during the review does not hold the landing up`() async throws {
        let world = try await World.play(["code-reviewer": "person push -q factory :\(Play.branch(1)); approve"])
        try await world.expectLanding()
        #expect(try await world.onMain("lib/1.txt") == "done\n")
    }

    // FI-16
    @Test(.timeLimit(.minutes(1)))
    func `closed and submitted again in the middle of a review it starts over and lands once`() async throws {
        let world = try await World.play(["code-reviewer-1": "echo $$ > \"$TORTURE/at-review\"; sleep 1000"])
        let line = try await world.start()
        _ = try await world.arrival("review")
        try await world.factory("close", "1")
        try await world.factory("submit", Play.path(1))
        #expect(await line.code() == 0, "\(line.errors)")
        if try await world.pr(1).state != .merged { try await world.expectLanding() }
        #expect(try await world.end().landed == ["1"])
        #expect(try world.starts(of: .planner) == 2)
        try await world.expectWhole()
    }

    // FI-23
    @Test(.timeLimit(.minutes(1)))
    func `an object that the store has lost lands nothing, is named, and once it is there again the work goes on`()
        async throws
    {
        let world = try await World.play()
        while try await world.pr(1).state != .merge { _ = try await world.start(["step", "--pr", "1"]).code() }
        let blob = try await world.git("rev-parse", "factory/\(Play.branch(1)):lib/1.txt", in: world.fetched())
        let path = "\(world.hub)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
        let whole = try Files.read(path)
        try Files.remove(path)
        #expect(try await world.run() == 3)
        #expect(try await world.end().landed == [])
        let audit = try await world.ask(World.program, ["verify"])
        #expect(audit.code == 1 && audit.output.contains(blob), "\(audit.output)\(audit.errors)")
        try Files.write(whole, to: path)
        if try await world.pr(1).state == .needsAttention { try await world.factory("retry", "1") }
        try await world.expectLanding()
    }

    // FI-28
    @Test(.timeLimit(.minutes(1)), arguments: ["no-such-program", "kill -9 $$", "exit 77"])
    func `a check that cannot start, dies or says that it was skipped is red`(run: String) async throws {
        let world = try await World.play(
            configuration: "retries: { implementation-ci: 0 }",
            checks: "  - { name: test, run: '[ ! -e lib/1.txt ] || \(run)' }")
        #expect(try await world.expectParking().rule == "implementation-ci: at most 0 returns")
        #expect(try await world.end().landed == [])
    }

    // FI-29, FI-34
    @Test(.timeLimit(.minutes(1)))
    func `a check that is renamed or added during the review runs before anything lands`() async throws {
        let world = try await World.play([
            "code-reviewer": """
            sed -i 's/name: test/name: renamed/' "$TORTURE/../app/.factory/config.yml"
            person commit -q -m 'Rename the check' -- .factory
            person push -q factory main
            approve
            """
        ])
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 2)
        let record = try await world.git("log", "--format=%b", "--grep=ertif", "refs/factory/pr/1", in: world.journal)
        #expect(record.contains("\"name\":\"renamed\""))
        #expect(try await world.pr(1).tested?.checks.map(\.name) == ["renamed"])
    }

    // FI-32
    @Test(.timeLimit(.minutes(1)))
    func `two that raise the same count by one are red together, and the later one is sent back`() async throws {
        let world = try await World.play(
            [
                "implementer-1": """
                touch "$TORTURE/at-$n"
                while [ ! -e "$TORTURE/at-1" ] || [ ! -e "$TORTURE/at-2" ]; do sleep 0.01; done
                implement; echo 1 > lib/count; finish
                """,
                "implementer-2": "echo 2 > lib/count; finish",
                "check": """
                counted=$(ls lib/[0-9].txt 2> /dev/null | wc -l)
                [ "$counted" = "$(cat lib/count)" ] || { echo "counted $counted"; exit 1; }
                """,
            ], specs: [Play.spec(1), Play.spec(2)], files: ["lib/count": "0\n"], concurrency: 2)
        try await world.expectLanding()
        #expect(try await world.onMain("lib/count") == "2\n")
        #expect(try await world.end().landed.count == 2)
        #expect(try world.starts(of: .implementer) == 3)
        let last = try #require(try await world.end().landed.last.flatMap { Int($0) })
        #expect(try await world.story(last).contains { $0.contains("the candidate is red") || $0.hasSuffix(": red") })
        #expect(try world.prompt(.implementation, 2, of: last).contains("counted 2"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `what a person removed while the work moved it is a conflict that the implementer may leave as it is`()
        async throws
    {
        let world = try await World.play([
            "implementer-1": "mv lib/shared.txt lib/moved.txt; implement; finish",
            "code-reviewer-1": """
            person rm -q lib/shared.txt
            person commit -q -m 'Not needed' -- lib/shared.txt
            person push -q factory main
            approve
            """,
            "implementer-2": "ls lib > \"$TORTURE/seen\"; finish",
        ])
        try await world.expectLanding()
        #expect(try world.noted("seen").contains("moved.txt"))
        #expect(try world.prompt(.implementation, 2).contains("lib/shared.txt"))
        #expect(try await world.pr(1).counts[.implementation]?.failures == 0)
        #expect(try await world.onMain("lib/moved.txt") == "one\ntwo\nthree\n")
        #expect(try world.starts(of: .codeReviewer) == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pushed branch that shares no history with the main branch parks instead of replacing it`() async throws {
        let world = try await World.play([
            "code-reviewer-1": """
            person fetch -q factory
            tree=$(person rev-parse factory/\(Play.branch(1)):specs)
            only=$(printf '040000 tree %s\\tspecs\\n' "$tree" | person mktree)
            person push -q -f factory "$(person commit-tree -m Orphan "$only"):refs/heads/\(Play.branch(1))"
            approve
            """
        ])
        #expect(try await world.expectParking().kind == .baseLost)
        #expect(try await world.onMain("lib/shared.txt") == "one\ntwo\nthree\n")
        #expect(try await world.end().landed == [])
    }
}

extension World {
    /// The clone, with the factory's branches fetched.
    fileprivate func fetched() async throws -> String {
        try await git("fetch", "-q", "factory")
        return app
    }
}
