import FactoryCore
import FactoryKnowledge
import Testing

@Suite struct SpecDependenciesTests {
    private func specs(_ dependencies: [Int: [Int]]) throws -> [Spec] {
        try dependencies.map { number, dependsOn in
            let id = try SpecID("\(number)-s")
            var spec = Spec(id: id, path: RepoPath("specs/\(id).md"), title: "")
            spec.dependsOn = dependsOn
            return spec
        }
    }

    @Test(arguments: [
        ([1: [2], 2: [3], 3: [1]], [1, 2, 3]), ([1: [1]], [1]), ([5: [2], 2: [9, 4], 4: [3], 3: [2]], [2, 4, 3]),
        ([1: [4], 4: [3], 3: [4]], [3, 4]),
    ])
    func `a circle is named in order from its lowest number`(_ dependencies: [Int: [Int]], _ circle: [Int]) throws {
        #expect(try SpecDependencies.cycle(in: specs(dependencies))?.map(\.number) == circle)
    }

    @Test(arguments: [[:], [1: []], [1: [2], 2: [3], 3: []], [1: [2, 3], 2: [4], 3: [4], 4: [99]]])
    func `what can be worked in some order has no circle`(_ dependencies: [Int: [Int]]) throws {
        #expect(try SpecDependencies.cycle(in: specs(dependencies)) == nil)
    }

    @Test func `a chain of many thousands is no trouble`() throws {
        var chain = Dictionary(uniqueKeysWithValues: (1..<20_000).map { ($0, [$0 + 1]) })
        #expect(try SpecDependencies.cycle(in: specs(chain)) == nil)
        chain[20_000] = [19_999]
        #expect(try SpecDependencies.cycle(in: specs(chain))?.map(\.number) == [19_999, 20_000])
    }
}

@Suite struct DecisionRecordsTests {
    @Test func `mentions are found in prose, links and lists`() {
        let text = """
            See [this](docs/decisions/0003-x.md), `docs/adr/12-y.md`. ADR-3 and adr 4; decision 0005, Decision record 6.
            Again ADR-3. Not: ADR, decision, decision pending 3, docs/other/1-a.md, radar-9, 0003, QUADR-3.
            """
        #expect(
            DecisionRecords.mentioned(in: text) == [
                "docs/decisions/0003-x.md", "docs/adr/12-y.md", "ADR-3", "adr 4", "decision 0005", "Decision 6",
            ])
    }

    @Test func `a name finds its files by path or by number`() {
        let paths = ["docs/decisions/0003-x.md", "docs/decisions/0013-y.md", "docs/adr/3-z.md", "src/0003-x.md"].map {
            RepoPath($0)
        }
        func found(_ name: String) -> [String] { DecisionRecords.find(named: name, among: paths).map(\.text) }
        #expect(found("./docs/decisions/0013-y.md") == ["docs/decisions/0013-y.md"])
        #expect(found("decision 13") == ["docs/decisions/0013-y.md"])
        #expect(found("ADR-003") == ["docs/decisions/0003-x.md", "docs/adr/3-z.md"])
        #expect(found("ADR-4") == [] && found("docs/decisions/9-q.md") == [] && found("nothing") == [])
    }

    @Test func `the library lists the records of a spec once, in its order`() throws {
        let text = "Problem: ADR-2, then decision 1 and docs/decisions/0002-b.md\nDone: d"
        let spec = try SpecLibrary().spec(Array(text.utf8), at: RepoPath("specs/1-a.md"))
        let records = SpecLibrary().records(of: spec, among: ["0001-a.md", "0002-b.md", "README.md"])
        #expect(records == ["docs/decisions/0002-b.md", "docs/decisions/0001-a.md"].map { RepoPath($0) })
        #expect(throws: SpecError.self) { try SpecLibrary().spec([], at: RepoPath("specs/1-a.md")) }
    }
}
