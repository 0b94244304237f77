import FactoryCore
import Testing

@testable import FactoryConfig

struct PriceFileTests {
    private func parse(_ text: String) throws -> PriceTable { try PriceFile(parsing: Array(text.utf8)).table }

    @Test func `a table is read as it stands`() throws {
        let table = try parse(
            """
            as-of: 2026-11-25
            models:
              - { model: "big-*", input: 2.5, output: 10 }
              - { model: local, input: 0, output: 0 }
            """)
        #expect(table.asOf == "2026-11-25" && table.rows.count == 2)
        #expect(table.price(of: "big-4") == Price(input: 2.5, output: 10))
        #expect(table.price(of: "local") == Price(input: 0, output: 0))
    }

    @Test(arguments: [
        ("models: []", "has no as-of"), ("as-of: 2026-11-25", "has no models"),
        ("as-of: yesterday\nmodels: []", "no day"), ("as-of: 2026-13-01\nmodels: []", "no day"),
        ("as-of: 2026-11-25\nmodels: [{ model: a, input: 1 }]", "has no output"),
        ("as-of: 2026-11-25\nmodels: [{ model: a, input: -1, output: 1 }]", "out of range"),
        ("as-of: 2026-11-25\nmodels: [{ model: a, input: .nan, output: 1 }]", ""),
        ("as-of: 2026-11-25\nmodels: []\ncurrency: EUR", "no such key"), ("", ""), ("{", ""),
    ])
    func `what is wrong is found, with its place in this file`(_ text: String, _ message: String) {
        let error = #expect(throws: ConfigError.self) { try parse(text) }
        let told = error?.description ?? ""
        #expect(told.hasPrefix(".factory/prices.yml:") && told.contains(message), "\(told)")
    }
}
