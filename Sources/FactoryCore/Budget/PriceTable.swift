/// What a model costs, in US dollars for a million tokens.
package struct Price: Hashable, Sendable {
    package var input: Double
    package var output: Double

    package init(input: Double, output: Double) {
        self.input = input
        self.output = output
    }
}

/// Prices by the name of the model. A model that is not in it has an unknown price, which is never taken for nothing.
package struct PriceTable: Hashable, Sendable {
    /// One row: which models, at what price.
    package struct Row: Hashable, Sendable {
        /// A name in which `*` stands for anything, such as `name-4*`.
        package var model: String
        package var price: Price

        package init(model: String, price: Price) {
            self.model = model
            self.price = price
        }
    }
    /// The day that the prices were looked up, such as `2026-11-25`.
    package var asOf: String
    package var rows: [Row]

    package init(asOf: String, rows: [Row]) {
        self.asOf = asOf
        self.rows = rows
    }

    /// What the program brings along: no price that we can date and prove, so none.
    package static let shipped = PriceTable(asOf: "2026-11-25", rows: [])

    /// The price of a model: that of the first row which fits.
    package func price(of model: String?) -> Price? {
        guard let model else { return nil }
        return rows.first { Self.fits(Array($0.model.utf8)[...], Array(model.utf8)[...]) }?.price
    }

    private static func fits(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var (pattern, name) = (pattern, name)
        // Where to go on when the text behind the last star did not fit.
        var retry: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
        while let letter = name.first {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                retry = (pattern, name)
            } else if pattern.first == letter {
                (pattern, name) = (pattern.dropFirst(), name.dropFirst())
            } else if let last = retry {
                retry = (last.pattern, last.name.dropFirst())
                (pattern, name) = (last.pattern, last.name.dropFirst())
            } else {
                return false
            }
        }
        return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
