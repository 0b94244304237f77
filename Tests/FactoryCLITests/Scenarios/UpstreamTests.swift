import FactoryCore
import FactoryFiles
import Testing

/// A line whose main branch comes from a remote of the clone, to which others push as well.
struct UpstreamTests {
    @Test(.timeLimit(.minutes(2)))
    func `what a teammate pushes while a candidate is tested is joined and tested again`() async throws {
        let push = { (path: String) in
            """
            if [ ! -e "$TORTURE/team/lib/\(path)" ]; then
                (cd "$TORTURE/team" && echo hello > lib/\(path) && git add lib/\(path) && git commit -q -m \(path) &&
                    git push -q origin main)
            fi
            """
        }
        // The first one makes the landing test the candidate; the second comes while it does.
        let world = try await World.play(
            [
                "code-reviewer": push("first.txt") + "\napprove",
                "check": "if [ -e lib/1.txt ] && [ -e lib/first.txt ]; then\n\(push("second.txt"))\nfi",
            ], configuration: "upstream: { remote: origin, push: true }")
        let place = world.scratch + "/upstream.git"
        try await world.git("clone", "-q", "--bare", world.app, place)
        try await world.git("remote", "add", "origin", place)
        try await world.git("clone", "-q", place, world.control + "/team")
        for (key, value) in [("user.name", "Team"), ("user.email", "team@example.invalid")] {
            try await world.git("config", key, value, in: world.control + "/team")
        }
        try await world.expectLanding()
        #expect(try await world.onMain("lib/second.txt") == "hello\n")
        #expect(try await world.checkRuns() == 3)
        let main = try await world.git("rev-parse", "main", in: world.hub)
        #expect(try await world.git("rev-parse", "main", in: place) == main)
    }
}
