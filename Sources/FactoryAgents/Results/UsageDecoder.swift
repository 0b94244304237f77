package import FactoryCore

/// Reads what a session says it used.
package enum UsageDecoder {
    /// Beyond these a figure is a mistake: sums of them must neither overflow nor run a budget into the absurd.
    private static let tokenLimit = 1_000_000_000_000
    private static let costLimit = 1_000_000.0

    /// The usage, and what is wrong with it if it cannot be used; it is unknown then. A verdict is none the worse for
    /// a wrong bill, so this throws nothing.
    package static func decode(_ document: ResultDocument) -> (usage: Usage, fault: String?) {
        guard let value = document.object["usage"], !value.isNull else { return (.unknown, nil) }
        guard let object = value.object else { return (.unknown, "usage: an object was expected, not \(value.kind)") }
        for key in ["inputTokens", "outputTokens"] {
            if let value = object[key], !value.isNull, !(0...tokenLimit).contains(value.int ?? -1) {
                return (.unknown, "usage: \(key) must be a whole number from 0 to \(tokenLimit)")
            }
        }
        if let value = object["costUSD"], !value.isNull, !(0...costLimit).contains(value.number ?? -1) {
            return (.unknown, "usage: costUSD must be a number from 0 to \(Int(costLimit))")
        }
        let usage = Usage(
            inputTokens: object["inputTokens"]?.int, outputTokens: object["outputTokens"]?.int,
            costUSD: object["costUSD"]?.number)
        return (usage, nil)
    }
}
