/// What `guards:` in the configuration says.
package struct GuardSettings: Hashable, Sendable {
    /// Levels by rule; a rule that is not named has its own.
    package var levels: [String: GuardLevel] = [:]
    /// Patterns by rule, beside those that the rule brings along.
    package var paths: [String: [Glob]] = [:]
    /// Size above which a new file trips, in bytes; the default is 1 MiB, the most that guards are shown of a file.
    package var largeFile: Int = 1 << 20

    package init() {}

    /// The rules that take `paths`.
    package static let rulesWithPaths = [GeneratedFile().id, WeakenedConfiguration().id, WatchedPath().id]

    /// The level that is in force.
    package func level(of rule: GuardRule) -> GuardLevel { rule.isFixed ? .park : levels[rule.id] ?? rule.level }
}
