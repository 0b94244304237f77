import FactoryText

/// What decoding has found so far. One object for a whole file; it never leaves the thread that decodes.
final class ConfigFindings {
    var all: [ConfigFinding] = []
    /// The path of every key that the decoder looked for.
    var asked: Set<String> = []

    func add(_ path: String, _ position: YAML.Position, _ message: String, _ hint: String = "") {
        all.append(
            ConfigFinding(path: path, line: position.line, column: position.column, message: message, hint: hint))
    }
}

/// A mapping that is being decoded. A key is known by being asked for; what nobody asked for is an error.
struct ConfigSection {
    let field: ConfigField
    private let members: [YAML.Member]
    private var known: [String] = []

    init?(_ field: ConfigField) {
        guard let members = field.value.members else { return nil }
        self.field = field
        self.members = members
    }

    /// The value under a key, if the key is there.
    mutating func take(_ key: String) -> ConfigField? {
        known.append(key)
        let path = path(of: key)
        field.findings.asked.insert(path)
        guard let value = members.first(where: { $0.key == key })?.value else { return nil }
        return ConfigField(path: path, value: value, findings: field.findings)
    }

    /// The decoded value under a key; nil when the key is missing or its value wrong, which is then found.
    mutating func read<T>(_ key: String, _ decode: (ConfigField) -> T?) -> T? {
        take(key).flatMap(decode)
    }

    /// Replaces the default when the key is there.
    mutating func set<T>(_ key: String, _ target: inout T, _ decode: (ConfigField) -> T?) {
        if let value = read(key, decode) { target = value }
    }

    /// Replaces nil when the key is there.
    mutating func set<T>(_ key: String, _ target: inout T?, _ decode: (ConfigField) -> T?) {
        if let value = read(key, decode) { target = value }
    }

    func has(_ key: String) -> Bool { members.contains { $0.key == key } }

    /// Finds that a key is missing.
    func require(_ key: String, _ hint: String) {
        if !has(key) { field.find("has no \(key)", hint) }
    }

    /// Finds every key that nobody asked for. Keys that start with `x-` are the user's own.
    func finish() {
        for member in members where !known.contains(member.key) && !member.key.hasPrefix("x-") {
            let nearest = NearestName.suggest(member.key, among: known)
            let hint = nearest.map { "did you mean \"\($0)\"?" } ?? "known here: \(known.joined(separator: ", "))"
            field.findings.add(path(of: member.key), member.position, "there is no such key", hint)
        }
    }

    private func path(of key: String) -> String { field.path.isEmpty ? key : field.path + "." + key }
}
