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

    /// Where the store stands from which the lanes in a directory borrow. Whoever works in a lane has to see it.
    package static func historyStore(in directory: String) -> String { directory + "/history.git" }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The lane that the PR was worked in before if it is free, else the first free one, else a new one.
    package func acquire(for pr: PRNumber, session: String, keep: [String]) throws -> any FactoryCore.Lane {
        if let last = lastLane(of: pr), let lane = try begin(session, in: last, pr, keep) { return lane }
        var number = 1
        while true {
            if let lane = try begin(session, in: number, pr, keep) { return lane }
            number += 1
        }
    }

    package func abandoned() throws -> [PRNumber] { laneNumbers.filter(isAbandoned).compactMap(owner) }

    package func takeAbandoned(by pr: PRNumber, keep: [String]) throws -> [AbandonedLane] {
        try laneNumbers.filter { isAbandoned($0) && owner(of: $0) == pr }.compactMap { number in
            guard let lane = try take(number, pr, keep), let session = try Files.text(sessionFile(number)) else {
                locks[number] = nil
                return nil
            }
            return AbandonedLane(session: session, lane: lane)
        }
    }

    package func release(_ lane: any FactoryCore.Lane) {
        guard let lane = lane as? GitLane else { return }
        try? Files.remove(sessionFile(lane.number))
        locks[lane.number] = nil
    }

    package func discard(_ lane: any FactoryCore.Lane) throws {
        guard let lane = lane as? GitLane else { return }
        lanes[lane.number] = nil
        let home = "\(directory)/\(lane.number)"
        for name in try Files.list(home) where !["lock", "owner", "session", "keep"].contains(name) {
            try Files.remove(Paths.join(home, name))
        }
        release(lane)
    }

    package func abandon(_ lane: any FactoryCore.Lane) {
        guard let lane = lane as? GitLane else { return }
        locks[lane.number] = nil
    }

    private func sessionFile(_ number: Int) -> String { "\(directory)/\(number)/session" }

    /// A session is named there, and it is none of ours. Whether its process lives tells the lane's lock.
    private func isAbandoned(_ number: Int) -> Bool { locks[number] == nil && Files.exists(sessionFile(number)) }

    /// Nil: somebody has the lane, or has died in it.
    private func begin(_ session: String, in number: Int, _ pr: PRNumber, _ keep: [String]) throws -> GitLane? {
        guard !isAbandoned(number), let lane = try take(number, pr, keep) else { return nil }
        // Between the look and the lock somebody may have come, and died.
        guard !Files.exists(sessionFile(number)) else {
            locks[number] = nil
            return nil
        }
        try Files.write(session, to: sessionFile(number))
        return lane
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
            number: number, at: home, hub: hub, history: Self.historyStore(in: directory), keep: keep.map { Glob($0) },
            durable: durable)
        lanes[number] = (lane, keep)
        return lane
    }

    private var laneNumbers: [Int] { ((try? Files.list(directory)) ?? []).compactMap { Int($0) }.sorted() }

    private func lastLane(of pr: PRNumber) -> Int? { laneNumbers.first { owner(of: $0) == pr } }

    private func owner(of number: Int) -> PRNumber? {
        let text = try? Files.text("\(directory)/\(number)/owner")
        return text?.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }.map { PRNumber($0) }
    }
}
