import FactoryCore

/// One lane behind the line's port: an actor of its own, because its calls block.
actor GitLane: FactoryCore.Lane {
    nonisolated let directory: String
    let number: Int
    private let lane: Lane
    private let hub: Repository
    private let history: HistoryStore
    private let executor: BlockingExecutor
    /// What was shown last.
    private var layout: Layout?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the lane and a handle of the hub for it alone.
    init(number: Int, at directory: String, hub path: String, history: String, keep: [Glob], durable: Bool) throws {
        self.number = number
        hub = try Repository.open(path, durable: durable)
        lane = try Lane.open(at: directory, hub: hub, keep: keep)
        self.history = try HistoryStore(at: history)
        self.directory = lane.path
        executor = BlockingExecutor("factory.lane-\(number)")
    }

    func show(_ layout: Layout) throws {
        self.layout = layout
        try lane.show(layout.tree)
        try lane.layOutGit(head: layout.head, main: layout.main, history: history)
        lane.lend(asShown: true)
    }

    func reclaim() { lane.reclaim() }

    func inspect() throws -> Inspection {
        // A process that died while it laid out the lane's first tree has left files, but nobody has worked on them.
        guard lane.tree != nil else { return Inspection(change: Change(files: [])) }
        let status = lane.scan()
        var files: [FileChange] = []
        for change in status.changes { files.append(try describe(change)) }
        let problems = status.obstacles.map {
            Violation(rule: "unsupported-content", message: Self.sentence($0), path: $0.path)
        }
        let leftOut = status.problems.filter { $0.kind == .specialFile && !$0.forbidsSnapshot }
        return Inspection(change: Change(files: files), problems: problems, leftOut: leftOut.map(Self.sentence))
    }

    private static func sentence(_ problem: LaneProblem) -> String {
        problem.description + (problem.loss.map { "; \($0)" } ?? "")
    }

    private func describe(_ change: LaneChange) throws -> FileChange {
        let before = try lane.tree.flatMap { try hub.entry(at: change.path, in: $0) }.map { entry in
            let size = try hub.size(of: entry.blob)
            return FileVersion(
                mode: FileVersion.Mode(rawValue: entry.mode) ?? .file, blob: entry.blob, size: size,
                content: size > lane.limits.fileBytes ? nil : try hub.read(entry.blob, limit: size))
        }
        let after = try change.after.map { version in
            FileVersion(
                mode: version.mode, blob: version.blob, size: version.size, content: try lane.content(of: change))
        }
        return FileChange(path: change.path, before: before, after: after)
    }

    func snapshot() throws -> TreeID { try lane.snapshot().tree }

    func salvage() throws -> TreeID { try lane.salvage() }

    func reset() throws {
        try lane.reset()
    }

    /// `.git` too: what a step before has planted there, a hook or a setting, would work for whoever runs git next.
    func tidy(leaving left: NewFiles) throws {
        try lane.reset(leaving: left)
        if let layout { try lane.layOutGit(head: layout.head, main: layout.main, history: history) }
        lane.lend()
    }

    func copyOut(_ patterns: [Glob], to directory: String, within bounds: CopyBounds) throws -> CopiedFiles {
        try lane.copyOut(patterns, to: directory, within: bounds)
    }

    func cachesAreKept() -> Bool { lane.keepsCaches }

    func loadCaches() throws {
        guard !lane.caches.isEmpty else { return }
        try lane.restoreCaches()
        lane.lend()
    }

    func keepCaches() throws { try lane.promoteCaches() }
}
