import FactoryCore
import Testing

@Suite(.serialized) struct `Landing on a main branch that moves` {
    @Test(.timeLimit(.minutes(1)))
    func `a person's push during the review lets the joined tree be tested once, and that one lands`() async throws {
        let world = try await World.play(["code-reviewer": "person_pushes lib/other.txt hello; approve"])
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 2)
        #expect(try world.starts().count == 4)
        #expect(try await world.onMain("lib/other.txt") == "hello\n")
        #expect(try await world.onMain("lib/1.txt") == "done\n")
        let log = try await world.git("log", "--format=%s", "-3", "main", in: world.hub)
        #expect(log == "Play 1\nA person's change\nWork with a factory")
        let landed = try await world.git("rev-parse", "main^{tree}", in: world.hub)
        let record = try await world.git("log", "--format=%b", "--grep=ertif", "refs/factory/pr/1", in: world.journal)
        #expect(record.contains("\"tree\":\"\(landed)\""))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a push before the checks costs no second run of them`() async throws {
        let world = try await World.play(["implementer": "person_pushes lib/other.txt hello; implement; finish"])
        try await world.expectLanding()
        #expect(try await world.checkRuns() == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a file that the main branch has moved meanwhile is followed to where it is`() async throws {
        let world = try await World.play([
            "implementer": "echo four >> lib/shared.txt; implement; finish",
            "code-reviewer":
                "person mv lib/shared.txt lib/moved.txt; person commit -q -m Move; person push -q factory main; approve",
        ])
        try await world.expectLanding()
        #expect(try await world.onMain("lib/moved.txt") == "one\ntwo\nthree\nfour\n")
        #expect(try await world.onMain("lib/shared.txt") == nil)
        #expect(try world.starts().count == 4)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a joined tree that is red goes back to the implementer with the output`() async throws {
        let world = try await World.play([
            "code-reviewer-1": "person_pushes lib/other.txt 'not with 1'; approve",
            "check": "if grep -q not lib/other.txt && grep -q done lib/1.txt; then echo together we fail; exit 1; fi",
            "implementer-2": "echo fits > lib/1.txt; finish",
        ])
        try await world.expectLanding()
        #expect(try world.prompt(.implementation, 2).contains("together we fail"))
        #expect(try await world.onMain("lib/1.txt") == "fits\n")
        #expect(try world.starts(of: .codeReviewer) == 2)
        #expect(try await world.checkRuns() == 4, "what was red was asked twice")
        #expect(try await world.pr(1).counts[.merge]?.returns == 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a conflict is the implementer's work, on a commit with both parents`() async throws {
        let world = try await World.play([
            "implementer-1": "sed -i s/one/mine/ lib/shared.txt; implement; finish",
            "code-reviewer-1": "person_pushes lib/shared.txt theirs; approve",
            "implementer-2": "cp lib/shared.txt \"$TORTURE/marked\"; echo both > lib/shared.txt; finish",
        ])
        try await world.expectLanding()
        let marked = try world.noted("marked")
        #expect(marked.contains("<<<<<<< ") && marked.contains("mine") && marked.contains("theirs"))
        #expect(try world.prompt(.implementation, 2).contains("lib/shared.txt"))
        #expect(try await world.onMain("lib/shared.txt") == "both\n")
        let head = try await world.pr(1).head.hex
        let person = try await world.git("rev-parse", "main~1", in: world.hub)
        let parents = try await world.git("log", "-1", "--format=%P", head, in: world.hub).split(separator: " ")
        #expect(parents.count == 2 && parents.last.map(String.init) == person)
        #expect(try world.starts().suffix(2) == ["1 implementer 2", "1 code-reviewer 2"])
        #expect(try await world.checkRuns() == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a conflict that is left in the file is a failed attempt`() async throws {
        let world = try await World.play([
            "implementer-1": "sed -i s/one/mine/ lib/shared.txt; finish",
            "code-reviewer-1": "person_pushes lib/shared.txt theirs; approve",
            "implementer-2": "implement; finish", "implementer-3": "echo both > lib/shared.txt; finish",
        ])
        try await world.expectLanding()
        #expect(try world.prompt(.implementation, 3).contains("the conflict in lib/shared.txt is not resolved"))
        #expect(try await world.onMain("lib/shared.txt") == "both\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `what the main branch has already is parked, and makes no commit`() async throws {
        let world = try await World.play([
            "code-reviewer": """
            person fetch -q factory
            person checkout -q factory/\(Play.branch(1)) -- .
            person commit -q -m 'By hand'
            person push -q factory main
            approve
            """
        ])
        #expect(try await world.expectParking().kind == .contained)
        #expect(try await world.git("log", "-1", "--format=%s", "main", in: world.hub) == "By hand")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a base that a forced push has removed parks`() async throws {
        let world = try await World.play([
            "code-reviewer": "person commit -q --amend --only -m Rewritten; person push -q -f factory main; approve"
        ])
        let reason = try await world.expectParking()
        #expect(reason.kind == .baseLost)
        #expect(try await world.git("log", "-1", "--format=%s", "main", in: world.hub) == "Rewritten")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a spec that is edited on the branch after its approval starts over`() async throws {
        let world = try await World.play([
            "planner": "plan; echo $FACTORY_ATTEMPT >> $FACTORY_PLAN; finish",
            "implementer": "echo $FACTORY_ATTEMPT > lib/1.txt; finish",
            "code-reviewer-1": """
            person fetch -q factory
            person checkout -q -b edit factory/\(Play.branch(1))
            echo More. >> "$TORTURE/../app/$FACTORY_SPEC"
            person commit -q -a -m 'Edit the spec'
            person push -q factory HEAD:\(Play.branch(1))
            approve
            """,
        ])
        try await world.expectLanding()
        #expect(try world.starts(of: .planner) == 2)
        #expect(try world.starts(of: .planReviewer) == 2)
        #expect(try world.starts(of: .codeReviewer) == 2)
        #expect(try await world.onMain(Play.path(1))?.hasSuffix("More.\n") == true)
        #expect(try await world.onMain("lib/1.txt") == "2\n")
    }

    @Test(.timeLimit(.minutes(1)))
    func `two that change the same line both land, the later with the conflict resolved`() async throws {
        let world = try await World.play(
            [
                "implementer-1": """
                touch "$TORTURE/at-$n"
                while [ ! -e "$TORTURE/at-1" ] || [ ! -e "$TORTURE/at-2" ]; do sleep 0.01; done
                sed -i "s/one/by $n/" lib/shared.txt; finish
                """,
                "implementer-2": "grep -q '^<<<<<<<' lib/shared.txt; echo by both > lib/shared.txt; finish",
            ], specs: [Play.spec(1), Play.spec(2)], concurrency: 2)
        try await world.expectLanding()
        #expect(try await world.onMain("lib/shared.txt") == "by both\n")
        #expect(try world.starts(of: .implementer) == 3)
        #expect(try world.starts(of: .codeReviewer) == 3)
        #expect(try await world.end().landed.count == 2)
    }
}
