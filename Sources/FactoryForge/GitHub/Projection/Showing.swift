import FactoryCore
import FactoryGit

/// Brings one pull request on GitHub to what the journal says, in one round.
struct Showing {
    /// What has to come before has not come yet, such as the branch: no reason to worry.
    struct NotYet: Error {}

    /// Seconds for which GitHub may take to see that what has landed is merged. After that it does not: somebody has pushed
    /// to the branch at that moment. It is closed then; its label and a comment say that it has landed.
    private static let patience = 60.0

    let number: PRNumber
    let desk: Desk
    let base: String

    init(_ number: PRNumber, _ desk: Desk, base: String) {
        self.number = number
        self.desk = desk
        self.base = base
    }

    /// Throws `GitHubError`, `NotYet`, and what the stores throw.
    func run() async throws {
        guard let tip = try await desk.store.tip(of: number) else { return }
        let demands = await desk.memory.pull(number)?.demands ?? 0
        if let pull = await desk.memory.pull(number), pull.shown == tip.id.hex { return }
        let history = try await desk.store.history(of: number)
        guard let page = try await page(tip.pr) else { return }
        let source = try await source(tip.pr, history, page)
        let projection = Projection(source)
        guard try await settleEnd(page, projection, history) else { throw NotYet() }
        try await Marks(desk: desk, projection: projection).run()
        let described = try await describe(page, projection)
        let isLabelled = try await label(described ?? page, isFresh: described != nil, projection)
        try await Remarks(desk: desk, page: page, projection: projection).run()
        try await finish(page, projection, tip.pr, history)
        guard isLabelled else { return }
        await desk.memory.update(number) { pull in
            if pull.demands == demands { pull.shown = tip.id.hex }
        }
    }

    private func source(_ pr: PullRequest, _ history: [RecordedEntry], _ page: Page) async throws -> Projection.Source {
        var mayJudge = false
        let myself = try await desk.myself()
        if myself.account != nil, let author = page.author { mayJudge = !myself.isMe(author) }
        var source = Projection.Source(pr: pr, history: history, site: desk.site, mayJudge: mayJudge)
        for item in history {
            if item.entry.event.delivered(.plan), let tree = try? await desk.store.tree(of: item.state.head) {
                let bytes = try? await desk.store.file(pr.planPath, in: tree, limit: 1 << 20)
                source.plans[item.id] = bytes.map { String(decoding: $0, as: UTF8.self) }
            }
            if desk.showsLogs, item.entry.event.hasFailures {
                let bytes = try await desk.store.artifact("failures.txt", of: item.id)
                source.failures[item.id] = bytes.map { String(decoding: $0, as: UTF8.self) }
            }
        }
        return source
    }

    // MARK: The pull request itself

    /// The pull request on GitHub; opened when there is none. Nil when there is none and need be none.
    private func page(_ pr: PullRequest) async throws -> Page? {
        if let known = await desk.memory.pull(number) {
            do throws(GitHubError) {
                if let page = Page(try await desk.client.read(desk.path("/issues/\(known.number)"))) { return page }
            } catch .notFound { await desk.memory.forget(number) }
        }
        if let found = try await find(pr) {
            await desk.memory.know(number, as: found.number)
            return found
        }
        return pr.state.isFinal ? nil : try await open(pr)
    }

    /// The newest one of the branch, an open one first.
    private func find(_ pr: PullRequest) async throws -> Page? {
        let place = desk.client.place
        let query = [("head", "\(place.owner):\(pr.branch)"), ("state", "all")]
        let found = try await desk.client.readAll(desk.path("/pulls"), query).filter { item in
            let repository = item["head"]?["repo"]?["full_name"]?.string?.lowercased()
            return item["head"]?["ref"]?.string == pr.branch
                && repository == "\(place.owner)/\(place.name)".lowercased()
        }
        let pages = found.compactMap { Page($0) }
        return pages.filter(\.isOpen).max { $0.number < $1.number } ?? pages.max { $0.number < $1.number }
    }

    private func open(_ pr: PullRequest) async throws -> Page {
        let source = Projection.Source(
            pr: pr, history: try await desk.store.history(of: number), site: desk.site, mayJudge: false)
        let projection = Projection(source)
        let opened: JSON
        do throws(GitHubError) {
            opened = try await post(projection, branch: pr.branch)
        } catch {
            // The branch comes by git, and may not be there yet; or another machine has just opened it.
            if case .refused(_, 422, let message) = error, Self.isEarlyOrLate(message) { throw NotYet() }
            throw error
        }
        guard let page = Page(opened) else { throw GitHubError.unexpected("POST /pulls", "there is no number in it") }
        await desk.memory.learn(page.author)
        await desk.memory.know(number, as: page.number)
        await desk.memory.update(number) { pull in
            pull.commentsKnown = 0
            pull.title = projection.title
        }
        return page
    }

    private func post(_ projection: Projection, branch: String) async throws(GitHubError) -> JSON {
        let path = desk.path("/pulls")
        let head = "\(desk.client.place.owner):\(branch)"
        let body: JSON = .object([
            "title": .string(projection.title), "head": .string(branch), "base": .string(base),
            "body": .string(projection.description), "maintainer_can_modify": false,
        ])
        return try await desk.client.write("POST", path, body) { () throws(GitHubError) in
            try await desk.client.readAll(path, [("head", head), ("state", "open")]).first
        }
    }

    private static func isEarlyOrLate(_ message: String) -> Bool {
        message.contains("No commits") || message.contains("invalid") || message.contains("already exists")
    }

    /// Whether it stands as open or closed as it should. What somebody else has closed or merged is for the people's
    /// side to judge; until then nothing is shown.
    private func settleEnd(_ page: Page, _ projection: Projection, _ history: [RecordedEntry]) async throws -> Bool {
        guard projection.end == .open, !page.isOpen else { return true }
        guard try await mayReopen(page, history) else {
            await desk.memory.attend(page.number)
            return false
        }
        do throws(GitHubError) {
            try await desk.client.write("PATCH", desk.path("/pulls/\(page.number)"), .object(["state": "open"]))
            await desk.memory.update(number) { $0.reopens = false }
        } catch .refused {
            // A pull request that cannot be opened again is followed by a new one.
            await desk.memory.forget(number)
            if let pr = try await desk.store.tip(of: number)?.pr { _ = try await open(pr) }
            return false
        }
        return true
    }

    /// Whether it may be opened again: who closed it had no right to, or it was closed by the journal and is submitted
    /// again since.
    private func mayReopen(_ page: Page, _ history: [RecordedEntry]) async throws -> Bool {
        if page.isMerged { return false }
        if await desk.memory.pull(number)?.reopens == true { return true }
        guard history.contains(where: { $0.state.state == .closed }),
            let end = try await desk.timeline(page.number).end
        else { return false }
        let isDone = history.contains { $0.entry.gitHubSource == "event-\(end.id)" }
        if isDone { return true }
        return try await desk.myself().isMe(end.by)
    }

    // MARK: Labels and description

    /// False: a person's label stands there that is to be judged first.
    private func label(_ page: Page, isFresh: Bool, _ projection: Projection) async throws -> Bool {
        let wanted = projection.label
        let pull = await desk.memory.pull(number)
        if page.states != [wanted] {
            let page = isFresh ? page : try await freshly(page)
            let isOurs = page.states.isEmpty || page.states == [pull?.label ?? ""]
            if !isOurs {
                let newest = try await desk.timeline(page.number).newestLabel(notBy: desk.myself())
                if let newest, newest.id > pull?.judged ?? 0 {
                    await desk.memory.attend(page.number)
                    return false
                }
            }
            try await put(page, wanted)
        }
        await desk.memory.update(number) { $0.label = wanted }
        return true
    }

    /// The page as it is at the moment of a write that replaces all of something: what people have changed since the
    /// first look is theirs.
    private func freshly(_ page: Page) async throws(GitHubError) -> Page {
        await desk.client.awaitTurn()
        return Page(try await desk.client.read(desk.path("/issues/\(page.number)"))) ?? page
    }

    private func put(_ page: Page, _ wanted: String) async throws(GitHubError) {
        let path = desk.path("/issues/\(page.number)/labels")
        let labels: JSON = .object(["labels": .of(page.others + [wanted])])
        try await desk.client.write("PUT", path, labels) { () throws(GitHubError) in
            let now = try await desk.client.readAll(path)
            let names = now.compactMap { $0["name"]?.string }
            if names.map({ $0.lowercased() }).contains(wanted) { return .array(now) }
            // Somebody was there meanwhile: what would be repeated is old.
            guard names == page.labels else { throw .conflict("the labels of pull request \(page.number)") }
            return nil
        }
    }

    /// Gives the page as it was when something was changed; nil when nothing had to be.
    private func describe(_ page: Page, _ projection: Projection) async throws(GitHubError) -> Page? {
        // A title that a person has chosen stays until the spec has another one.
        let title = await desk.memory.pull(number)?.title
        let isRenamed = title.map { $0 != projection.title } ?? false
        var changed: Page?
        if isRenamed || Self.body(page, projection) != nil {
            let page = try await freshly(page)
            var change = JSONObject()
            if isRenamed { change["title"] = .string(projection.title) }
            if let body = Self.body(page, projection) { change["body"] = .string(body) }
            changed = change.isEmpty ? page : Page(try await patch(page, change)) ?? page
        }
        await desk.memory.update(number) { $0.title = projection.title }
        return changed
    }

    /// The description as it should be; nil where it is so, or would be too long.
    private static func body(_ page: Page, _ projection: Projection) -> String? {
        let body = OwnPart.put(projection.description, into: page.body)
        guard body != page.body.replacing("\r\n", with: "\n"), body.utf16.count <= SafeText.limit else { return nil }
        return body
    }

    private func patch(_ page: Page, _ change: JSONObject) async throws(GitHubError) -> JSON {
        let path = desk.path("/pulls/\(page.number)")
        return try await desk.client.write("PATCH", path, .object(change)) { () throws(GitHubError) in
            let now = try await desk.client.read(path)
            if change.members.allSatisfy({ now[$0.key] == $0.value }) { return now }
            guard now["body"]?.string ?? "" == page.body else {
                throw .conflict("the description of pull request \(page.number)")
            }
            return nil
        }
    }

    // MARK: The end

    /// Closes it, takes its branch away. One that has landed keeps its branch until GitHub shows it as merged.
    private func finish(
        _ page: Page, _ projection: Projection, _ pr: PullRequest, _ history: [RecordedEntry]
    ) async throws {
        switch projection.end {
        case .open: return
        case .closed:
            if page.isOpen {
                try await desk.client.write("PATCH", desk.path("/pulls/\(page.number)"), .object(["state": "closed"]))
            }
        case .merged:
            if page.isOpen {
                guard desk.clock.now() - pr.updatedAt >= Self.patience else { throw NotYet() }
                try await desk.client.write("PATCH", desk.path("/pulls/\(page.number)"), .object(["state": "closed"]))
            }
        }
        // Where GitHub has squashed, the branch stands at the commit that was certified before.
        let certified = history.compactMap { item -> CommitID? in
            if case .certified(_, let certification, _, _) = item.entry.event { certification.squash } else { nil }
        }
        let commits = [pr.landed, pr.head].compactMap { $0 } + certified
        if try await !desk.removeBranch(pr.branch, commits) {
            desk.warn("\(pr.branch) stays on GitHub: somebody has pushed to it since")
        }
    }
}

extension Event {
    /// Whether its entry keeps what failed checks have printed.
    fileprivate var hasFailures: Bool {
        if case .finished(let finish) = self {
            finish.outcome == .red || finish.outcome == .redCandidate
        } else {
            false
        }
    }
}
