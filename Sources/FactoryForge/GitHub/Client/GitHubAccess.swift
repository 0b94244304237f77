/// Who the line is on GitHub.
package enum GitHubIdentity: Hashable, Sendable {
    /// A person's token, or the one of a workflow.
    case token(String)
    /// A GitHub App by its id, with its private key as PEM.
    case app(id: String, key: String)

    /// What the environment names; nil when it names nothing. `file` reads the key, if a file is named instead of it.
    ///
    /// Throws `GitHubError.badKey` when the file cannot be read.
    package static func from(
        _ environment: [String: String], file: (String) -> String?
    ) throws(GitHubError) -> GitHubIdentity? {
        if let id = environment["FACTORY_APP_ID"], let key = environment["FACTORY_APP_KEY"], !id.isEmpty {
            if key.contains("-----BEGIN") { return .app(id: id, key: key) }
            guard let text = file(key) else {
                throw .badKey("FACTORY_APP_KEY is neither a key in PEM nor the name of a file that can be read")
            }
            return .app(id: id, key: text)
        }
        return environment["FACTORY_GITHUB_TOKEN"].flatMap { $0.isEmpty ? nil : .token($0) }
    }
}

/// The repository on GitHub, and where its API answers.
package struct GitHubPlace: Hashable, Sendable {
    package var owner: String
    package var name: String
    /// Without a slash at its end: `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server.
    package var api: String
    /// Where git clones from.
    package var git: String

    /// The repository `owner/name`; nil when it is not of that form.
    package init?(_ repository: String, api: String = "https://api.github.com", git: String? = nil) {
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil }) else { return nil }
        owner = String(parts[0])
        name = String(parts[1])
        self.api = api.hasSuffix("/") ? String(api.dropLast()) : api
        let site =
            self.api == "https://api.github.com"
            ? "https://github.com" : String(self.api.replacing(/\/api\/v3$/, with: ""))
        self.git = git ?? "\(site)/\(owner)/\(name).git"
    }

    /// Seconds between two requests that change something. A server on this very machine is nobody's service, and needs
    /// no consideration.
    package var pace: Double { api.contains(/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(\/|$)/) ? 0 : 1 }

    /// `/repos/owner/name`.
    package var path: String { "/repos/\(owner)/\(name)" }
}
