import FactoryCore
import FactoryFiles
import FactoryGit
import Testing

@testable import FactoryCLI
@testable import FactoryLine

/// Nothing can make the line land another tree than it tested; if it ever does, nobody goes on.
struct LandedTreeTests {
    @Test func `a landed tree that was not tested stops the line for everybody`() async throws {
        let office = try await Office()
        let workplace = try Workplace(office.context(Output(environment: [:])))
        let ports = workplace.ports(upstream: nil) { _ in }
        let main = try await office.store.mainTip()
        let attempt = LandingAttempt(ports: ports, tested: .empty)
        for _ in 1...2 {
            await #expect(throws: LineStopped.self) { try await attempt.confirm(main, of: PRNumber(7)) }
        }
        let standing = try await office.store.standing().standing
        #expect(standing.stops.map(\.kind) == [.landedTree] && standing.stops[0].message.contains("#7"))
        #expect(try await office.run("status").data.contains("#7 landed as tree"))
        let right = LandingAttempt(ports: ports, tested: try await office.store.tree(of: main))
        try await right.confirm(main, of: PRNumber(7))
    }
}
