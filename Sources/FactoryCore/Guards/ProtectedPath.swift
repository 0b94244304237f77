/// Trips when a change touches what steers agents, checks, people or git instead of the product.
///
/// For a spec of kind `floor` this guard is silent and `FloorOnly` takes its place.
package struct ProtectedPath: Guard {
    package let id = "protected-path"
    package let summary = "a protected path, see [configuration.md](configuration.md)"
    package let isFixed = true
    package let judgesSnapshot = true

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        guard !context.isFloor else { return [] }
        return change.files.compactMap { file in
            ProtectedNames.reason(for: file, protected: context.protected).map { reason in
                Violation(rule: id, message: "\(file.path) is \(reason); only a person may change it", path: file.path)
            }
        }
    }
}

/// Trips when a spec of kind `floor` changes more than the floor.
///
/// The floor is what is protected from all others.
package struct FloorOnly: Guard {
    package let id = "floor-only"
    package let summary = "a spec of kind `floor` that changes something else"
    package let isAllowable = false
    package let judgesSnapshot = true

    package init() {}

    package func judge(_ change: Change, in context: GuardContext) -> [Violation] {
        guard context.isFloor else { return [] }
        return change.files.compactMap { file in
            guard file.path != context.specPath, file.path != context.planPath,
                ProtectedNames.reason(for: file, protected: context.protected) == nil
            else { return nil }
            return Violation(
                rule: id, message: "\(file.path) is not part of the floor; move it to a spec of another kind",
                path: file.path)
        }
    }
}
