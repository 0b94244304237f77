/// Why a file name names no spec.
package struct SpecNameError: Error, Hashable, CustomStringConvertible {
    /// The name as it was found.
    package let name: String
    package let problem: String

    package var description: String {
        "\"\(name)\" names no spec: \(problem). A good name is 0007-export-as-csv.md: "
            + "a number of 1 to 6 digits, a dash, then lower-case letters, digits and dashes"
    }
}

/// The name of a spec: `0007-export-as-csv`. Its number is the spec's, whatever the text says.
package struct SpecID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// From 1 to 999,999.
    package let number: Int
    /// What stands behind the first dash.
    package let slug: String
    /// The name as it is written, its leading zeros included, without `.md`.
    package let name: String

    /// Reads a name without an ending, such as `0007-export-as-csv`.
    package init(_ name: String) throws(SpecNameError) {
        let digits = name.utf8.prefix { (48...57).contains($0) }
        let slug = name.utf8.dropFirst(digits.count + 1)
        func refused(_ problem: String) -> SpecNameError { SpecNameError(name: name, problem: problem) }
        guard !digits.isEmpty else { throw refused("it does not start with a number") }
        guard digits.count <= 6, let number = Int(String(name.prefix(digits.count))) else {
            throw refused("its number has more than 6 digits")
        }
        guard number > 0 else { throw refused("numbers start at 1") }
        guard name.utf8.dropFirst(digits.count).first == UInt8(ascii: "-"), !slug.isEmpty else {
            throw refused("no dash and name follow the number")
        }
        guard slug.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }) else {
            throw refused("its name has characters that are not allowed")
        }
        self.number = number
        self.slug = String(name.dropFirst(digits.count + 1))
        self.name = name
    }

    /// Reads a file name, such as `0007-export-as-csv.md`.
    package init(fileName: String) throws(SpecNameError) {
        guard fileName.hasSuffix(".md") else {
            throw SpecNameError(name: fileName, problem: "it does not end in .md")
        }
        guard !fileName.hasSuffix(".plan.md") else {
            throw SpecNameError(name: fileName, problem: "it is the plan of a spec")
        }
        do throws(SpecNameError) {
            try self.init(String(fileName.dropLast(3)))
        } catch {
            throw SpecNameError(name: fileName, problem: error.problem)
        }
    }

    /// The branch that carries the spec: `spec/0007-export-as-csv`.
    package var branch: String { "spec/" + name }
    package var fileName: String { name + ".md" }
    /// The plan stands beside the spec and lands with the code.
    package var planFileName: String { name + ".plan.md" }

    package var description: String { name }

    /// By number, then by name.
    package static func < (a: SpecID, b: SpecID) -> Bool {
        a.number == b.number ? a.name < b.name : a.number < b.number
    }
}
