package import FactoryCore

/// A result file's JSON object, before anybody asks what its members mean.
package struct ResultDocument: Hashable, Sendable {
    package let object: JSONObject

    /// Bytes that a result file may hold: 1 MiB.
    package static let limit = 1 << 20

    /// Reads one JSON object. A byte order mark and white space around it are fine, anything else is not.
    package init(_ bytes: [UInt8]) throws(InvalidResult) {
        guard bytes.count <= Self.limit else {
            throw InvalidResult("the result is larger than \(Self.limit) bytes")
        }
        let text = bytes.starts(with: Self.byteOrderMark) ? bytes.dropFirst(3) : bytes[...]
        guard text.contains(where: { $0 > 32 }) else { throw InvalidResult("the result file is empty") }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: text)
        } catch {
            throw InvalidResult("the result is \(error)")
        }
        guard let object = json.object else { throw InvalidResult("the result is JSON, but no object") }
        self.object = object
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

extension JSON {
    /// What kind of value it is, for sentences.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .int, .double: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
