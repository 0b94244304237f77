package import FactoryCore
import FactoryText

/// `.factory/prices.yml`: what models cost. It takes the place of the table that the program brings along.
package struct PriceFile: Sendable {
    /// Where it lies in a repository.
    package static let path = ".factory/prices.yml"

    package let table: PriceTable

    /// Reads a file's bytes, or throws everything that is wrong with them.
    package init(parsing bytes: [UInt8]) throws(ConfigError) {
        let findings = ConfigFindings()
        let root = ConfigField(path: "", value: try ConfigFile.yaml(bytes, in: Self.path), findings: findings)
        if let table = root.section(Self.table), findings.all.isEmpty {
            self.table = table
            return
        }
        let all = findings.all.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        throw ConfigError(findings: all, file: Self.path)
    }

    private static func table(_ section: inout ConfigSection) -> PriceTable? {
        section.require("as-of", "add as-of: 2026-11-25, the day that the prices were looked up")
        section.require("models", "add models: [{ model: \"name-*\", input: 1.25, output: 10 }]")
        let day = section.read("as-of") { $0.day() }
        let rows = section.read("models") { $0.list { $0.section(row) } }
        guard let day, let rows else { return nil }
        return PriceTable(asOf: day.description, rows: rows)
    }

    private static func row(_ section: inout ConfigSection) -> PriceTable.Row? {
        for key in ["model", "input", "output"] { section.require(key, "add \(key)") }
        let model = section.read("model") { $0.text() }
        let input = section.read("input") { $0.number(0...1_000_000) }
        let output = section.read("output") { $0.number(0...1_000_000) }
        guard let model, let input, let output else { return nil }
        return PriceTable.Row(model: model, price: Price(input: input, output: output))
    }
}
