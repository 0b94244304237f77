import FactoryCore

/// Who may command the line: whoever may write to the repository, by what GitHub says of the account, not of its name.
actor Rights {
    /// Seconds for which an answer of GitHub is believed.
    private static let expiry = 600.0

    private let client: GitHubClient
    private let clock: any WallClock
    private var known: [Int: (may: Bool, at: Timestamp)] = [:]

    init(_ client: GitHubClient, _ clock: any WallClock) {
        self.client = client
        self.clock = clock
    }

    /// Throws `GitHubError` when GitHub cannot be asked. An account without an id may nothing.
    func mayCommand(_ account: Account) async throws(GitHubError) -> Bool {
        guard let id = account.id, !account.isBot else { return false }
        if let known = known[id], clock.now() - known.at < Self.expiry { return known.may }
        let may = try await ask(account.login, id)
        known[id] = (may, clock.now())
        return may
    }

    private func ask(_ login: String, _ id: Int) async throws(GitHubError) -> Bool {
        let path = client.place.path + "/collaborators/\(PercentCoding.segment(login))/permission"
        do throws(GitHubError) {
            let answer = try await client.read(path)
            // A name that was given up may be another one's by now.
            guard answer["user"]?["id"]?.int == id else { return false }
            return ["admin", "write"].contains(answer["permission"]?.string)
        } catch .notFound { return false }
    }
}
