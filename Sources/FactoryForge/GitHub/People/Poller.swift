import FactoryCore
import FactoryGit

/// Looks what people did on GitHub since the last look. One request that costs nothing while nothing has changed; more
/// only for pull requests that have.
struct Poller: Sendable {
    /// What one pull request has brought, and what is to be remembered once that was acted upon.
    struct Found: Sendable {
        let pull: Int
        let number: PRNumber?
        var handles: [Handle] = []
        /// What the list said of it.
        let said: String
        var judged: Int?
        var comments = ""
        var reviews = ""
        /// Labels are not as the line has set them.
        var isDrifted = false
    }

    /// Pages of the first look, which is the one look at everything that is open.
    private static let firstPages = 20
    /// Seconds in which a pull request that was opened may be labelled by the same person.
    private static let slack = 60.0

    private let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// What a look has brought, and the newest change that the list shows.
    struct Seen: Sendable {
        var found: [Found] = []
        /// What went wrong with single pull requests.
        var troubles: [Int: String] = [:]
        let newest: String?
        var handles: [Handle] { found.flatMap(\.handles) }
    }

    /// Looks once. Throws `GitHubError`, and what the stores throw.
    func look() async throws -> Seen {
        let listed = try await list()
        var seen = Seen(newest: listed.first?["updated_at"]?.string)
        var looked: Set<Int> = []
        for item in listed {
            guard let pull = item["number"]?.int, item["pull_request"] != nil else { continue }
            looked.insert(pull)
            try await look(at: item, pull, &seen)
        }
        for pull in await desk.memory.attended.subtracting(looked).sorted() {
            do throws(GitHubError) {
                let item = try await desk.client.read(desk.path("/issues/\(pull)"))
                try await look(at: item, pull, &seen)
            } catch {
                guard case .notFound = error else { throw error }
                await desk.memory.settled(pull)
            }
        }
        return seen
    }

    /// One pull request that makes trouble keeps no other from being heard; what troubles all of them does.
    private func look(at item: JSON, _ pull: Int, _ seen: inout Seen) async throws(GitHubError) {
        do {
            if let one = try await look(at: item, pull) { seen.found.append(one) }
        } catch let error as GitHubError where error.passes { throw error } catch { seen.troubles[pull] = "\(error)" }
    }

    /// Issues and pull requests, the newest change first: those that are open in the first look, after that whatever has
    /// changed. Closed ones are among them, because being closed is a change as well.
    private func list() async throws -> [JSON] {
        let order = [("sort", "updated"), ("direction", "desc")]
        let path = desk.path("/issues")
        guard let watermark = await desk.memory.watermark else {
            return try await desk.client.readAll(path, [("state", "open")] + order, pages: Self.firstPages)
        }
        var all = try await desk.client.readAll(path, [("state", "all")] + order, pages: 1)
        if all.count == 100, all.last?["updated_at"]?.string ?? "" >= watermark {
            all = try await desk.client.readAll(path, [("state", "all")] + order, pages: Self.firstPages)
        }
        return all
    }

    private func look(at item: JSON, _ pull: Int) async throws -> Found? {
        guard let page = Page(item) else { return nil }
        let said = Self.said(item, page)
        guard let number = await desk.memory.number(of: pull) else {
            guard page.isOpen, page.states.contains(Projection.label(.queued)), await desk.memory.other(pull) != said
            else { return nil }
            return try await newcomer(pull, said)
        }
        guard let known = await desk.memory.pull(number), let tip = try await desk.store.tip(of: number) else {
            return nil
        }
        let isAttended = await desk.memory.isAttended(pull)
        guard known.seen != said || !known.isSure || isAttended else { return nil }
        return try await changed(page, said, known, tip)
    }

    /// The time alone has seconds only; what else the list says differs within one.
    private static func said(_ item: JSON, _ page: Page) -> String {
        let rest = "\(item["comments"]?.int ?? 0) \(page.isOpen) \(page.labels.sorted().joined(separator: ","))"
        return (item["updated_at"]?.string ?? "") + " " + Print.of(rest)
    }

    /// A pull request of people's with the label of the queue: its branch is in this very repository, it aims at the main
    /// branch, and a person has set the label.
    private func newcomer(_ pull: Int, _ said: String) async throws -> Found {
        var found = Found(pull: pull, number: nil, said: said)
        let json = try await desk.client.read(desk.path("/pulls/\(pull)"))
        let (head, place) = (json["head"], desk.client.place)
        let isHere = head?["repo"]?["full_name"]?.string?.lowercased() == "\(place.owner)/\(place.name)".lowercased()
        guard isHere, let branch = head?["ref"]?.string, branch.hasPrefix("spec/"), let sha = head?["sha"]?.string,
            await json["base"]?["ref"]?.string == desk.store.mainBranch
        else { return found }
        let timeline = try await desk.timeline(pull)
        let label = timeline.labels.last { $0.isSet && $0.name == State.queued.rawValue }
        guard let label else { return found }
        found.judged = label.id
        found.handles = [
            Handle(
                .pickUp(branch: branch, head: CommitID(sha)), by: label.by, source: "event-\(label.id)", pull: pull,
                number: nil)
        ]
        return found
    }

    private func changed(_ page: Page, _ said: String, _ known: GitHubMemory.Pull, _ tip: Tip) async throws -> Found {
        var found = Found(pull: page.number, number: tip.pr.number, said: said)
        let own = try await desk.myself()
        let timeline = try await desk.timeline(page.number)
        let history = try await desk.store.history(of: tip.pr.number)
        let done = Set(history.compactMap(\.entry.gitHubSource))
        (found.comments, found.reviews) = (timeline.comments(notBy: own), timeline.reviews(notBy: own))
        if let opened = history.first?.entry.at { labels(timeline, own, page, known, tip, opened, done, &found) }
        end(timeline, own, page, tip, done, &found)
        if found.comments != known.comments {
            let said = try await desk.client.readAll(desk.path("/issues/\(page.number)/comments"))
            let talk = Talk(said, myself: own, pull: page.number, number: tip.pr.number)
            found.handles += talk.handles.filter { !done.contains($0.source) && !talk.isRefused($0) }
        }
        if found.reviews != known.reviews, !tip.pr.state.isFinal {
            found.handles += try await notes(page.number, tip.pr.number, own).filter { !done.contains($0.source) }
        }
        return found
    }

    /// The newest label that somebody else has set counts, even if the line has replaced it without having seen it.
    /// Without a memory only one that still stands there does.
    private func labels(
        _ timeline: Timeline, _ own: Myself, _ page: Page, _ known: GitHubMemory.Pull, _ tip: Tip,
        _ opened: Timestamp, _ done: Set<String>, _ found: inout Found
    ) {
        found.isDrifted = page.states != [Projection.label(tip.pr.state)]
        guard let newest = timeline.newestLabel(notBy: own) else { return }
        found.judged = newest.id
        guard !tip.pr.state.isFinal, let (label, state) = timeline.wish(after: known.judged ?? 0, notBy: own),
            known.judged != nil || page.states.contains(Projection.labelPrefix + label.name)
        else { return }
        // Whoever pushes a branch and opens a pull request with this label says one thing, not two.
        if state == .queued, let at = label.at, at < opened + Self.slack { return }
        let source = "event-\(label.id)"
        guard !done.contains(source) else { return }
        found.handles.append(
            Handle(.label(state), by: label.by, source: source, pull: page.number, number: tip.pr.number))
    }

    private func end(
        _ timeline: Timeline, _ own: Myself, _ page: Page, _ tip: Tip, _ done: Set<String>, _ found: inout Found
    ) {
        guard !page.isOpen, !tip.pr.state.isFinal, let end = timeline.end else { return }
        let source = "event-\(end.id)"
        let wish: Handle.Wish
        switch end.kind {
        // What the line has merged itself is in the journal in a moment.
        case .merged where own.isMe(end.by): return
        case .merged(let commit): wish = .merged(commit ?? tip.pr.head)
        case .closed, .reopened: wish = .closed
        }
        guard !own.isMe(end.by), !done.contains(source) else { return }
        found.handles.append(Handle(wish, by: end.by, source: source, pull: page.number, number: tip.pr.number))
    }

    /// Reviews and comments in the code, as notes for the next session.
    private func notes(_ pull: Int, _ number: PRNumber, _ own: Myself) async throws -> [Handle] {
        let reviews = try await desk.client.readAll(desk.path("/pulls/\(pull)/reviews"))
        let comments = try await desk.client.readAll(desk.path("/pulls/\(pull)/comments"))
        let said = reviews.map { ($0, "review") } + comments.map { ($0, "review-comment") }
        return said.compactMap { item, kind in
            guard let by = Account(item["user"]), own.isOther(by), let id = item["id"]?.int,
                let text = item["body"]?.string?.trimmingBlanks, !text.isEmpty
            else { return nil }
            let place = item["path"]?.string.map { path in
                path + (item["line"]?.int.map { ":\($0)" } ?? "") + ": "
            }
            let note = String(((place ?? "") + text).prefix(FactoryCommand.textLimit))
            return Handle(.note(note), by: by, source: "\(kind)-\(id)", pull: pull, number: number)
        }
    }
}
