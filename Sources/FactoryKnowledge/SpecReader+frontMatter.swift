import FactoryCore
import FactoryText

extension SpecReader {
    private static let keys = [
        "id", "title", "kind", "priority", "depends-on", "stream", "allows", "lint-allow",
    ]

    mutating func readFrontMatter(into spec: inout Spec?) {
        guard let front = sections.frontMatter else { return }
        do throws(YAMLError) {
            let yaml = try YAML.parse(front.text, firstLine: front.firstLine)
            if yaml.isNull { return }
            guard let members = yaml.members else {
                return find(
                    "the front matter is \(yaml.kind); write lines such as \"kind: fix\"", line: front.firstLine)
            }
            for member in members { read(member, into: &spec) }
        } catch {
            find("the front matter cannot be read: \(error.problem)\n\(error.snippet)", line: error.line)
        }
    }

    private mutating func read(_ member: YAML.Member, into spec: inout Spec?) {
        let value = member.value
        let line = member.position.line
        switch member.key {
        case "id": readID(value, of: spec?.id)
        case "title": if let title = text(value, for: "title", "title: Export as CSV") { spec?.title = title }
        case "kind": if let kind = kind(value) { spec?.kind = kind }
        case "priority":
            guard let priority = value.int else {
                return find(
                    "priority is \(value.kind); write a whole number, higher goes first, such as 10", line: line)
            }
            spec?.priority = priority
        case "depends-on":
            let numbers = dependencies(value, of: spec?.id)
            spec?.dependsOn = numbers
        case "stream": spec?.stream = text(value, for: "stream", "stream: billing")
        case "allows":
            let allows = allowances(value)
            spec?.allows = allows
        case "lint-allow": spec?.lintAllow = list(value, for: "lint-allow", "lint-allow: AMB005 the word is ours")
        case let key where key.hasPrefix("x-"): break
        case let key:
            let known = "; known are \(Self.keys.joined(separator: ", "))"
            let nearest = NearestName.hint(key, among: Self.keys)
            find("there is no key \"\(key)\"" + (nearest.isEmpty ? known : nearest), line: line)
        }
    }

    private mutating func readID(_ value: YAML, of id: SpecID?) {
        guard let id, let written = value.string else { return }
        if written == id.name || Self.number(written) == id.number { return }
        find(
            "id is \(value.kind), and the file says \(id); the file's number counts, remove the id",
            line: value.position.line)
    }

    private mutating func kind(_ value: YAML) -> SpecKind? {
        if let kind = value.string.flatMap(SpecKind.init) { return kind }
        let known = SpecKind.allCases.map(\.rawValue)
        let hint = NearestName.hint(value.string ?? "", among: known)
        find("kind is \(value.kind); it is one of \(known.joined(separator: ", "))" + hint, line: value.position.line)
        return nil
    }

    private mutating func dependencies(_ value: YAML, of id: SpecID?) -> [Int] {
        var numbers: [Int] = []
        for item in value.items ?? [value] {
            guard let text = item.string, let number = Self.number(text) ?? (try? SpecID(text))?.number else {
                find(
                    "depends-on has \(item.kind); write numbers or names of specs, such as [1, 0002-name]",
                    line: item.position.line)
                continue
            }
            if number == id?.number {
                find("depends-on names the spec itself; remove \(text)", line: item.position.line)
            }
            if !numbers.contains(number) { numbers.append(number) }
        }
        return numbers
    }

    /// The number of a spec, with or without leading zeros.
    private static func number(_ text: String) -> Int? {
        guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text).flatMap { $0 > 0 ? $0 : nil }
    }

    /// Rules of guards that the spec lifts, each all of it or for one path or name.
    private mutating func allowances(_ value: YAML) -> [Allowance] {
        (value.items ?? [value]).compactMap { item in
            guard let entry = text(item, for: "allows", "allows: [deleted-test:Tests/OldTests.swift]") else {
                return nil
            }
            do throws(AllowanceError) {
                return try Allowance(entry)
            } catch {
                find("allows: " + Self.sentence(error), line: item.position.line)
                return nil
            }
        }
    }

    private static func sentence(_ error: AllowanceError) -> String {
        switch error {
        case .unknown(let name):
            let hint = NearestName.hint(name, among: Guards.rules.filter(\.isAllowable).map(\.id))
            return "there is no rule \"\(name)\"" + (hint.isEmpty ? "; `factory guards` lists them" : hint)
        case .forbidden(let rule):
            return "no spec may allow what \(rule) objects to; remove it: a person can overrule it when it parks"
        case .empty(let rule):
            return "nothing stands behind \"\(rule):\"; write a path or a name, or leave out the colon"
        }
    }

    private mutating func text(_ value: YAML, for key: String, _ example: String) -> String? {
        if let text = value.string?.trimmed, !text.isEmpty, !text.contains(where: \.isNewline) { return text }
        find("\(key) is \(value.kind); write one line of text, such as \"\(example)\"", line: value.position.line)
        return nil
    }

    private mutating func list(_ value: YAML, for key: String, _ example: String) -> [String] {
        (value.items ?? [value]).compactMap { text($0, for: key, example) }
    }
}
