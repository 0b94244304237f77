/// Which paths are protected, and as what.
///
/// Names count at any depth and in every spelling that a file system or a reader might take for them, see `FoldedName`.
package enum ProtectedNames {
    /// What the path is, as a phrase for people such as `an agent's instructions`; nil where nothing is protected.
    package static func reason(for file: FileChange, protected: [Glob]) -> String? {
        let parts = FoldedName.parts(of: file.path)
        guard let name = parts.last else { return nil }
        if parts.first == ".factory" { return "part of the floor" }
        if let directory = parts.dropLast().first(where: isDotName) { return "in the dot-directory \(directory)" }
        if isDotName(name), isLink(file.before) || isLink(file.after) { return "a link named like a dot-directory" }
        if let kind = kind(of: name) { return kind }
        return matches(file.path, parts, protected).map { "protected by `\($0)`" }
    }

    /// Whether an agent may take the path for its own instructions or settings: a file of such a name, or a directory.
    package static func steersAgents(_ path: RepoPath) -> Bool {
        guard let name = FoldedName.parts(of: path).last else { return false }
        return agentInstructions.contains(name) || agentDirectories.contains(name)
    }

    private static func isDotName(_ name: String) -> Bool { name.hasPrefix(".") }

    private static func isLink(_ version: FileVersion?) -> Bool { version.map { !$0.isRegular } ?? false }

    /// The first pattern that matches the path, a directory above it, or the same in lower case.
    private static func matches(_ path: RepoPath, _ folded: [String], _ protected: [Glob]) -> Glob? {
        guard !protected.isEmpty else { return nil }
        let lower = RepoPath(folded.joined(separator: "/"))
        return protected.first { glob in
            let lowerGlob = Glob(glob.pattern.lowercased())
            return ancestry(of: path).contains { glob.matches($0) }
                || ancestry(of: lower).contains { lowerGlob.matches($0) }
        }
    }

    /// The path and every directory above it, so that a pattern that names a directory covers what is in it.
    private static func ancestry(of path: RepoPath) -> some Sequence<RepoPath> {
        sequence(first: path) { $0.parent }
    }

    /// What a file of this folded name is, wherever it stands.
    private static func kind(of name: String) -> String? {
        if agentInstructions.contains(name) { return "an agent's instructions" }
        if ciFiles.contains(name) || isCIVariant(name) { return "a CI definition" }
        if ownership.contains(name) { return "an ownership file" }
        if gitFiles.contains(name) { return "a file that steers git" }
        return nil
    }

    private static let agentInstructions: Set<String> = [
        "agents.md", "agents.override.md", "agent.md", "claude.md", "claude.local.md", "gemini.md", "qwen.md",
        "codex.md", "crush.md", "warp.md", "copilot-instructions.md", ".cursorrules", ".windsurfrules", ".clinerules",
        ".roorules", ".goosehints", ".rules", ".mcp.json", "opencode.json", "opencode.jsonc", ".aider.conf.yml",
    ]

    private static let agentDirectories: Set<String> = [
        ".agents", ".aider", ".amazonq", ".augment", ".claude", ".clinerules", ".codex", ".continue", ".cursor",
        ".gemini", ".github", ".goose", ".junie", ".kimi", ".kiro", ".opencode", ".openhands", ".qwen", ".roo", ".trae",
        ".vibe", ".windsurf",
    ]

    private static let ciFiles: Set<String> = [
        "jenkinsfile", ".gitlab-ci.yml", ".gitlab-ci.yaml", "azure-pipelines.yml", "azure-pipelines.yaml",
        ".travis.yml", "bitbucket-pipelines.yml", ".drone.yml", ".cirrus.yml", ".woodpecker.yml", "appveyor.yml",
        ".appveyor.yml", "buildspec.yml", "buildspec.yaml", "cloudbuild.yml", "cloudbuild.yaml", "wercker.yml",
        "codefresh.yml", "circle.yml", "screwdriver.yaml",
    ]

    private static let ownership: Set<String> = ["codeowners", "owners", "owners_aliases"]

    private static let gitFiles: Set<String> = [".git", ".gitattributes", ".gitmodules", ".gitconfig", ".lfsconfig"]

    /// Files that pipelines are commonly split into, such as `Jenkinsfile.release` or `build.gitlab-ci.yml`.
    private static func isCIVariant(_ name: String) -> Bool {
        let isYAML = name.hasSuffix(".yml") || name.hasSuffix(".yaml")
        return name.hasPrefix("jenkinsfile.") && !name.hasSuffix(".md") || name.hasSuffix(".jenkinsfile")
            || isYAML && (name.hasPrefix("azure-pipelines") || name.contains(".gitlab-ci."))
    }
}
