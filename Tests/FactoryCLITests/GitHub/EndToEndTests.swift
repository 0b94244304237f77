import FactoryCore
import FactoryFiles
import Testing

/// The real program with the GitHub for tests, from the queue to the main branch. What takes long runs with
/// `FACTORY_TORTURE=1` only.
@Suite(.serialized) struct `The line on GitHub` {
    @Test(.timeLimit(.minutes(3)))
    func `the example comes to the same end as without it, and shows all of it`() async throws {
        let alone = try await World.example()
        #expect(try await alone.run() == 3)
        let here = try await OnGitHub.example()
        let run = try await here.world.start()
        #expect(await run.code() == 3, "\(run.errors)")
        #expect(try await here.world.end().landed.sorted() == ["1", "2", "3"])
        #expect(try await here.world.pr(4).state == .needsAttention)
        #expect(try await here.mainFiles() == alone.mainFiles(in: alone.hub))
        let counted = try await here.hub.counted()
        let counts = try await here.hub.control("counts").text()
        #expect(counted <= 3 * 60, "\(counted) requests, \(counts)")
        let parked = try #require(try await here.hub.pulls()["spec/0004-dates-without-leading-zeros"])
        #expect(parked.marks.contains { $0.contains("kind=parking") }, "\(parked.marks)")
        #expect(!run.errors.contains("GitHub"), "\(run.errors)")
        try await here.expectWhole()
        await here.hub.end()
        await alone.dismissAll()
    }
}
