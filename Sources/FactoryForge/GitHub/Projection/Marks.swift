import FactoryCore

/// Sets what the line says of a head: as check runs where the line is an App, else as commit statuses.
struct Marks {
    let desk: Desk
    let projection: Projection

    func run() async throws {
        for status in projection.statuses {
            let known = await desk.memory.pull(projection.number)?.statuses[status.context.rawValue]
            if known?.sha == projection.head.hex, known?.state == status.state.rawValue { continue }
            var check: Int?
            if desk.client.isApp {
                let running = known?.sha == projection.head.hex ? known?.check : nil
                check = try await setCheck(status, running: running)
            } else {
                try await set(status)
            }
            await desk.memory.update(projection.number) { pull in
                pull.statuses[status.context.rawValue] = GitHubMemory.Status(
                    sha: projection.head.hex, state: status.state.rawValue, check: check)
            }
        }
    }

    private func set(_ status: Projection.Status) async throws {
        let body: JSON = .object([
            "state": .string(status.state.rawValue), "context": .string(status.context.rawValue),
            "description": .string(status.words),
        ])
        // Twice the same does no harm: the newest counts.
        let path = desk.path("/statuses/\(projection.head.hex)")
        let made = try await pushed { () throws(GitHubError) in try await desk.client.write("POST", path, body) }
        await desk.memory.learn(Account(made["creator"]))
    }

    private func setCheck(_ status: Projection.Status, running: Int?) async throws -> Int? {
        let name = status.context.rawValue
        var body: JSONObject = [
            "name": .string(name),
            "output": .object(["title": .string(status.words), "summary": .string(status.words)]),
        ]
        switch status.state {
        case .pending: body["status"] = "in_progress"
        case .success, .failure:
            body["status"] = "completed"
            body["conclusion"] = .string(status.state.rawValue)
        }
        if let running {
            try await desk.client.write("PATCH", desk.path("/check-runs/\(running)"), .object(body))
            return running
        }
        let mark = "factory-\(projection.number.value)-\(status.state.rawValue)"
        body["head_sha"] = .string(projection.head.hex)
        body["external_id"] = .string(mark)
        let new: JSON = .object(body)
        let made = try await pushed { () throws(GitHubError) in
            try await desk.client.write("POST", desk.path("/check-runs"), new) { () throws(GitHubError) in
                try await desk.client.readAll(
                    desk.path("/commits/\(projection.head.hex)/check-runs"), [("check_name", name)],
                    member: "check_runs"
                ).first { $0["external_id"]?.string == mark }
            }
        }
        if let slug = made["app"]?["slug"]?.string {
            await desk.memory.learn(Account(id: nil, login: slug + "[bot]", isBot: true))
        }
        return made["id"]?.int
    }

    /// A commit that GitHub does not have comes with the next push.
    private func pushed(_ write: () async throws(GitHubError) -> JSON) async throws -> JSON {
        do throws(GitHubError) { return try await write() } catch {
            if case .refused(_, 422, let message) = error, message.contains("No commit found") {
                throw Showing.NotYet()
            }
            throw error
        }
    }
}
