import FactoryCore

/// Collects the faults of a result while its members are read, so that one answer names them all.
struct FaultList {
    private(set) var faults: [String] = []

    mutating func add(_ fault: String) { faults.append(fault) }

    /// The text of a member: cleaned, one line or several, at most `limit` characters. Empty when it is not there.
    mutating func text(
        _ key: String, of object: JSONObject, named name: String? = nil, limit: Int, lines: CleanText.Lines = .one
    ) -> String {
        guard let value = object[key], !value.isNull else { return "" }
        guard let text = value.string else {
            add("\(name ?? key): a string was expected, not \(value.kind)")
            return ""
        }
        return CleanText.cut(text, lines: lines, limit: limit)
    }

    /// The items of a member; none when it is not there.
    mutating func items(_ key: String, of object: JSONObject) -> [JSON] {
        guard let value = object[key], !value.isNull else { return [] }
        guard let items = value.array else {
            add("\(key): an array was expected, not \(value.kind)")
            return []
        }
        return items
    }

    /// One of the raw values of an enumeration, however it is capitalised.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, of object: JSONObject) -> Word? {
        let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
        let count = faults.count
        let text = text(key, of: object, limit: 100)
        guard !text.isEmpty else {
            if faults.count == count { add("\(key): is missing; it is one of \(all)") }
            return nil
        }
        let word = Word.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
        if word == nil { add("\(key): \"\(text)\" is not one of \(all)") }
        return word
    }
}
