package import FactoryCore
import FactoryText

/// Fills in the prompt templates of the roles, `.factory/roles/<role>.md`.
package struct RolePrompts: PromptWriter {
    package init() {}

    /// The prompt. Values are put in as they are and never read as templates. Throws `TemplateError` when the template
    /// uses a variable that there is not; it names file, line and the nearest variable.
    package func prompt(_ role: Role, template: String, material: PromptMaterial) throws -> String {
        let variables = PromptVariable.allCases
        let name = ".factory/roles/\(role.rawValue).md"
        let template = try Template(template, named: name, variables: variables.map(\.rawValue))
        let used = variables.filter { template.variables.contains($0.rawValue) }
        let values = Dictionary(uniqueKeysWithValues: used.map { ($0.rawValue, $0.text(of: material)) })
        return try template.render(values)
    }
}
