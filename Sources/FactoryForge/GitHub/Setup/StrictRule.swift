import FactoryCore

/// The rule by which the main branch takes a pull request only when that is up to date with it. It is all that keeps
/// GitHub from squashing onto a commit on which nothing was tested, so what cannot be seen counts as not there.
struct StrictRule: Sendable {
    let client: GitHubClient
    let main: String

    /// Whether it holds now, for the line as well; `known` are the rules for the branch, if they were just read. Throws
    /// when GitHub does not answer.
    func holds(_ known: [JSON]? = nil) async throws(GitHubError) -> Bool {
        let rules: [JSON]
        if let known { rules = known } else { rules = try await client.readAll(client.place.rules(for: main)) }
        for rule in rules where Self.isStrict(rule) {
            if try await client.passing(rule["ruleset_id"]?.int ?? 0) == "never" { return true }
        }
        return try await isProtected()
    }

    /// Without a check in it the policy has no effect on GitHub.
    static func isStrict(_ rule: JSON) -> Bool {
        let parameters = rule["parameters"]
        return rule["type"]?.string == "required_status_checks"
            && parameters?["strict_required_status_checks_policy"]?.bool == true
            && parameters?["required_status_checks"]?.array?.isEmpty == false
    }

    /// Classic protection, which holds for administrators only where it says so. Whoever reads it is one.
    private func isProtected() async throws(GitHubError) -> Bool {
        let path = client.place.path + "/branches/" + PercentCoding.segment(main) + "/protection"
        let protection: JSON
        do throws(GitHubError) { protection = try await client.read(path) } catch {
            switch error {
            case .notFound, .forbidden: return false
            case .unauthenticated, .conflict, .refused, .limited, .unreachable, .unexpected, .badKey: throw error
            }
        }
        let checks = protection["required_status_checks"]
        return checks?["strict"]?.bool == true && protection["enforce_admins"]?["enabled"]?.bool == true
            && !RequiredCheck.inProtection(protection).isEmpty
    }
}

extension GitHubClient {
    /// When the line may pass by a ruleset, in GitHub's words; nil: that cannot be seen.
    func passing(_ ruleset: Int) async throws(GitHubError) -> String? {
        do throws(GitHubError) {
            return try await read(place.path + "/rulesets/\(ruleset)")["current_user_can_bypass"]?.string
        } catch {
            if error.passes { throw error }
            return nil
        }
    }
}

extension GitHubPlace {
    /// The path of the API to the rules for a branch.
    func rules(for branch: String) -> String { path + "/rules/branches/" + PercentCoding.segment(branch) }
}
