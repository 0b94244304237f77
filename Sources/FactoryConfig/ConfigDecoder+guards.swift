import FactoryCore
import FactoryText

extension ConfigDecoder {
    /// `guards:`, a key for every rule: its level alone, or a mapping with the level and what else the rule takes.
    static func guards(_ section: inout ConfigSection) -> GuardSettings? {
        var settings = GuardSettings()
        for rule in Guards.rules {
            guard let field = section.take(rule.id) else { continue }
            guard field.value.members != nil else {
                settings.levels[rule.id] = level(field, of: rule)
                continue
            }
            _ = field.section { options -> Void? in
                settings.levels[rule.id] = options.read("level") { level($0, of: rule) }
                if rule.id == LargeFile().id { options.set("bytes", &settings.largeFile) { $0.size(1...1 << 20) } }
                if GuardSettings.rulesWithPaths.contains(rule.id) {
                    settings.paths[rule.id] = options.read("paths") { $0.list { $0.glob() } }
                }
                return ()
            }
        }
        return settings
    }

    private static func level(_ field: ConfigField, of rule: GuardRule) -> GuardLevel? {
        guard let level = field.choice(GuardLevel.self) else { return nil }
        guard rule.isFixed, level != .park else { return level }
        field.find(
            "\(rule.id) always parks and cannot be \(level.rawValue)",
            "remove it; a single case is overruled by factory approve N --override \(rule.id)")
        return nil
    }
}
