/// An acceptance check that belongs to a spec and that nobody sees who works on it.
package struct Holdout: Hashable, Sendable {
    /// `H1`, `H2` …, never given twice for one spec.
    package var id: String
    /// A line for `sh -c`, run in the root of the candidate.
    package var run: String
    /// In seconds; the default is 20 minutes.
    package var timeout: Double
    /// The fingerprint of command, limit and files.
    package var hash: TreeID
    /// Sorted, relative to the directory that `FACTORY_HOLDOUT` names.
    package var files: [RepoPath]

    package init(id: String, run: String, timeout: Double = 20 * 60, hash: TreeID, files: [RepoPath] = []) {
        self.id = id
        self.run = run
        self.timeout = timeout
        self.hash = hash
        self.files = files
    }
}

/// How a holdout ended. This is all of it that others see.
package struct HoldoutResult: Hashable, Sendable {
    package var id: String
    package var hash: TreeID
    package var passed: Bool

    package init(id: String, hash: TreeID, passed: Bool) {
        self.id = id
        self.hash = hash
        self.passed = passed
    }

    /// `holdout H2 failed`, `holdouts H1, H2 failed`.
    package static func phrase(failed ids: [String]) -> String {
        "holdout\(ids.count == 1 ? "" : "s") \(ids.joined(separator: ", ")) failed"
    }
}

/// The holdouts of a spec, and the entry that names them; no entry before the first was added.
package struct HoldoutSet: Hashable, Sendable {
    package var id: CommitID?
    package var holdouts: [Holdout]

    package init(id: CommitID? = nil, holdouts: [Holdout] = []) {
        self.id = id
        self.holdouts = holdouts
    }

    /// Whether these results are those of exactly these holdouts, all passed.
    package func arePassed(by results: [HoldoutResult]) -> Bool {
        Set(results) == Set(holdouts.map { HoldoutResult(id: $0.id, hash: $0.hash, passed: true) })
    }
}

/// Where holdouts are kept.
package protocol HoldoutBook: Sendable {
    /// The holdouts that are in force for a spec, in the order of their ids.
    func holdouts(of number: PRNumber) async throws -> HoldoutSet
    /// The holdouts that an entry names.
    func holdouts(at entry: CommitID) async throws -> HoldoutSet
}

/// Where the files of holdouts lie while they run, out of reach of every other session.
package protocol HoldoutTable: Sendable {
    /// Lays out a holdout's files, read-only, and gives their directory; an absolute path.
    func layOut(_ holdout: Holdout, of number: PRNumber) async throws -> String
    /// Removes whatever was laid out for a spec.
    func clear(_ number: PRNumber) async throws
}
