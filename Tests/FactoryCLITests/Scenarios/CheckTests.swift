import FactoryCore
import FactoryFiles
import Testing

@Suite(.serialized) struct `Checks of the line` {
    @Test(.timeLimit(.minutes(1)))
    func `each check runs where it should, and only with the variables it names`() async throws {
        let world = try await World.play(
            ["implementer": "mkdir -p web/app; echo x > web/app/a.js; implement; finish"],
            files: ["web/app/old.js": "y\n"],
            checks: """
                  - { name: first, run: 'pwd > "$TORTURE/first"; env > "$TORTURE/env"', env: [TORTURE, WANTED], dir: web/app }
                  - { name: second, run: 'pwd > ../second; [ -z "$WANTED$UNWANTED" ]' , dir: . }
                """)
        #expect(try await world.run(["WANTED": "here", "UNWANTED": "there"]) == 0)
        #expect(try world.noted("first").hasSuffix("/tree/web/app\n"))
        let variables = try world.noted("env")
        #expect(variables.contains("WANTED=here") && variables.contains("CI=true"))
        #expect(!variables.contains("UNWANTED"))
        let checks = try #require(try await world.pr(1).tested?.checks)
        #expect(checks.map(\.name) == ["first", "second"])
        #expect(checks.filter(\.isGreen).count == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `all checks run though one is red, and the red ones are named`() async throws {
        let world = try await World.play(
            configuration: "retries: { implementation-ci: 0 }",
            checks: """
                  - { name: lint, run: '[ ! -e lib/1.txt ] || { echo lint says no; exit 3; }' }
                  - { name: test, run: 'true' }
                  - { name: docs, run: '[ ! -e lib/1.txt ] || { echo docs say no; exit 4; }' }
                """)
        try await world.expectParking()
        let why = try await world.why()
        #expect(why.contains("exited with 3 (lint)") && why.contains("exited with 4 (docs)"), "\(why)")
        #expect(try world.left("lint.log", in: "implementation-ci-1") == "lint says no\n")
        #expect(try await world.factory("show", "1").contains("green"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a check judges what would land, not what a step before it has made of it`() async throws {
        let world = try await World.play(
            ["implementer": "echo broken > lib/1.txt; finish"],
            configuration: "retries: { implementation-ci: 0 }\nsetup: [{ run: sed -i s/three/tree/ lib/shared.txt }]",
            checks: """
                  - { name: format, run: 'grep three lib/shared.txt; sed -i s/broken/fine/ lib/1.txt; echo x > built' }
                  - { name: lint, run: '[ ! -e lib/1.txt ] || { [ -e built ]; cat lib/1.txt; grep fine lib/1.txt; }' }
                """)
        try await world.expectParking()
        #expect(try await world.why().contains("exited with 1 (lint)"))
        #expect(try world.left("format.log", in: "implementation-ci-1") == "three\n")
        #expect(try world.left("lint.log", in: "implementation-ci-1") == "broken\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a check that runs out of time is red`() async throws {
        let world = try await World.play(
            configuration: "retries: { implementation-ci: 0 }",
            checks: "  - { name: slow, run: 'echo begun; [ ! -e lib/1.txt ] || sleep 100', timeout: 1s }")
        let reason = try await world.expectParking()
        #expect(reason.rule == "implementation-ci: at most 0 returns")
        #expect(try await world.why().contains("ran out of time (slow)"))
        #expect(try world.left("slow.log", in: "implementation-ci-1") == "begun\n")
        #expect(world.strays() == [])
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["web", "lib", "none"])
    func `a check whose paths are untouched is skipped, but never all of them`(touched: String) async throws {
        let act = ["web": "mkdir web; echo x > web/x", "lib": "implement", "none": "echo x > README"]
        let world = try await World.play(
            ["implementer": "\(act[touched] ?? ""); finish"],
            checks: """
                  - { name: web, run: 'true', paths: [web/**] }
                  - { name: lib, run: 'true', paths: [lib/**] }
                """)
        try await world.expectLanding()
        #expect(try await world.pr(1).tested?.checks.map(\.name) == (touched == "none" ? ["web", "lib"] : [touched]))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a failing setup step is a failed attempt that shows what it printed`() async throws {
        let world = try await World.play(
            configuration: """
                setup: [{ run: 'true' }, { run: '[ ! -e lib/1.txt ] || { echo no such package; exit 7; }' }]
                retries: { stage: 0 }
                """)
        let reason = try await world.expectParking()
        #expect(reason.kind == .failed)
        #expect(reason.rule == "implementation-ci: at most 0 retries")
        let why = try await world.why()
        #expect(why.contains("exited with 7") && why.contains("no such package"), "\(why)")
        #expect(try await world.checkRuns() == 0)
        #expect(try world.left("setup/2.log", in: "implementation-ci-1") == "no such package\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what setup makes is there for agents and checks, and is nobody's work`() async throws {
        let world = try await World.play(
            [
                "planner": "cat deps/a > \"$TORTURE/planner\"; plan; finish",
                "code-reviewer": "cat deps/a > \"$TORTURE/reviewer\"; approve",
                "check": "cat deps/a > \"$TORTURE/check\"",
            ], files: [".gitignore": "deps/\n"],
            configuration: "setup: [{ run: 'mkdir -p deps; echo ready > deps/a; echo x > strange.txt' }]")
        try await world.expectLanding()
        for who in ["planner", "reviewer", "check"] { #expect(try world.noted(who) == "ready\n", "\(who)") }
        #expect(try await world.onMain("strange.txt") == nil)
        #expect(try await world.onMain("deps/a") == nil)
        #expect(try world.starts().count == 4)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pull request that poisons the cache does not reach the next`() async throws {
        let world = try await World.play(
            [
                "1-implementer": "mkdir -p cache; echo poison > cache/x; implement; finish",
                "check":
                    "mkdir -p cache; echo from $(ls lib | wc -l) files >> cache/made; cat cache/* >> \"$TORTURE/cache\"; echo === >> \"$TORTURE/cache\"; [ ! -e lib/1.txt ] || [ -e lib/2.txt ] || echo poison > cache/y",
                "2-implementer": "cat cache/* > \"$TORTURE/two\"; implement; finish",
            ], specs: [Play.spec(1), Play.spec(2)], files: [".gitignore": "cache/\n"], configuration: "keep: [cache]")
        try await world.expectLanding()
        #expect(try world.noted("two").contains("from 1 files"), "the main branch's cache should be there")
        #expect(try !world.noted("two").contains("poison"))
        #expect(try !world.noted("cache").contains("poison"))
        #expect(try await !world.reachablePaths().contains("cache/x"))
    }
}
