import FactoryCore

/// Looks for rules of the repository that would refuse what the line pushes.
struct RuleSurvey {
    let client: GitHubClient
    let forge: ForgeSetting
    let main: String

    /// Why a kind of rule stands in the way of a push to a branch; nil where it does not.
    static func obstacle(_ type: String) -> String? {
        switch type {
        case "update": "nobody may push to it"
        case "pull_request": "it changes by pull requests only"
        case "required_status_checks": "what is pushed must have been checked as that very commit"
        case "merge_queue": "it changes by the merge queue only"
        case "required_signatures": "commits must be signed, and the line's are not"
        case "required_deployments": "what is pushed must have been deployed"
        case "workflows", "code_scanning", "code_quality": "what is pushed must have passed further checks"
        default: nil
        }
    }

    /// The same for a pull request that GitHub squashes.
    static func obstacleToMerge(_ type: String) -> String? { type == "update" ? obstacle(type) : nil }

    /// The same for the line's own branches, which come, move by force, and go.
    static func ownObstacle(_ type: String) -> String? {
        switch type {
        case "creation": "nobody may create it"
        case "deletion": "nobody may delete it"
        case "non_fast_forward": "nobody may move it by force"
        default: obstacle(type)
        }
    }

    func perform() async throws(GitHubError) -> [GitHubFinding] {
        let rules = try await client.readAll(rulesPath(main))
        let squashes = forge.landing == .api
        var found = try await refusals(rules, of: main, squashes ? Self.obstacleToMerge : Self.obstacle)
        if !squashes { found += try await protection() }
        for branch in ["factory/candidate-1", "spec/0001-example"] {
            found += try await refusals(try await client.readAll(rulesPath(branch)), of: branch, Self.ownObstacle)
        }
        if found.isEmpty { found = [GitHubFinding(.pass, "no rule stands in the way of the line's pushes")] }
        if squashes { found += [try await strictness(rules)] + reviews(rules) }
        return found + required(rules)
    }

    /// Without that rule GitHub would squash onto a main branch that has just moved: onto what nobody has tested.
    private func strictness(_ rules: [JSON]) async throws(GitHubError) -> GitHubFinding {
        guard try await !StrictRule(client: client, main: main).holds(rules) else {
            return GitHubFinding(.pass, "\(main) takes up-to-date pull requests only, as `landing: api` needs it")
        }
        return GitHubFinding(.fail, LandingWays.lackOfStrictness(main), LandingWays.strictness)
    }

    private func reviews(_ rules: [JSON]) -> [GitHubFinding] {
        let most = rules.compactMap { $0["parameters"]?["required_approving_review_count"]?.int }.max() ?? 0
        guard most > 0 else { return [] }
        return [
            GitHubFinding(
                .warn, "a rule for \(main) wants \(most) approving reviews, which the line does not give itself",
                "lower it to none, or use `landing: push` with the App in the bypass list of that ruleset")
        ]
    }

    private func rulesPath(_ branch: String) -> String { client.place.rules(for: branch) }

    /// Rules that the line may not pass by.
    private func refusals(
        _ rules: [JSON], of branch: String, _ obstacle: (String) -> String?
    ) async throws(GitHubError) -> [GitHubFinding] {
        var found: [GitHubFinding] = []
        var passes: [Int: Bool] = [:]
        for rule in rules {
            guard let type = rule["type"]?.string, let why = obstacle(type) else { continue }
            let ruleset = rule["ruleset_id"]?.int ?? 0
            if passes[ruleset] == nil { passes[ruleset] = try await mayPass(ruleset) }
            guard passes[ruleset] == false else { continue }
            found.append(
                GitHubFinding(
                    .fail, "a rule for \(branch) (\(type)) refuses the line's pushes: \(why)",
                    "add the App to the bypass list of ruleset \(ruleset), with \"Always allow\""))
        }
        return found
    }

    private func mayPass(_ ruleset: Int) async throws(GitHubError) -> Bool {
        try await client.passing(ruleset) == "always"
    }

    /// Classic protection of the main branch, as far as it can be seen.
    private func protection() async throws(GitHubError) -> [GitHubFinding] {
        let path = client.place.path + "/branches/" + PercentCoding.segment(main)
        let protection: JSON
        do throws(GitHubError) { protection = try await client.read(path + "/protection") } catch {
            switch error {
            case .notFound: return []
            case .forbidden: return try await unseen(path)
            case .unauthenticated, .conflict, .refused, .limited, .unreachable, .unexpected, .badKey: throw error
            }
        }
        let fix = "replace it by a ruleset with the App in its bypass list, or let the App bypass it"
        var found: [GitHubFinding] = []
        if protection["required_pull_request_reviews"]?.object != nil {
            found.append(GitHubFinding(.fail, "the protection of \(main) demands pull requests", fix))
        }
        if protection["required_status_checks"]?.object != nil {
            found.append(GitHubFinding(.fail, "the protection of \(main) demands checks of what is pushed", fix))
        }
        if protection["restrictions"]?.object != nil {
            found.append(GitHubFinding(.warn, "the protection of \(main) says who may push", "name the App there"))
        }
        return found
    }

    /// Rulesets make a branch protected as well, and they were looked at.
    private func unseen(_ path: String) async throws(GitHubError) -> [GitHubFinding] {
        let branch = try await client.read(path)
        guard branch["protected"]?.bool == true, try await client.readAll(rulesPath(main)).isEmpty else { return [] }
        return [
            GitHubFinding(
                .warn, "\(main) is protected, and this token may not see how",
                "look whether it demands pull requests or checks; then let the App bypass it")
        ]
    }

    /// What the CI gate goes by.
    private func required(_ rules: [JSON]) -> [GitHubFinding] {
        guard forge.gate != .line else { return [] }
        let names = RequiredCheck.inRules(rules).map(\.name) + forge.required
        guard names.isEmpty else {
            return [GitHubFinding(.pass, "must be green on a candidate: \(names.joined(separator: ", "))")]
        }
        return [
            GitHubFinding(
                .warn, "no check is required by name, so whatever is reported for a candidate must be green",
                "name them under `forge: { required: [...] }`: what is not reported would not be missed")
        ]
    }
}
