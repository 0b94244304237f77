package import FactoryCore

/// Something that was looked at on GitHub.
package struct GitHubFinding: Hashable, Sendable {
    /// How bad it is.
    package enum Verdict: String, Sendable { case pass, warn, fail }
    package let verdict: Verdict
    package let what: String
    /// What to do; empty when there is nothing to do.
    package let fix: String

    init(_ verdict: Verdict, _ what: String, _ fix: String = "") {
        self.verdict = verdict
        self.what = what
        self.fix = fix
    }
}

/// Looks whether the line can work with a repository on GitHub. Reads only.
package struct GitHubSurvey: Sendable {
    private let client: GitHubClient
    private let forge: ForgeSetting
    private let main: String
    private let clock: any WallClock

    /// `main` is the name of the hub's main branch.
    package init(client: GitHubClient, forge: ForgeSetting, main: String, clock: any WallClock) {
        self.client = client
        self.forge = forge
        self.main = main
        self.clock = clock
    }

    private var path: String { client.place.path }

    /// Everything that was found, what is amiss and what is not. Ends at once where GitHub does not know us.
    package func perform() async -> [GitHubFinding] {
        let home: JSON
        do throws(GitHubError) { home = try await client.read(path) } catch {
            return [GitHubFinding(.fail, "GitHub cannot be worked with", "\(error)")]
        }
        var found = [GitHubFinding(.pass, "GitHub knows \(forge.repository) and the line")]
        found += await looked("the main branch") { () throws(GitHubError) in try await branch(home) }
        found += await permissions(home)
        found += await looked("the rules") { () throws(GitHubError) in
            try await RuleSurvey(client: client, forge: forge, main: main).perform()
        }
        found += pushProtection(home)
        found += await looked("the limit of requests") { () throws(GitHubError) in [try await limit()] }
        return found + (await skew().map { [$0] } ?? [])
    }

    private func looked(
        _ what: String, _ look: () async throws(GitHubError) -> [GitHubFinding]
    ) async -> [GitHubFinding] {
        do throws(GitHubError) { return try await look() } catch {
            return [GitHubFinding(.warn, "\(what) could not be looked at", "\(error)")]
        }
    }

    private func branch(_ home: JSON) async throws(GitHubError) -> [GitHubFinding] {
        if home["archived"]?.bool == true {
            return [GitHubFinding(.fail, "\(forge.repository) is archived", "nothing can be pushed; unarchive it")]
        }
        do throws(GitHubError) { _ = try await client.read(path + "/branches/" + PercentCoding.segment(main)) } catch {
            guard case .notFound = error else { throw error }
            return [
                GitHubFinding(
                    .fail, "\(forge.repository) has no branch \(main), which is the hub's main branch",
                    "push it: `git push \(client.place.git) \(main)`")
            ]
        }
        let usual = home["default_branch"]?.string ?? main
        guard usual != main else { return [GitHubFinding(.pass, "the main branch is \(main)")] }
        return [
            GitHubFinding(
                .fail, "the default branch on GitHub is \(usual), but the hub's is \(main)",
                "make \(main) the default branch in the repository's settings, or init a factory from \(usual)")
        ]
    }

    // MARK: Permissions

    private func permissions(_ home: JSON) async -> [GitHubFinding] {
        if let granted = await client.granted {
            let missing = GitHubPermission.all.filter { !$0.isMet(by: granted[$0.name]) }
            if missing.isEmpty { return [GitHubFinding(.pass, "the App has every permission that it needs")] }
            return missing.map { permission in
                GitHubFinding(
                    .fail, "the App lacks the permission \(permission.name): \(permission.level), \(permission.why)",
                    "grant it in the App's settings, then accept the change where the App is installed")
            }
        }
        var found = await GitHubPermission.all.asyncCompactMap { await probe($0) }
        if home["permissions"]?["push"]?.bool == false {
            found.append(
                GitHubFinding(
                    .fail, "the token may not push to \(forge.repository)",
                    "use a token of somebody who may, with contents: write"))
        }
        if found.isEmpty { found = [GitHubFinding(.pass, "the token can read and push")] }
        found.append(
            GitHubFinding(
                .warn, "the line acts by a token, so as a person",
                "that person's own pull requests and comments cannot be told from the line's; an App is better"))
        return found
    }

    /// A read that a token without the right is refused.
    private func probe(_ permission: GitHubPermission) async -> GitHubFinding? {
        guard let probe = permission.probe else { return nil }
        do throws(GitHubError) {
            _ = try await client.read(path + probe)
            return nil
        } catch {
            guard case .forbidden(_, let missing) = error else { return nil }
            return GitHubFinding(
                .fail, "the token lacks \(missing ?? permission.name), \(permission.why)",
                "give it \(permission.name): \(permission.level)")
        }
    }

    // MARK: The rest

    private func pushProtection(_ home: JSON) -> [GitHubFinding] {
        let status = home["security_and_analysis"]?["secret_scanning_push_protection"]?["status"]?.string
        guard status == "enabled" else { return [] }
        return [
            GitHubFinding(
                .pass,
                "push protection is on: GitHub refuses what looks like a credential, in the record and its logs as well"
            )
        ]
    }

    private func limit() async throws(GitHubError) -> GitHubFinding {
        let core = try await client.read("/rate_limit")["resources"]?["core"]
        guard let left = core?["remaining"]?.int, let most = core?["limit"]?.int else {
            return GitHubFinding(.warn, "GitHub does not say how many requests are left")
        }
        let what = "\(left) of \(most) requests are left in this hour"
        guard left < most / 10 else { return GitHubFinding(.pass, what) }
        return GitHubFinding(.warn, what, "the line waits when they are used up; raise `forge: { poll: … }`")
    }

    private func skew() async -> GitHubFinding? {
        guard let skew = await client.skew, abs(skew) > 30 else { return nil }
        let seconds = Int(abs(skew))
        return GitHubFinding(
            seconds > 300 ? .fail : .warn,
            "this machine's clock is \(seconds) s \(skew > 0 ? "ahead of" : "behind") GitHub's",
            "set it by NTP: the words of an App are taken for some minutes only")
    }
}

extension Sequence {
    fileprivate func asyncCompactMap<T>(_ body: (Element) async -> T?) async -> [T] {
        var all: [T] = []
        for element in self { if let value = await body(element) { all.append(value) } }
        return all
    }
}
