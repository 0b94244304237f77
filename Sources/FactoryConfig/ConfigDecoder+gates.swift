import FactoryCore

extension ConfigDecoder {
    /// Where a person is asked, and about what.
    static func gate(_ section: inout ConfigSection) -> Gate? {
        section.require("before", "add before: implementation, or before: merge")
        guard let before = section.read("before", { $0.choice(Gate.Place.self) }) else {
            // So that what else stands there is looked at as well.
            _ = [section.take("kinds"), section.take("paths")]
            return nil
        }
        var gate = Gate(before: before)
        section.set("kinds", &gate.kinds) { $0.list { $0.choice(SpecKind.self)?.rawValue } }
        section.set("paths", &gate.paths) { $0.list { $0.glob() } }
        if before == .implementation, section.has("paths") {
            section.field.find(
                "asks for paths before there is a change", "remove paths, or write before: merge")
        }
        return gate
    }
}
