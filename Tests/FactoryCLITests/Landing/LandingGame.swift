import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryProcess
import FactoryTestSupport
import Synchronization

@testable import FactoryLine

/// Plays scenarios on one hub, one after the other, and says what went wrong in which.
///
/// What must be on the main branch is computed from what each pull request itself removed and added, line by line, and
/// from nothing else; git's own merge is the second opinion.
final class LandingGame {
    let line: BareLine
    private var source = TaggedFiles.Source()
    private var nextNumber = 1
    private var merges: [Merge] = []
    private(set) var tally = Tally()

    init() throws { line = try BareLine() }

    /// A merge that the line made, to be asked of git as well; no tree when it was a conflict.
    private struct Merge {
        let scenario: Int
        let what: String
        let main: CommitID
        let head: CommitID
        let tree: TreeID?
    }

    struct Tally { var landed = 0, conflicts = 0, guarded = 0, contained = 0, rivals = 0, brought = 0 }

    /// What of it must not be.
    struct Wrong: Error { let text: String }

    /// A pull request as the game knows it.
    private struct Player {
        let number: PRNumber
        var base: CommitID
        var head: CommitID
        var files: TaggedFiles
        var baseTags: Set<String>
        var isOver = false

        var added: Set<String> { files.tags.subtracting(baseTags) }
        var removed: Set<String> { baseTags.subtracting(files.tags) }
    }

    /// The course of one scenario.
    private struct Course {
        let index: Int
        /// The main branch since the scenario began, with the files of each commit.
        var history: [(commit: CommitID, files: TaggedFiles)]
        var players: [Int: Player] = [:]

        var tip: CommitID { history[history.count - 1].commit }
        var files: TaggedFiles { history[history.count - 1].files }
    }

    /// Plays all of them, and gives what was wrong with the first bad one: its place, and the complaint.
    func play(_ scenarios: [LandingScenario]) async throws -> (index: Int, complaint: String)? {
        for (index, scenario) in scenarios.enumerated() {
            do { try await play(scenario, index) } catch let wrong as Wrong { return (index, wrong.text) }
        }
        if let bad = try await askGit() { return bad }
        let problems = try await line.audit().run().problems
        return problems.isEmpty ? nil : (scenarios.count - 1, "verify: " + problems.joined(separator: "\n"))
    }

    private func play(_ scenario: LandingScenario, _ index: Int) async throws {
        var files = TaggedFiles()
        for (place, count) in scenario.files.enumerated() { files.add(directory: place, count: count, &source) }
        let before = try line.hub.resolve(BareLine.main)
        let root = try line.commit(files, parents: before.map { [$0] } ?? [], "The beginning of \(index)")
        try line.push(root)
        var course = Course(index: index, history: [(root, files)])
        for step in scenario.steps { try await take(step, &course) }
    }

    private func take(_ step: LandingScenario.Step, _ course: inout Course) async throws {
        switch step {
        case .person(let edits): try person(edits, &course)
        case .open(let pr, let back, let edits): try await open(pr, back, edits, &course)
        case .approve(let pr):
            guard let player = course.players[pr], !player.isOver else { return }
            try await approve(player)
        case .rework(let pr, let edits): try await rework(pr, edits, &course)
        case .pushed(let pr, let edits): try await pushed(pr, edits, &course)
        case .land(let pr, let rival): try await land(pr, rival, &course)
        }
    }

    private func edited(_ files: TaggedFiles, _ edits: [TaggedFiles.Edit]) -> TaggedFiles {
        var files = files
        for edit in edits { files.apply(edit, &source) }
        return files
    }

    private func person(_ edits: [TaggedFiles.Edit], _ course: inout Course) throws {
        let files = edited(course.files, edits)
        let commit = try line.commit(files, parents: [course.tip], "A person's")
        try line.push(commit)
        course.history.append((commit, files))
    }

    private func open(_ pr: Int, _ back: Int, _ edits: [TaggedFiles.Edit], _ course: inout Course) async throws {
        let number = PRNumber(nextNumber)
        nextNumber += 1
        let (base, baseFiles) = course.history[max(0, course.history.count - 1 - back)]
        var opening = Opening.sample(number.value, head: base, base: base)
        var files = edited(baseFiles, edits)
        for path in [opening.specPath.text, String(opening.specPath.text.dropLast(3)) + ".plan.md"] {
            files.files[path] = TaggedFiles.File(lines: source.tags(2))
        }
        let head = try line.commit(files, parents: [base], "Work of \(pr)")
        opening.head = head
        _ = try await line.store.open(number, opening, at: .noon, by: "ann")
        try await line.approvePlan(number)
        course.players[pr] = Player(
            number: number, base: base, head: head, files: files, baseTags: baseFiles.tags)
    }

    /// Lets the checks run and the review be content, as far as it is their turn.
    private func approve(_ player: Player) async throws {
        if try await line.tip(player.number).pr.state == .implementationCI {
            let after = try await line.turn(player.number)
            guard after.state == .codeReview || after.state == .implementationCI else {
                throw Wrong(text: "\(player.number) is \(after.state) after green checks: \(reason(after))")
            }
        }
        if try await line.tip(player.number).pr.state == .implementationCI { _ = try await line.turn(player.number) }
        if try await line.tip(player.number).pr.state == .codeReview { try await line.approveCode(player.number) }
    }

    private func reason(_ pr: PullRequest) -> String { pr.reason.map { "\($0.rule): \($0.message)" } ?? "" }

    /// The line brings the head onto the main branch; a conflict is resolved in favour of the main branch, as agents may.
    private func rework(_ pr: Int, _ edits: [TaggedFiles.Edit], _ course: inout Course) async throws {
        guard var player = course.players[pr], !player.isOver else { return }
        _ = try await BranchWatch(ports: line.ports).reconcile(line.tip(player.number))
        let state = try await line.append(.retried(to: .implementation, note: ""), player.number)
        let preparation = Preparation(ports: line.ports, floor: try await line.floor())
        guard case .ready(let ready) = try await preparation.prepare(state, stage: .implementation, token: "rework")
        else { throw Wrong(text: "\(player.number) cannot be brought onto the main branch") }
        let started = try await line.append(.started(ready.start), player.number)
        var head = ready.start.head
        if ready.conflict.isEmpty {
            if state.base != course.tip { try await brought(&player, to: head, &course) }
            if !edits.isEmpty {
                player.files = edited(player.files, edits)
                head = try line.commit(player.files, parents: [head], "More of \(pr)")
            }
        } else {
            tally.conflicts += 1
            merges.append(
                Merge(scenario: course.index, what: "bring \(pr)", main: course.tip, head: player.head, tree: nil))
            let own = player.files.files.filter { $0.key.hasPrefix("specs/") && course.files.files[$0.key] == nil }
            player.files = edited(course.files, edits)
            player.files.files.merge(own) { _, new in new }
            head = try line.commit(player.files, parents: [player.head, course.tip], "Resolved by \(pr)")
            player.baseTags = course.files.tags
        }
        (player.head, player.base) = (head, course.tip)
        var finish = try Finish.active(of: started, .delivered)
        finish.head = head
        finish.base = course.tip
        try await line.append(.finished(finish), player.number)
        await line.ports.show(try await line.tip(player.number).pr)
        course.players[pr] = player
    }

    /// The new head must hold what the old one did to its base, done to the main branch.
    private func brought(_ player: inout Player, to head: CommitID, _ course: inout Course) async throws {
        tally.brought += 1
        let tree = try line.hub.tree(of: head)
        let files = try line.files(tree)
        try expect(files.tags, course.files.tags, player, "bringing \(player.number) onto the main branch")
        merges.append(
            Merge(
                scenario: course.index, what: "bring \(player.number)", main: course.tip, head: player.head, tree: tree)
        )
        player.files = files
        player.baseTags = course.files.tags
    }

    private func expect(_ found: Set<String>, _ main: Set<String>, _ player: Player, _ what: String) throws {
        let wanted = main.subtracting(player.removed).union(player.added)
        let (lost, back) = (wanted.subtracting(found).sorted(), found.subtracting(wanted).sorted())
        guard lost.isEmpty, back.isEmpty else {
            throw Wrong(text: "\(what) dropped \(lost) and brought \(back)")
        }
    }

    private func pushed(_ pr: Int, _ edits: [TaggedFiles.Edit], _ course: inout Course) async throws {
        guard var player = course.players[pr], !player.isOver else { return }
        player.files = edited(player.files, edits)
        player.head = try line.commit(player.files, parents: [player.head], "Pushed to \(pr)")
        try line.push(player.head, to: "refs/heads/" + (try await line.tip(player.number).pr.branch), force: true)
        course.players[pr] = player
    }

    private func land(_ pr: Int, _ rival: [TaggedFiles.Edit]?, _ course: inout Course) async throws {
        guard let player = course.players[pr], !player.isOver else { return }
        var rival = rival
        for _ in 0..<12 {
            guard let now = course.players[pr] else { return }
            try await approve(now)
            let state = try await line.tip(player.number).pr
            if state.state == .implementation {
                try await rework(pr, [], &course)
                continue
            }
            guard state.state == .merge else { break }
            let pushes = try rival.map { try arm($0, course) }
            rival = nil
            let after = try await line.turn(player.number)
            line.rivals.forget()
            if let commit = pushes?.value {
                tally.rivals += 1
                course.history.append(commit)
                guard after.state != .merged else {
                    throw Wrong(text: "#\(pr) landed although the main branch had moved")
                }
            }
            try await judge(after, pr, &course)
            if course.players[pr]?.isOver == true { return }
        }
        let last = try await line.tip(player.number).pr
        guard last.state == .needsAttention else {
            throw Wrong(text: "\(player.number) never came to an end: \(last.state), \(reason(last))")
        }
        try await end(pr, last, &course)
    }

    /// Prepares a person's push for the moment in which the pull request is certified.
    private func arm(_ edits: [TaggedFiles.Edit], _ course: Course) throws -> Pushed {
        let files = edited(course.files, edits)
        let commit = try line.commit(files, parents: [course.tip], "A rival's")
        let (pushes, tip, hub) = (Pushed(), course.tip, line.directory.path + "/hub.git")
        line.rivals.act(after: "journal certified") {
            try Repository.open(hub).move(BareLine.main, from: tip, to: commit)
            pushes.set(commit, files)
        }
        return pushes
    }

    /// What the rival has pushed; nil while it has not.
    private final class Pushed: Sendable {
        private let pushed = Mutex<(commit: CommitID, files: TaggedFiles)?>(nil)
        var value: (commit: CommitID, files: TaggedFiles)? { pushed.withLock { $0 } }
        func set(_ commit: CommitID, _ files: TaggedFiles) { pushed.withLock { $0 = (commit, files) } }
    }

    /// Looks at what a turn of the merge station has led to.
    private func judge(_ after: PullRequest, _ pr: Int, _ course: inout Course) async throws {
        guard let player = course.players[pr] else { return }
        switch after.state {
        case .merged: try await landed(after, pr, player, &course)
        case .implementation:
            tally.conflicts += 1
            merges.append(
                Merge(scenario: course.index, what: "land \(pr)", main: course.tip, head: player.head, tree: nil))
        case .needsAttention: try await end(pr, after, &course)
        case .queued, .plan, .planReview, .implementationCI, .codeReview, .merge, .closed: break
        }
    }

    private func end(_ pr: Int, _ parked: PullRequest, _ course: inout Course) async throws {
        switch parked.reason?.kind {
        case .contained: tally.contained += 1
        case .guard where parked.reason?.rule == OwnPaths.rule.id: tally.guarded += 1
        case .returns: break
        default: throw Wrong(text: "\(parked.number) is parked by \(reason(parked))")
        }
        try await line.append(.closed(note: ""), parked.number)
        course.players[pr]?.isOver = true
    }

    private func landed(_ after: PullRequest, _ pr: Int, _ player: Player, _ course: inout Course) async throws {
        tally.landed += 1
        guard let commit = after.landed, try line.hub.resolve(BareLine.main) == commit else {
            throw Wrong(text: "#\(pr) says it landed, and the main branch stands elsewhere")
        }
        let info = try line.hub.info(commit)
        guard info.parents == [course.tip] else {
            throw Wrong(text: "#\(pr) landed on \(info.parents), the main branch was at \(course.tip) (I2)")
        }
        guard line.yard.tested.contains(info.tree) else { throw Wrong(text: "#\(pr) landed an untested tree (I1)") }
        guard after.reviewedHead == player.head, after.head == player.head else {
            throw Wrong(text: "#\(pr) landed a head that was not reviewed (I3)")
        }
        let files = try line.files(info.tree)
        try expect(files.tags, course.files.tags, player, "landing #\(pr) (I6)")
        merges.append(
            Merge(
                scenario: course.index, what: "land \(pr)", main: course.tip, head: player.head, tree: info.tree))
        course.history.append((commit, files))
        course.players[pr]?.isOver = true
    }
}

extension LandingGame {
    /// Asks git for every merge that was made, all in one process.
    private func askGit() async throws -> (index: Int, complaint: String)? {
        let place = line.directory.path
        try Files.write(merges.map { "\($0.main.hex) \($0.head.hex)\n" }.joined(), to: place + "/pairs")
        let script = """
            git -c merge.directoryRenames=false -c merge.renameLimit=0 merge-tree --stdin -z --no-messages --name-only \
                < ../pairs > ../answers
            """
        let result = try await ProcessRunner().run(
            Command(
                "/bin/sh", ["-c", script],
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C"],
                directory: place + "/hub.git", capture: .apart, limits: ProcessLimits(wall: 60), marker: "landing"))
        let answers = Self.answers(try Files.text(place + "/answers") ?? "")
        guard answers.count == merges.count else {
            throw Failure("git answered \(answers.count) of \(merges.count) merges: \(result.errors.text)")
        }
        for (merge, answer) in zip(merges, answers) where answer != merge.tree?.hex {
            let (ours, git) = (merge.tree?.hex ?? "a conflict", answer ?? "a conflict")
            return (
                merge.scenario, "\(merge.what): we made \(ours), git makes \(git) of \(merge.main) and \(merge.head)"
            )
        }
        return nil
    }

    /// Of each merge the tree, or nil where git found a conflict.
    private static func answers(_ text: String) -> [String?] {
        text.split(separator: "\0\0", omittingEmptySubsequences: true).compactMap { block in
            let parts = block.split(separator: "\0", omittingEmptySubsequences: true)
            guard parts.count >= 2 else { return nil }
            return .some(parts[0] == "1" ? String(parts[1]) : nil)
        }
    }
}
