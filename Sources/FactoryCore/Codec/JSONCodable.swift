/// Why a JSON value is not what it should be: the member, and what is wrong with it.
package struct CodecError: Error, Hashable, CustomStringConvertible {
    /// The path of the member, such as `state.reason.evidence[2].rule`; empty when the whole value is wrong.
    package let path: String
    package let problem: String
    package init(_ path: String, _ problem: String) {
        self.path = path
        self.problem = problem
    }
    package var description: String { path.isEmpty ? problem : "\(path): \(problem)" }

    /// The same error as seen from outside the member `key`.
    func inside(_ key: String) -> CodecError {
        CodecError(path.isEmpty || path.hasPrefix("[") ? key + path : key + "." + path, problem)
    }
}

/// A value with one JSON form. Members that are nil or empty are left out.
package protocol JSONCodable {
    var json: JSON { get }
    init(json: JSON) throws(CodecError)
}

/// Reads members of an object, with errors that name them.
struct MemberReader {
    let object: JSONObject

    init(_ json: JSON, _ what: String) throws(CodecError) {
        guard let object = json.object else { throw CodecError("", "\(what) is no object") }
        self.object = object
    }

    func optional<Value>(_ key: String, _ read: (JSON) -> Value?) throws(CodecError) -> Value? {
        guard let json = object[key], !json.isNull else { return nil }
        guard let value = read(json) else { throw CodecError(key, "has an unexpected value") }
        return value
    }

    func required<Value>(_ key: String, _ read: (JSON) -> Value?) throws(CodecError) -> Value {
        guard let value = try optional(key, read) else { throw CodecError(key, "is missing") }
        return value
    }

    func string(_ key: String) throws(CodecError) -> String { try required(key, \.string) }
    func int(_ key: String) throws(CodecError) -> Int { try required(key, \.int) }
    func text(_ key: String) throws(CodecError) -> String { try optional(key, \.string) ?? "" }
    func id<ID: ObjectID>(_ key: String) throws(CodecError) -> ID { ID(try string(key)) }
    func optionalID<ID: ObjectID>(_ key: String) throws(CodecError) -> ID? { try optional(key, \.string).map(ID.init) }
    func time(_ key: String) throws(CodecError) -> Timestamp {
        try required(key) { $0.string.flatMap { Timestamp($0) } }
    }
    func raw<Value: RawRepresentable<String>>(_ key: String) throws(CodecError) -> Value {
        let text = try string(key)
        guard let value = Value(rawValue: text) else { throw CodecError(key, "\"\(text)\" is not known here") }
        return value
    }
    func value<Value: JSONCodable>(_ key: String) throws(CodecError) -> Value {
        guard let value: Value = try optionalValue(key) else { throw CodecError(key, "is missing") }
        return value
    }
    func optionalValue<Value: JSONCodable>(_ key: String) throws(CodecError) -> Value? {
        guard let json = object[key], !json.isNull else { return nil }
        do { return try Value(json: json) } catch { throw error.inside(key) }
    }
    func values<Value: JSONCodable>(_ key: String) throws(CodecError) -> [Value] {
        var result: [Value] = []
        for (index, item) in try (optional(key, \.array) ?? []).enumerated() {
            do { result.append(try Value(json: item)) } catch { throw error.inside("[\(index)]").inside(key) }
        }
        return result
    }
    func strings(_ key: String) throws(CodecError) -> [String] { try items(key, \.string) }
    /// The items of an array, none of which may be of another kind; none when there is no such member.
    func items<Item>(_ key: String, _ read: (JSON) -> Item?) throws(CodecError) -> [Item] {
        var result: [Item] = []
        for (index, json) in try (optional(key, \.array) ?? []).enumerated() {
            guard let item = read(json) else { throw CodecError("\(key)[\(index)]", "has an unexpected value") }
            result.append(item)
        }
        return result
    }
}

extension Optional {
    func json(_ make: (Wrapped) -> JSON) -> JSON? { map(make) }
}

extension Array where Element: JSONCodable {
    /// The items, or nil when there are none.
    var jsonOrNil: JSON? { isEmpty ? nil : .array(map(\.json)) }
}

extension String {
    /// The text, or nil when it is empty.
    var jsonOrNil: JSON? { isEmpty ? nil : .string(self) }
}

extension ObjectID {
    var json: JSON { .string(hex) }
}

extension Timestamp {
    var json: JSON { .string(description) }
}
