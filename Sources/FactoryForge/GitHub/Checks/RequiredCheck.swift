import FactoryCore

/// A check that must be green, by name and, where a rule says so, by the App that has to report it.
struct RequiredCheck: Hashable, Sendable {
    var name: String
    var app: Int?

    func matches(_ check: ReportedCheck) -> Bool { check.name == name && (app == nil || app == check.app) }

    /// Those that rulesets require, from the rules for a branch.
    static func inRules(_ rules: [JSON]) -> [RequiredCheck] {
        rules.filter { $0["type"]?.string == "required_status_checks" }
            .flatMap { $0["parameters"]?["required_status_checks"]?.array ?? [] }
            .compactMap { check in
                check["context"]?.string.map { RequiredCheck(name: $0, app: app(check["integration_id"])) }
            }
    }

    /// Those that a branch protection requires. Old answers name contexts only.
    static func inProtection(_ protection: JSON) -> [RequiredCheck] {
        let part = protection["required_status_checks"]
        let checks = (part?["checks"]?.array ?? []).compactMap { check in
            check["context"]?.string.map { RequiredCheck(name: $0, app: app(check["app_id"])) }
        }
        let contexts = (part?["contexts"]?.array ?? []).compactMap(\.string)
        return checks + contexts.filter { name in !checks.contains { $0.name == name } }.map { RequiredCheck(name: $0) }
    }

    /// -1 stands for any App.
    private static func app(_ json: JSON?) -> Int? { json?.int.flatMap { $0 > 0 ? $0 : nil } }
}
