import FactoryCore

/// Writes what is said of a PR's entries, each once; edits what should read otherwise by now.
struct Remarks {
    let desk: Desk
    let page: Page
    let projection: Projection

    private var comments: String { desk.path("/issues/\(page.number)/comments") }
    private var reviews: String { desk.path("/pulls/\(page.number)/reviews") }

    func run() async throws(GitHubError) {
        guard var known = await desk.memory.pull(projection.number) else { return }
        guard projection.remarks.contains(where: { isDue($0, known) }) else { return }
        try await lookThrough(known)
        known = await desk.memory.pull(projection.number) ?? known
        for remark in projection.remarks where isDue(remark, known) {
            let id = try await say(remark, known.remarks[remark.marker.key]?.id)
            await desk.memory.update(projection.number) { pull in
                pull.remarks[remark.marker.key] = GitHubMemory.Remark(id: id, print: Print.of(remark.body))
            }
        }
    }

    /// A review is said once; GitHub keeps it with the commit.
    private func isDue(_ remark: Projection.Remark, _ known: GitHubMemory.Pull) -> Bool {
        guard let said = known.remarks[remark.marker.key] else { return true }
        return remark.review == nil && said.print != Print.of(remark.body)
    }

    /// Finds what the line has written before: here, with a memory that is lost, or on another machine.
    private func lookThrough(_ known: GitHubMemory.Pull) async throws(GitHubError) {
        let due = projection.remarks.filter { known.remarks[$0.marker.key] == nil }
        var written: [JSON] = []
        if due.contains(where: { $0.review == nil }), page.comments == nil || known.commentsKnown != page.comments {
            written = try await desk.client.readAll(comments)
            let count = written.count
            await desk.memory.update(projection.number) { $0.commentsKnown = count }
        }
        if due.contains(where: { $0.review != nil }) { written += try await desk.client.readAll(reviews) }
        for item in written {
            guard let marker = marker(item), let id = item["id"]?.int, try await desk.isOurs(item) else { continue }
            let print = Print.of((item["body"]?.string ?? "").replacing("\r\n", with: "\n"))
            await desk.memory.update(projection.number) { pull in
                pull.remarks[marker.key] = GitHubMemory.Remark(id: id, print: print)
            }
        }
    }

    private func marker(_ item: JSON) -> Marker? {
        item["body"]?.string.flatMap { Marker(startOf: $0) }.flatMap {
            $0.number == projection.number.value ? $0 : nil
        }
    }

    private func say(_ remark: Projection.Remark, _ id: Int?) async throws(GitHubError) -> Int {
        let body: JSON = .object(["body": .string(remark.body)])
        if let id {
            do throws(GitHubError) {
                try await desk.client.write("PATCH", desk.path("/issues/comments/\(id)"), body)
                return id
            } catch .notFound {
                // Somebody has deleted it; it is said again.
            }
        }
        if let review = remark.review {
            do throws(GitHubError) {
                return try await post(remark, to: reviews, Self.body(remark, review))
            } catch .refused {
                // The commit is gone, or this review is not ours to give: the words count.
            }
        }
        let made = try await post(remark, to: comments, body)
        await desk.memory.update(projection.number) { $0.commentsKnown? += 1 }
        return made
    }

    private static func body(_ remark: Projection.Remark, _ review: Projection.Review) -> JSON {
        .object([
            "body": .string(remark.body), "event": .string(review.event.rawValue),
            "commit_id": .string(review.commit.hex),
        ])
    }

    private func post(_ remark: Projection.Remark, to path: String, _ body: JSON) async throws(GitHubError) -> Int {
        let made = try await desk.client.write("POST", path, body) { () throws(GitHubError) in
            for item in try await desk.client.readAll(path) {
                if marker(item) == remark.marker, try await desk.isOurs(item) { return item }
            }
            return nil
        }
        await desk.memory.learn(Account(made["user"]))
        guard let id = made["id"]?.int else { throw .unexpected("POST \(path)", "there is no id in it") }
        return id
    }
}
