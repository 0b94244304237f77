import FactoryCore

/// Says no to a person: in a short comment, with the reason, once.
struct Refusal {
    let desk: Desk

    /// `source` is what the comment is marked with, when it is not what is refused. Throws `GitHubError`.
    func say(_ handle: Handle, _ why: String, _ source: String? = nil) async throws(GitHubError) {
        do throws(GitHubError) {
            try await write(handle, why, source)
        } catch {
            // Such as a conversation that is locked: it was refused all the same.
            if error.passes { throw error }
            desk.warn("@\(handle.by.login) could not be told what was refused on GitHub: \(error)")
        }
    }

    private func write(_ handle: Handle, _ why: String, _ source: String?) async throws(GitHubError) {
        let marker = Marker(handle.number?.value ?? 0, entry: source ?? handle.source, .refusal)
        let path = desk.path("/issues/\(handle.pull)/comments")
        if try await isSaid(marker, path) { return }
        let body = "\(marker.text)\n@\(handle.by.login) \(handle.wish.words) was not taken: \(why)."
        let made = try await desk.client.write("POST", path, .object(["body": .string(body)])) {
            () throws(GitHubError) in try await isSaid(marker, path) ? .null : nil
        }
        await desk.memory.learn(Account(made["user"]))
    }

    private func isSaid(_ marker: Marker, _ path: String) async throws(GitHubError) -> Bool {
        for item in try await desk.client.readAll(path) {
            if item["body"]?.string.flatMap({ Marker(startOf: $0) }) == marker, try await desk.isOurs(item) {
                return true
            }
        }
        return false
    }
}

extension Handle.Wish {
    fileprivate var words: String {
        switch self {
        case .label(let state): "The label `\(Projection.label(state))`"
        case .command: "The command"
        case .closed, .merged: "The end of this pull request"
        case .note: "The review"
        case .pickUp: "The pull request"
        }
    }
}
