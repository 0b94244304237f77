import FactoryCore
import FactoryTestSupport
import Glibc
import Testing

/// Random pull requests, on bases of different age, land in random order on a main branch that moves.
///
/// `FACTORY_LANDINGS=N` plays N scenarios instead of the sample, `FACTORY_LANDING_SEED=S` the one of that seed.
struct `Landing takes nothing from anybody` {
    private static let batch = 40
    private static let wanted = getenv("FACTORY_LANDINGS").flatMap { Int(String(cString: $0)) } ?? 240
    private static let only = getenv("FACTORY_LANDING_SEED").flatMap { UInt64(String(cString: $0)) }
    private static let batches: [UInt64] =
        only.map { [$0] } ?? (0..<UInt64((wanted + batch - 1) / batch)).map { $0 * UInt64(batch) }

    @Test(.timeLimit(.minutes(60)), arguments: batches)
    func `no line of another is dropped or comes back, whatever lands in which order`(first: UInt64) async throws {
        let count = Self.only == nil ? Self.batch : 1
        let seeds = (0..<UInt64(count)).map { first + $0 }
        let game = try LandingGame()
        if let bad = try await game.play(seeds.map(LandingScenario.random)) {
            let least = try await LandingScenario.random(seeds[bad.index]).shrunk { less in
                try await LandingGame().play([less]) != nil
            }
            let complaint = try await LandingGame().play([least])?.complaint ?? bad.complaint
            Issue.record("FACTORY_LANDING_SEED=\(seeds[bad.index]): \(complaint)\n\(least)")
        }
        guard count > 1 else { return }
        // Otherwise the scenarios never meet what they are for.
        let tally = game.tally
        #expect(tally.landed > count && tally.conflicts > 0 && tally.rivals > 0 && tally.brought > 0, "\(tally)")
    }
}
