import FactoryCore
import Testing

/// Where a person is asked beside the degree of autonomy.
struct GateTests {
    private func configuration(_ gates: Gate...) -> Configuration {
        var configuration = Configuration()
        configuration.gates = gates
        return configuration
    }

    private func gate(_ before: Gate.Place, kinds: [String] = [], paths: [String] = []) -> Gate {
        var gate = Gate(before: before)
        gate.kinds = kinds
        gate.paths = paths.map { Glob($0) }
        return gate
    }

    private let change = [RepoPath("app/main.c"), RepoPath("db/schema.sql")]

    @Test func `without gates nobody is asked`() {
        #expect(!configuration().asksBeforeImplementation("feature"))
        #expect(configuration().asksBeforeMerge("feature", change) == nil)
    }

    @Test func `a gate stands for its kinds of specs, or for all`() {
        let some = configuration(gate(.implementation, kinds: ["feature", "fix"]))
        #expect(some.asksBeforeImplementation("fix"))
        #expect(!some.asksBeforeImplementation("docs"))
        #expect(some.asksBeforeMerge("fix", change) == nil)
        #expect(configuration(gate(.implementation)).asksBeforeImplementation("docs"))
    }

    @Test func `a gate before landing stands for what its paths name, and says which it was`() {
        let some = configuration(gate(.merge, kinds: ["fix"]), gate(.merge, paths: ["db/**"]))
        #expect(some.asksBeforeMerge("feature", change)?.contains("db/schema.sql") == true)
        #expect(some.asksBeforeMerge("feature", [RepoPath("app/main.c")]) == nil)
        #expect(some.asksBeforeMerge("fix", [RepoPath("app/main.c")]) != nil)
        #expect(!some.asksBeforeImplementation("fix"))
    }
}
