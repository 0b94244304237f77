import FactoryCore

/// The labels by which pull requests show their states, and people choose one.
package enum StateLabels {
    package static let prefix = "state:"

    /// A label as it is made. An existing one keeps what people have made of it.
    package struct Label: Hashable, Sendable {
        package let name: String
        /// Six digits, without `#`.
        package let color: String
        package let description: String
    }

    package static let all: [Label] = State.allCases.map { state in
        Label(name: prefix + state.rawValue, color: color(state), description: description(state))
    }

    private static func color(_ state: State) -> String {
        switch state {
        case .queued: "ededed"
        case .plan, .planReview: "c5def5"
        case .implementation, .implementationCI: "0e8a16"
        case .codeReview: "1d76db"
        case .merge: "5319e7"
        case .needsAttention: "d93f0b"
        case .merged: "6f42c1"
        case .closed: "cccccc"
        }
    }

    private static func description(_ state: State) -> String {
        switch state {
        case .queued: "Waits for the line to take it up"
        case .plan: "The planner writes the plan"
        case .planReview: "The plan is reviewed"
        case .implementation: "The implementer works on it"
        case .implementationCI: "The checks run on what would be landed"
        case .codeReview: "The code is reviewed"
        case .merge: "It is about to land"
        case .needsAttention: "A person is needed: the comment says why, and what to do"
        case .merged: "It has landed on the main branch"
        case .closed: "It was closed without landing"
        }
    }

    /// What was made, and what was there.
    package struct Result: Hashable, Sendable {
        package var made: [String] = []
        package var kept: [String] = []
    }

    /// Makes those that the repository lacks. Throws `GitHubError`.
    package static func make(by client: GitHubClient) async throws(GitHubError) -> Result {
        let path = client.place.path + "/labels"
        let there = Set(try await client.readAll(path).compactMap { $0["name"]?.string?.lowercased() })
        var result = Result()
        for label in all {
            if there.contains(label.name) {
                result.kept.append(label.name)
                continue
            }
            let body: JSON = .object([
                "name": .string(label.name), "color": .string(label.color), "description": .string(label.description),
            ])
            try await client.write("POST", path, body) { () throws(GitHubError) in
                do throws(GitHubError) {
                    return try await client.read(path + "/" + PercentCoding.segment(label.name))
                } catch {
                    if case .notFound = error { return nil }
                    throw error
                }
            }
            result.made.append(label.name)
        }
        return result
    }
}
