/// What a change does to the settings of test runners, linters, type checkers and coverage, and to the commands that
/// start them.
struct ConfigDelta {
    private(set) var findings: [Weakening] = []
    /// What files of the change set before it.
    private var known: Set<String> = []

    init(of change: Change) {
        for file in change.files {
            guard case .settings? = ConfigKind(of: file.path), let before = file.before?.content else { continue }
            known.formUnion(ConfigItems(before).items.map { SearchPlaces.name($0.key, $0.value) })
        }
        for file in change.files where file.before?.blob != file.after?.blob {
            guard let kind = ConfigKind(of: file.path), let before = file.before?.content else {
                addNew(file)
                continue
            }
            let after = file.after?.content ?? []
            if file.after != nil || kind == .settings {
                compareSettings(ConfigItems(before), ConfigItems(after), file.path)
            }
            findings += CommandDelta.findings(before, after, file.path, isGone: file.after == nil)
        }
    }

    /// A new file may bring commands that cannot fail, but nothing is lowered by it, unless runners that were there
    /// before find their settings in it.
    private mutating func addNew(_ file: FileChange) {
        guard ConfigKind(of: file.path) != nil, file.before == nil, let after = file.after?.content else { return }
        findings += CommandDelta.findings([], after, file.path, isGone: false)
        guard Self.readByPytest.contains(file.path.name) else { return }
        let items = ConfigItems(after)
        addNarrowed(ConfigItems([]), items, file.path)
        for item in items.items where ConfigKeys.listing(item, file.path) == .deselected {
            guard !known.contains(SearchPlaces.name(item.key, item.value)) else { continue }
            add(.deselected, "\(file.path) lists `\(item.value)` under `\(item.key)`", file.path, item.line)
        }
    }

    /// Where pytest finds its settings; a new one of these may come before another that is there.
    private static let readByPytest: Set<String> = [
        "pyproject.toml", "setup.cfg", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini",
    ]

    private mutating func compareSettings(_ before: ConfigItems, _ after: ConfigItems, _ path: RepoPath) {
        addLowered(before, after, path)
        addFlipped(before, after, path)
        addListed(before, after, path)
        addNarrowed(before, after, path)
        addRetries(before, after, path)
    }

    // MARK: Numbers

    private mutating func addLowered(_ before: ConfigItems, _ after: ConfigItems, _ path: RepoPath) {
        for key in ConfigKeys.floors(path) {
            let old = before.values(of: [key]).compactMap { item in Self.number(item.value).map { (item, $0) } }
            let new = after.values(of: [key]).compactMap { item in Self.number(item.value).map { (item, $0) } }
            for (was, now) in zip(old, new) where now.1 < was.1 {
                add(.coverage, "\(path) lowers `\(key)` from \(was.0.value) to \(now.0.value)", path, now.0.line)
            }
            for was in old.dropFirst(new.count) {
                add(.coverage, "\(path) no longer asks for `\(key)` of \(was.0.value)", path, nil)
            }
        }
    }

    private static func number(_ text: String) -> Double? {
        Double(text.filter { $0.isNumber || $0 == "." || $0 == "-" })
    }

    private mutating func addRetries(_ before: ConfigItems, _ after: ConfigItems, _ path: RepoPath) {
        let most = { (items: ConfigItems) in
            items.values(of: ConfigKeys.retries).compactMap { Self.number($0.value) }.max() ?? 0
        }
        if most(after) > most(before), let item = after.values(of: ConfigKeys.retries).last {
            add(.retry, "\(path) runs failed tests again: `\(item.key)` is \(item.value)", path, item.line)
        }
    }

    // MARK: Switches

    private mutating func addFlipped(_ before: ConfigItems, _ after: ConfigItems, _ path: RepoPath) {
        for item in before.values(of: ConfigKeys.strict) where Self.isOn(item.value) {
            let now = after.items.first { $0.key == item.key && $0.path == item.path }
            if now.map({ Self.isOn($0.value) }) ?? false { continue }
            // One strict switch for all may take the place of many.
            if item.key != "strict", after.values(of: ["strict"]).contains(where: { Self.isOn($0.value) }), now == nil {
                continue
            }
            let what = now.map { "is \($0.value) now" } ?? "is gone"
            add(.suppression, "\(path): the strict switch `\(item.key)` \(what)", path, now?.line)
        }
        for (switches, value, signal) in ConfigKeys.switches {
            let isSet = { (items: ConfigItems) in items.values(of: switches).filter { $0.value.lowercased() == value } }
            for item in Self.arrived(isSet(before), isSet(after)) {
                if item.key == "enabled", !path.text.hasSuffix(".xctestplan") { continue }
                if item.key == "if", !ConfigKind.isPipeline(path) { continue }
                add(signal, "\(path) sets `\(item.key)` to \(item.value)", path, item.line)
            }
        }
    }

    private static func isOn(_ value: String) -> Bool {
        ["true", "yes", "on", "1", "error", "2"].contains(value.lowercased())
    }

    /// The items of one side that the other lacks, wherever they stand.
    private static func arrived(_ before: [ConfigItems.Item], _ after: [ConfigItems.Item]) -> [ConfigItems.Item] {
        var known: [String: Int] = [:]
        for item in before { known["\(item.key)=\(item.value)", default: 0] += 1 }
        return after.filter { item in
            guard let count = known["\(item.key)=\(item.value)"], count > 0 else { return true }
            known["\(item.key)=\(item.value)"] = count - 1
            return false
        }
    }

    // MARK: Lists

    private mutating func addListed(_ before: ConfigItems, _ after: ConfigItems, _ path: RepoPath) {
        for item in Self.arrived(before.items, after.items) {
            if let signal = ConfigKeys.listing(item, path) {
                add(signal, "\(path) lists `\(item.value)` under `\(item.key)`", path, item.line)
            } else if ["off", "0"].contains(item.value), ConfigKind.isLinter(path),
                before.items.contains(where: { $0.key == item.key && !["off", "0"].contains($0.value) })
            {
                add(.suppression, "\(path) turns the rule `\(item.key)` off", path, item.line)
            }
        }
        for item in Self.arrived(after.items, before.items) where ConfigKeys.isSearched(item, path) {
            if after.items.isEmpty { continue }
            add(.deselected, "\(path) no longer lists `\(item.value)` under `\(item.key)`", path, nil, isWeak: true)
        }
    }

    private mutating func addNarrowed(_ before: ConfigItems, _ after: ConfigItems, _ path: RepoPath) {
        for item in SearchPlaces.narrowed(before, after, path, known: known) {
            add(.deselected, "\(path) has tests looked for by `\(item.key)`, `\(item.value)`", path, item.line)
        }
    }

    private mutating func add(
        _ signal: Signal, _ message: String, _ path: RepoPath, _ line: Int?, isWeak: Bool = false
    ) {
        let bounded = message.count > 300 ? message.prefix(300) + "…" : message
        findings.append(Weakening(signal: signal, message: bounded, path: path, line: line, isWeak: isWeak))
    }
}
