import FactoryCore
import FactoryFiles
import Testing

extension OnGitHub {
    /// A rule by which a pull request must be up to date. Without a check GitHub does not heed it.
    static let upToDate = requiring(["build"])

    static func requiring(_ checks: [String]) -> JSON {
        .object([
            "type": "required_status_checks",
            "parameters": .object([
                "strict_required_status_checks_policy": true,
                "required_status_checks": .array(checks.map { .object(["context": .string($0)]) }),
            ]),
        ])
    }

    /// A repository whose main branch changes by up-to-date pull requests only; GitHub squashes.
    static func squashing(_ rules: [JSON] = [upToDate, .object(["type": "pull_request"])]) async throws -> OnGitHub {
        let here = try await play(landing: "api")
        if !rules.isEmpty { try await here.hub.control("ruleset", .object(["rules": .array(rules)])) }
        try await here.build(["result": "success"])
        return here
    }

    /// What the check `build` says of heads from now on.
    func build(_ answer: JSONObject) async throws {
        let check = (["name": "build"] as JSONObject).merging(answer)
        let script: JSON = .object(["branch": "spec/*", "checks": .array([.object(check)])])
        try await hub.control("ci", .object(["scripts": .array([script])]))
    }

    /// Lets somebody act when the request to merge arrives.
    func whenItMerges(_ person: String, _ act: JSONObject) async throws {
        let deed = JSONObject(dictionaryLiteral: ("as", .string(person))).merging(act)
        try await hub.faults(["kind": "action", "method": "PUT", "path": "/merge$", "act": .object(deed)])
    }

    /// The spec has landed as one commit of GitHub's, which the record knows as certified.
    func expectSquashed(_ place: SourceLocation = #_sourceLocation) async throws {
        let pr = try await world.pr(1)
        #expect(pr.state == .merged, sourceLocation: place)
        let last = try await world.git("log", "-2", "--first-parent", "--format=%b", "refs/factory/pr/1", in: hub.path)
        let landed = try #require(pr.landed, sourceLocation: place).hex
        #expect(last.contains("\"route\":\"api\""), sourceLocation: place)
        #expect(last.contains("\"squash\":\"\(landed)\""), sourceLocation: place)
        let named = try await world.git("log", "main", "--format=%H", "--grep", "^Factory-PR: 1$", in: hub.path)
        #expect(named == landed, sourceLocation: place)
        let committer = try await world.git("log", "-1", "--format=%ae", named, in: hub.path)
        #expect(committer.hasSuffix("@users.noreply.github.com"), "\(committer)", sourceLocation: place)
        let branch = try await world.git("for-each-ref", "refs/heads/spec", in: hub.path)
        #expect(branch.isEmpty, "\(branch)", sourceLocation: place)
        try await expectWhole(nil, place)
    }
}

@Suite(.serialized, .timeLimit(.minutes(3))) struct `Landing by GitHub` {
    @Test func `GitHub squashes what was certified, and the record knows its commit`() async throws {
        let here = try await OnGitHub.squashing()
        try await here.build(["result": "success", "after": 2])
        let run = try await here.world.start()
        let code = await run.code()
        #expect(code == 0, "\(run.errors)")
        try await here.expectSquashed()
        await here.hub.end()
    }

    @Test func `a merge whose answer is lost happens once`() async throws {
        let here = try await OnGitHub.squashing()
        try await here.hub.faults([
            "kind": "status", "status": 502, "when": "after", "method": "PUT", "path": "/merge$",
        ])
        #expect(try await here.world.run() == 0)
        try await here.expectSquashed()
        await here.hub.end()
    }

    @Test func `a head that GitHub takes over late is waited for`() async throws {
        let here = try await OnGitHub.squashing()
        try await here.hub.control("settings", .object(["head_reads": 3]))
        #expect(try await here.world.run() == 0)
        try await here.expectSquashed()
        await here.hub.end()
    }

    @Test func `when the rule is taken away while the line runs, GitHub is not asked`() async throws {
        let here = try await OnGitHub.squashing()
        try await here.hub.faults([
            "kind": "action", "method": "GET", "path": "/pulls\\?head=.*&state=open$",
            "act": .object(["as": "ada", "do": "end-rules"]),
        ])
        _ = try await here.world.run()
        let pr = try await here.world.pr(1)
        #expect(pr.state == .needsAttention && pr.landed == nil)
        #expect(pr.reason?.message.contains("needs a rule for main") == true, "\(String(describing: pr.reason))")
        let requests = try await here.hub.control("counts")["operations"]
        #expect(requests?["pulls/merge"] == nil, "\(String(describing: requests))")
        try await here.expectWhole()
        await here.hub.end()
    }

    @Test func `a merge of which nothing is heard for long is recorded when it is seen`() async throws {
        let here = try await OnGitHub.squashing()
        try await here.hub.faults(
            ["kind": "status", "status": 502, "when": "after", "method": "PUT", "path": "/merge$"],
            ["kind": "status", "status": 502, "method": "GET", "path": "/pulls/[0-9]+/merge$", "times": 5])
        _ = try await here.world.run()
        #expect(try await here.world.run() == 0)
        try await here.expectSquashed()
        await here.hub.end()
    }

    @Test func `when somebody pushes to the main branch first, it is tested anew and lands then`() async throws {
        let here = try await OnGitHub.squashing()
        try await here.whenItMerges(
            "ada", ["do": "push", "branch": "main", "files": .object(["lib/person.txt": "mine\n"]), "message": "Mine"])
        #expect(try await here.world.run() == 0)
        try await here.expectSquashed()
        let parent = try await here.world.git("log", "-1", "--format=%s", "main^", in: here.hub.path)
        #expect(parent == "Mine")
        await here.hub.end()
    }

    @Test func `what somebody pushes to the branch at that moment does not land untested`() async throws {
        let here = try await OnGitHub.squashing()
        try await here.whenItMerges(
            "ben",
            [
                "do": "push", "branch": .string(Play.branch(1)), "files": .object(["lib/person.txt": "mine\n"]),
                "message": "More",
            ])
        let run = try await here.world.start()
        _ = await run.code()
        let history = try await here.world.git("log", "--format=%s", "refs/factory/pr/1", in: here.hub.path)
        #expect(history.contains("ush"), "\(history) \(run.errors)")
        let pr = try await here.world.pr(1)
        if pr.state == .merged { try await here.expectSquashed() } else { try await here.expectWhole() }
        await here.hub.end()
    }

    @Test func `a squash onto another base stops the line, and is not recorded as landed`() async throws {
        let here = try await OnGitHub.squashing([])
        // GitHub says that it has the rule, and does not heed it.
        var rule = OnGitHub.upToDate.object ?? JSONObject()
        rule["ruleset_id"] = 999
        rule["ruleset_source"] = "acme/widgets"
        rule["ruleset_source_type"] = "Repository"
        try await here.hub.faults(
            [
                "kind": "status", "status": 200, "path": "/rules/branches/main", "times": 1000,
                "body": .array([.object(rule)]),
            ],
            [
                "kind": "status", "status": 200, "path": "/rulesets/999$", "times": 1000,
                "body": .object([
                    "id": 999, "name": "rules", "source": "acme/widgets", "enforcement": "active",
                    "current_user_can_bypass": "never",
                ]),
            ],
            [
                "kind": "action", "method": "PUT", "path": "/merge$",
                "act": .object([
                    "as": "ada", "do": "push", "branch": "main", "message": "Mine",
                    "files": .object(["lib/person.txt": "mine\n"]),
                ]),
            ])
        let run = try await here.world.start()
        let code = await run.code()
        #expect(code != 0, "\(run.errors)")
        let pr = try await here.world.pr(1)
        #expect(pr.landed == nil && pr.state == .needsAttention, "\(pr.state)")
        let told = try await here.world.ask(World.program, ["status"])
        #expect((told.output + told.errors + run.errors).contains("did not land as it was certified"), "\(told.output)")
        // Nobody starts it again by running it.
        #expect(try await here.world.standing().stops.map(\.kind) == [.landedTree])
        await here.hub.end()
    }

    @Test func `a line that is killed after GitHub has merged records it once`() async throws {
        let list = try await OnGitHub.squashing()
        let effects = list.world.base.path + "/effects"
        #expect(try await list.world.run(["FACTORY_EFFECTS": effects]) == 0)
        await list.hub.end()
        await list.world.dismissAll()
        let lines = try #require(try Files.text(effects)).split(separator: "\n")
        let main = try #require(lines.lastIndex { $0.hasSuffix(" main") }) + 1
        for point in [main, main + 1, main + 2] {
            let here = try await OnGitHub.squashing()
            #expect(try await here.world.run(["FACTORY_STOP_AFTER_EFFECT": "\(point)"]) == 137, "\(lines)")
            #expect(try await here.world.run() == 0, "killed at \(point)")
            try await here.expectSquashed()
            #expect(try here.world.starts().count == 4)
            await here.hub.end()
        }
    }
}
