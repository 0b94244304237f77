import Testing

@testable import FactoryCLI

/// A person has committed beside what the line landed.
struct DivergedTests {
    @Test(.timeLimit(.minutes(2)))
    func `doctor names the way that goes, and verify finds what landed behind the person's merge`() async throws {
        let world = try await World.play()
        #expect(try await world.run() == 0)
        try world.place("mine\n", at: "mine.txt")
        try await world.git("add", "mine.txt")
        try await world.git("commit", "-q", "-m", "Mine, and the spec that was staged")
        let told = try await world.ask(World.program, ["doctor"])
        let text = told.output + told.errors
        #expect(text.contains("your main and the hub's have both moved on"))
        #expect(text.contains("git pull --rebase factory main && git push factory main"))

        // Not what was advised: the person's commit becomes the first parent.
        try await world.git("pull", "-q", "--no-rebase", "--no-edit", "factory", "main")
        #expect(try await world.git("rev-parse", "HEAD^1") != world.git("rev-parse", "factory/main"))
        let ahead = try await world.ask(World.program, ["doctor"])
        #expect(
            (ahead.output + ahead.errors).contains("your main has commits that the hub lacks: git push factory main"))
        try await world.git("push", "-q", "factory", "main")
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a rebase as advised goes through, and the next spec lands on it`() async throws {
        let world = try await World.play()
        #expect(try await world.run() == 0)
        try world.place("mine\n", at: "mine.txt")
        try await world.git("add", "mine.txt")
        try await world.git("commit", "-q", "-m", "Mine, and the spec that was staged")
        try await world.git("pull", "-q", "--rebase", "factory", "main")
        try await world.git("push", "-q", "factory", "main")
        try world.place(Play.spec(2).text, at: Play.path(2))
        try await world.factory("submit", Play.path(2))
        #expect(try await world.run() == 0)
        #expect(try await world.onMain("mine.txt") == "mine\n")
        #expect(try await world.ask(World.program, ["verify"]).code == 0)
    }
}
