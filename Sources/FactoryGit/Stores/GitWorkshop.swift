package import FactoryCore
import FactoryFiles

/// A pool of lanes in a directory, `lanes/1`, `lanes/2` … A lane is kept for the next PR, and across restarts.
package actor GitWorkshop: Workshop {
    private let directory: String
    private let hub: String
    private let durable: Bool
    private let executor: BlockingExecutor
    private var lanes: [Int: (lane: GitLane, keep: [String])] = [:]
    private var locks: [Int: FileLock] = [:]
    /// Names this workshop in the lanes that it used: what it remembers of one that another process has used since is
    /// worth nothing.
    private let name = String(UInt64.random(in: .min ... .max), radix: 36)

    /// `hub` is the hub's path. Nothing is made before the first lane is needed.
    ///
    /// It runs on `executor`, best the one of whoever asks for lanes.
    package init(directory: String, hub: String, executor: BlockingExecutor, durable: Bool = true) {
        self.executor = executor
        self.directory = directory
        self.hub = hub
        self.durable = durable
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The lane that the PR was worked in before if it is free, else the first free one, else a new one.
    package func acquire(for pr: PRNumber, keep: [String]) throws -> any FactoryCore.Lane {
        var number = 1
        if let last = lastLane(of: pr), let lane = try take(last, pr, keep) { return lane }
        while true {
            if let lane = try take(number, pr, keep) { return lane }
            number += 1
        }
    }

    package func lane(lastUsedBy pr: PRNumber) throws -> (any FactoryCore.Lane)? {
        guard let number = lastLane(of: pr) else { return nil }
        return try take(number, pr, lanes[number]?.keep ?? [])
    }

    package func release(_ lane: any FactoryCore.Lane) {
        guard let lane = lane as? GitLane else { return }
        locks[lane.number] = nil
    }

    /// Nil: somebody has it.
    private func take(_ number: Int, _ pr: PRNumber, _ keep: [String]) throws -> GitLane? {
        guard locks[number] == nil else { return nil }
        let home = "\(directory)/\(number)"
        try Files.makeDirectory(home)
        guard let lock = try FileLock(tryLocking: home + "/lock") else { return nil }
        let owner = "\(name) \(pr.value)\n"
        let before = try Files.text(home + "/owner") ?? ""
        if !before.hasPrefix(name) { lanes[number] = nil }
        let lane = try open(number, home, keep)
        if before != owner { try Files.write(owner, to: home + "/owner") }
        locks[number] = lock
        return lane
    }

    private func open(_ number: Int, _ home: String, _ keep: [String]) throws -> GitLane {
        if let known = lanes[number], known.keep == keep { return known.lane }
        let lane = try GitLane(
            number: number, at: home, hub: hub, history: directory + "/history.git", keep: keep.map { Glob($0) },
            durable: durable)
        lanes[number] = (lane, keep)
        return lane
    }

    private func lastLane(of pr: PRNumber) -> Int? {
        let names = (try? Files.list(directory)) ?? []
        return names.compactMap { Int($0) }.sorted().first { owner(of: $0) == pr }
    }

    private func owner(of number: Int) -> PRNumber? {
        let text = try? Files.text("\(directory)/\(number)/owner")
        return text?.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }.map { PRNumber($0) }
    }
}
