import FactoryCore
import Testing

@testable import FactoryForge

/// The rule that `landing: api` stands on: what cannot be seen is not there.
@Suite(.timeLimit(.minutes(2))) struct StrictRuleTests {
    private func rule(strict: Bool = true, checks: [String] = ["build"]) -> JSON {
        .object([
            "type": "required_status_checks",
            "parameters": .object([
                "strict_required_status_checks_policy": .bool(strict),
                "required_status_checks": .array(checks.map { .object(["context": .string($0)]) }),
            ]),
        ])
    }

    /// Whether a rule holds in a repository with these rules and protections.
    private func holds(
        _ rules: [JSON], passedBy mode: String? = nil, fault: JSONObject? = nil, protection: JSONObject? = nil
    ) async throws -> Bool {
        var permissions = CandidateWorld.permissions
        if protection != nil { permissions["administration"] = "read" }
        let world = try await CandidateWorld(permissions: permissions)
        var ruleset: JSONObject = ["rules": .array(rules)]
        if let mode {
            let app = try await world.fake.control(
                "token", .object(["kind": "installation", "slug": "factory"]))["app_id"]
            ruleset["bypass_actors"] = .array([
                .object(["actor_type": "Integration", "actor_id": app, "bypass_mode": .string(mode)])
            ])
        }
        if !rules.isEmpty { try await world.fake.control("ruleset", .object(ruleset)) }
        if let protection {
            try await world.fake.control("protection", .object(["branch": "main", "rules": .object(protection)]))
        }
        if let fault { try await world.fake.fault(fault) }
        let holds = try await StrictRule(client: world.client, main: "main").holds()
        try await world.end()
        return holds
    }

    @Test func `it holds where it names a check and the line may not pass by it`() async throws {
        #expect(try await holds([rule(strict: false), rule()]))
        #expect(try await !holds([]))
        #expect(try await !holds([rule(strict: false)]))
        #expect(try await !holds([rule()], passedBy: "always"))
    }

    @Test func `without a check it has no effect`() async throws {
        #expect(try await !holds([rule(checks: [])]))
    }

    @Test(
        arguments: [
            ["status": 403], ["status": 404], ["status": 200, "body": .object(["id": 1, "name": "rules"])],
            ["status": 200, "body": .object(["id": 1, "current_user_can_bypass": "pull_requests_only"])],
            ["status": 200, "body": .object(["id": 1, "current_user_can_bypass": "exempt"])],
        ] as [JSONObject])
    func `where nobody says that the line may not pass by, it does not hold`(_ answer: JSONObject) async throws {
        let fault = (["kind": "status", "path": "/rulesets/[0-9]+$"] as JSONObject).merging(answer)
        #expect(try await !holds([rule()], fault: fault))
    }

    @Test func `a limit is no answer`() async throws {
        await #expect(throws: GitHubError.self) {
            _ = try await holds(
                [rule()],
                fault: ["kind": "secondary", "path": "/rulesets/[0-9]+$", "status": 429, "retry_after": 900])
        }
    }

    @Test func `classic protection holds where it names a check and includes administrators`() async throws {
        let checks: JSON = .object(["strict": true, "checks": .of(["build"])])
        #expect(try await holds([], protection: ["required_status_checks": checks, "enforce_admins": true]))
        #expect(try await !holds([], protection: ["required_status_checks": checks]))
        let none: JSON = .object(["strict": true, "checks": .array([])])
        #expect(try await !holds([], protection: ["required_status_checks": none, "enforce_admins": true]))
    }
}
