/// Everything that shapes a run and is no product code, as it stands at one commit of the main branch.
package struct Floor: Sendable {
    package var commit: CommitID
    /// The id of the tree of `.factory`: two commits with the same one have the same floor.
    package var version: String
    package var configuration: Configuration
    /// The known programs by name: those that come with the line, and the project's own.
    package var profiles: [String: AgentProfile] = [:]
    /// The prompt template of each role.
    package var prompts: [Role: String]
    /// The text of `docs/principles.md`.
    package var principles: String
    /// What models cost, by `.factory/prices.yml`, and else by what the program brings along.
    package var prices = PriceTable.shipped

    package init(
        commit: CommitID, version: String, configuration: Configuration, prompts: [Role: String], principles: String
    ) {
        self.commit = commit
        self.version = version
        self.configuration = configuration
        self.prompts = prompts
        self.principles = principles
    }
}

/// Reads floors.
package protocol FloorReader: Sendable {
    /// The floor at a commit of the main branch. Throws when its configuration is invalid.
    func floor(at commit: CommitID) async throws -> Floor
    /// Why the line could not go on if the main branch had this tree; nil: it could.
    func fault(in tree: TreeID) async throws -> String?
    /// Lays out the repository's files that a command names, from the main branch, outside every lane; by path in the
    /// repository.
    func commandFiles(_ command: [String], at commit: CommitID) async throws -> [String: String]
}

/// Reads specs and finds what belongs to them.
package protocol Library: Sendable {
    /// Throws when the text is no spec.
    func spec(_ text: [UInt8], at path: RepoPath) throws -> Spec
    /// The paths among `names` (of `docs/decisions`) that the spec mentions.
    func records(of spec: Spec, among names: [String]) -> [RepoPath]
}

/// Writes prompts.
package protocol PromptWriter: Sendable {
    /// The prompt of a role: its template with every variable filled in. Throws when the template asks for what there
    /// is not.
    func prompt(_ role: Role, template: String, material: PromptMaterial) throws -> String
}

/// What prompts are made of. Texts from specs, diffs, logs and people are data, and are fenced as data.
package struct PromptMaterial: Sendable {
    package var number = 0
    package var title = ""
    package var attempt = 1
    package var specPath = ""
    package var planPath = ""
    package var spec = ""
    /// The Done items with their ids, a line each.
    package var done = ""
    package var plan = ""
    /// What reviewers found so far and what people said, newest last.
    package var findings = ""
    /// The commands of the checks, a line each.
    package var checks = ""
    /// The failing output that sent it back.
    package var failures = ""
    /// The conflict that sent it back, or that the lane shows.
    package var conflict = ""
    package var principles = ""
    /// The decision records that the spec names.
    package var records = ""
    /// Questions that were asked, with a person's answers.
    package var answers = ""
    /// The change against the main branch.
    package var diff = ""

    package init() {}
}
