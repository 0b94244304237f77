import FactoryCore
import Testing

@Suite(.serialized) struct `Rules for reviewers` {
    @Test(.timeLimit(.minutes(1)), arguments: [Role.planReviewer, .codeReviewer])
    func `a reviewer that writes has failed, and the next one finds the lane clean`(role: Role) async throws {
        let world = try await World.play([
            "\(role.rawValue)-1": "echo junk > junk.txt; echo more >> lib/shared.txt; rm $FACTORY_SPEC; approve",
            "\(role.rawValue)-2": """
            git status --porcelain > "$TORTURE/status"; ls > "$TORTURE/seen"; ls specs >> "$TORTURE/seen"
            cat lib/shared.txt > "$TORTURE/shared"; approve
            """,
        ])
        try await world.expectLanding()
        #expect(try world.starts(of: role) == 2)
        #expect(try world.noted("status") == "")
        #expect(try !world.noted("seen").contains("junk.txt"))
        #expect(try world.noted("seen").contains("0001-play.md"))
        #expect(try world.noted("shared") == "one\ntwo\nthree\n")
        let stage: Stage = role == .planReviewer ? .planReview : .codeReview
        #expect(try world.prompt(stage, 2).contains("a reviewer writes nothing"))
        #expect(try await world.onMain("junk.txt") == nil)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [Role.planReviewer, .codeReviewer])
    func `a reviewer that touches the floor is parked at once`(role: Role) async throws {
        let world = try await World.play([role.rawValue: "echo x >> .factory/config.yml; approve"])
        let reason = try await world.expectParking()
        #expect(reason.rule == "protected-path")
        #expect(reason.stage?.role == role)
        #expect(try world.starts(of: role) == 1)
    }
}
