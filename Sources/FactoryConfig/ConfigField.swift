import FactoryCore
import FactoryText

/// One value that is being decoded. Each accessor gives the value, or finds what is wrong and gives nil.
struct ConfigField {
    let path: String
    let value: YAML
    let findings: ConfigFindings

    func find(_ message: String, _ hint: String = "") { findings.add(path, value.position, message, hint) }

    private func wrong<T>(_ expected: String, _ hint: String) -> T? {
        find("\(value.kind) is not \(expected)", hint)
        return nil
    }

    func section<T>(_ body: (inout ConfigSection) -> T?) -> T? {
        guard var section = ConfigSection(self) else { return wrong("a mapping", "write keys and values below it") }
        let result = body(&section)
        section.finish()
        return result
    }

    /// The items that decode; those that do not are found.
    func list<T>(_ decode: (ConfigField) -> T?) -> [T]? {
        guard let items = value.items else {
            return wrong("a list", "write [one, two], or lines that start with \"- \"")
        }
        return items.enumerated().compactMap { index, item in
            decode(ConfigField(path: "\(path)[\(index)]", value: item, findings: findings))
        }
    }

    /// Text of any form, not empty.
    func text() -> String? {
        guard let text = value.string, !text.trimmed.isEmpty else { return wrong("a text", "write some text") }
        return text
    }

    func flag() -> Bool? { value.bool ?? wrong("true or false", "write true or false") }

    func whole(_ range: ClosedRange<Int>) -> Int? {
        guard let int = value.int else { return wrong("a whole number", "write one from \(Self.text(range))") }
        return inRange(int, range)
    }

    func number(_ range: ClosedRange<Double>) -> Double? {
        guard let number = value.number else { return wrong("a number", "write one such as 10 or 2.5") }
        return inRange(number, range)
    }

    /// Seconds.
    func duration(_ range: ClosedRange<Double>) -> Double? {
        guard let seconds = value.string.flatMap(ConfigDuration.seconds) else {
            return wrong("a duration", "write 45s, 20m, 2h, or seconds such as 90")
        }
        guard range.contains(seconds) else {
            let (low, high) = (ConfigDuration.text(range.lowerBound), ConfigDuration.text(range.upperBound))
            find("\(value.kind) is out of range", "write a duration from \(low) to \(high)")
            return nil
        }
        return seconds
    }

    /// Minutes since midnight.
    func clock() -> Int? {
        value.string.flatMap(ConfigDuration.minuteOfDay) ?? wrong("a time of day", "write one such as \"18:00\"")
    }

    func day() -> Day? {
        if let day = value.string.flatMap({ Day($0) }) { return day }
        find("\(value.kind) is no day", "write one such as 2026-12-24")
        return nil
    }

    func choice<T: RawRepresentable<String> & CaseIterable>(_ type: T.Type) -> T? {
        if let choice = value.string.flatMap(T.init(rawValue:)) { return choice }
        let known = T.allCases.map(\.rawValue)
        let nearest = value.string.flatMap { NearestName.suggest($0, among: known) }
        return wrong(
            "one of \(known.joined(separator: ", "))", nearest.map { "did you mean \"\($0)\"?" } ?? "write one of them")
    }

    private func inRange<T: Comparable>(_ number: T, _ range: ClosedRange<T>) -> T? {
        if range.contains(number) { return number }
        find("\(value.kind) is out of range", "write a number from \(Self.text(range))")
        return nil
    }

    private static func text<T: Comparable>(_ range: ClosedRange<T>) -> String {
        let bounds = [range.lowerBound, range.upperBound].map { "\($0)" }
        return bounds.map { $0.hasSuffix(".0") ? String($0.dropLast(2)) : $0 }.joined(separator: " to ")
    }
}

extension ConfigField {
    /// The name of an environment variable.
    func variable() -> String? {
        guard let name = value.string, name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
            return wrong("the name of a variable", "write its name only, such as API_KEY: values do not belong here")
        }
        return name
    }

    /// A path below the repository's root.
    func relativePath() -> String? {
        guard let path = value.string, !path.isEmpty, !path.hasPrefix("/"),
            path.split(separator: "/").allSatisfy({ $0 != ".." && $0 != ".git" })
        else { return wrong("a path inside the repository", "write one relative to its root, without ..") }
        return path
    }

    func glob() -> Glob? {
        guard let pattern = value.string, !pattern.isEmpty, !pattern.hasPrefix("!") else {
            return wrong("a pattern", "write one such as \"infra/**\"; a pattern can only add")
        }
        return Glob(pattern)
    }

    /// A host for the proxy, in lower case.
    func host() -> String? {
        guard let name = value.string, let host = HostRule(name) else {
            return wrong(
                "the name of a host",
                "write one such as api.example.com, \"*.example.com\" or 10.0.0.5:8080, without https://")
        }
        return host.description
    }

    /// A path of the machine, from its root or from the home.
    func machinePath() -> String? {
        guard let path = value.string, path.hasPrefix("/") || path.hasPrefix("~/"),
            case let parts = path.split(separator: "/"), parts.count > 1 || path.hasPrefix("/") && !parts.isEmpty,
            parts.allSatisfy({ $0 != ".." && $0 != "." })
        else { return wrong("a path of the machine", "write one such as /srv/sdk or ~/.rustup, without ..") }
        return path
    }

    /// Bytes.
    func size(_ range: ClosedRange<Int>) -> Int? {
        guard let bytes = value.string.flatMap(ConfigSize.bytes) else {
            return wrong("a size", "write 512M, 8G, or bytes")
        }
        guard range.contains(bytes) else {
            let (low, high) = (ConfigSize.text(range.lowerBound), ConfigSize.text(range.upperBound))
            find("\(value.kind) is out of range", "write a size from \(low) to \(high)")
            return nil
        }
        return bytes
    }

    /// The name of a git remote; never something that git would take for an option.
    func remote() -> String? {
        guard let name = value.string, name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\/-]*/) != nil else {
            return wrong("the name of a remote", "write one that git remote lists, such as origin")
        }
        return name
    }

    /// A program and its arguments: a list, or a line that is split at its spaces, quotes honoured.
    func command() -> [String]? {
        guard let words = value.items == nil ? commandLine() : list({ $0.word() }) else { return nil }
        if words.first?.isEmpty == false { return words }
        find("names no program", "write one such as [sh, tools/agent.sh]")
        return nil
    }

    /// Text that may be empty: an argument.
    private func word() -> String? { value.string ?? wrong("a text", "put quotes around it") }

    private func commandLine() -> [String]? {
        guard let line = text() else { return nil }
        do throws(CommandWordsError) {
            return try CommandWords.split(line)
        } catch {
            find(error.description, "write a list, such as [sh, -c, \"…\"], for what needs a shell")
            return nil
        }
    }
}
