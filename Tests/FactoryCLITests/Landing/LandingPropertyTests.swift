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

    /// Each pull request stands on an older main branch than the one that has landed before it, and all change the same
    /// file: judged by their own base alone, each would take back what the others did.
    @Test(.timeLimit(.minutes(1)), arguments: 2...10)
    func `a group whose later members have the older bases lands whole`(size: Int) async throws {
        var steps: [LandingScenario.Step] = []
        for pr in (1...size).reversed() {
            let line = 10 * pr
            steps.append(
                .open(
                    pr, back: 0, [.insert(file: 0, line: line, count: 2), .delete(file: 0, line: line + 5, count: 1)]))
            steps.append(.person([.insert(file: 1, line: line, count: 1)]))
        }
        steps += (1...size).map { .approve($0) } + (1...size).map { .land($0, rival: nil) }
        let game = try LandingGame()
        let bad = try await game.play([LandingScenario(files: [120, 120], steps: steps)])
        #expect(bad == nil, "\(bad?.complaint ?? "")")
        #expect(game.tally.landed == size)
    }
}
