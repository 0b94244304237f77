import FactoryCore

/// Gathers what a role is told. Everything comes from the PR's tree, the journal and the floor; nothing from memory.
struct MaterialGatherer {
    let shift: Shift
    let spec: Spec
    let conversation: Conversation

    init(_ shift: Shift) async throws {
        self.shift = shift
        spec = try await shift.spec()
        conversation = Conversation(history: try await shift.ports.journal.history(of: shift.pr.number))
    }

    /// The most that one text may add to a prompt, in bytes.
    private static let textLimit = 256 << 10

    func material() async throws -> PromptMaterial {
        let pr = shift.pr
        let hub = shift.ports.hub
        let headTree = try await hub.tree(of: shift.start.head)
        var material = PromptMaterial()
        material.number = pr.number.value
        material.title = pr.title
        material.attempt = shift.start.attempt
        material.specPath = pr.specPath.description
        material.planPath = pr.planPath.description
        material.spec = try await text(pr.specPath, headTree)
        material.plan = try await text(pr.planPath, headTree)
        material.done = spec.doneItems.map { "\($0.id): \($0.text)\($0.isHuman ? " [human]" : "")" }
            .joined(separator: "\n")
        material.findings = conversation.findings(for: shift.start.stage)
        material.answers = conversation.answers.joined(separator: "\n\n")
        material.checks = shift.floor.configuration.checks.map { "\($0.name): \($0.run)" }.joined(separator: "\n")
        material.principles = shift.floor.principles
        material.records = try await records(headTree)
        material.conflict = shift.conflict.map(\.description).joined(separator: "\n")
        if shift.start.stage == .implementation { try await addWhatSentItBack(to: &material) }
        if shift.start.stage == .codeReview {
            let base = try await hub.tree(of: shift.start.base)
            material.diff = try await hub.diff(from: base, to: headTree, limit: Self.textLimit)
        }
        return material
    }

    private func text(_ path: RepoPath, _ tree: TreeID) async throws -> String {
        let bytes = try await shift.ports.hub.file(path, in: tree, limit: 1 << 20) ?? []
        return String(decoding: bytes.prefix(Self.textLimit), as: UTF8.self)
    }

    private func records(_ tree: TreeID) async throws -> String {
        let names = try await shift.ports.hub.names(in: RepoPath("docs/decisions"), of: tree)
        var texts: [String] = []
        for path in shift.ports.library.records(of: spec, among: names) {
            texts.append("\(path):\n\(try await text(path, tree))")
        }
        return texts.joined(separator: "\n\n")
    }

    private func addWhatSentItBack(to material: inout PromptMaterial) async throws {
        guard let (entry, finish) = conversation.sentBack else { return }
        if case .conflict(let paths) = finish.outcome, material.conflict.isEmpty {
            material.conflict = paths.map(\.description).joined(separator: "\n")
        }
        let log = try await shift.ports.journal.artifact(CheckRun.failureArtifact, of: entry.id)
        if let log { material.failures = String(decoding: log, as: UTF8.self) }
    }
}
