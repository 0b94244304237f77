/// A JSON value. Objects keep the order of their members, so that the same value is always the same bytes.
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// The members of a JSON object, in order. Small by nature, so look-up is a walk.
package struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var members: [Member]

    /// A name with its value.
    package struct Member: Hashable, Sendable {
        package let key: String
        package var value: JSON
    }

    package init() { members = [] }
    package init(dictionaryLiteral elements: (String, JSON?)...) {
        members = elements.compactMap { key, value in value.map { Member(key: key, value: $0) } }
    }

    /// The member of that name; setting nil removes it, setting a new one appends it.
    package subscript(key: String) -> JSON? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Appends without looking for an earlier member of that name: for the parser, which has looked.
    mutating func append(_ key: String, _ value: JSON) { members.append(Member(key: key, value: value)) }

    package var isEmpty: Bool { members.isEmpty }

    /// The members whose names are not in `known`: what a newer version wrote.
    package func without(_ known: Set<String>) -> JSONObject {
        var rest = JSONObject()
        rest.members = members.filter { !known.contains($0.key) }
        return rest
    }

    /// The members of both, those of `other` winning.
    package func merging(_ other: JSONObject) -> JSONObject {
        var result = self
        for member in other.members { result[member.key] = member.value }
        return result
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSON {
    package subscript(key: String) -> JSON? { object?[key] }
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    package var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var int: Int? { if case .int(let value) = self { Int(exactly: value) } else { nil } }
    /// A number, whole or not.
    package var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }
    package var isNull: Bool { self == .null }

    package static func of(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
    package static func of(_ value: Int) -> JSON { .int(Int64(value)) }
}
