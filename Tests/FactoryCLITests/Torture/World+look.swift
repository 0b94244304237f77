import FactoryCore
import FactoryFiles
import FactoryProcess
import Glibc
import Testing

extension World {
    /// What must be the same whatever happened on the way.
    struct End: Hashable, CustomStringConvertible {
        var tree = ""
        /// The PRs whose squashes are on the main branch, oldest first.
        var landed: [String] = []
        var states: [Int: String] = [:]
        var description: String { "tree \(tree), landed \(landed), states \(states.sorted { $0.key < $1.key })" }
    }

    func end() async throws -> End {
        var end = End(tree: try await git("rev-parse", "main^{tree}", in: hub))
        end.landed = try await git(
            "log", "--reverse", "--format=%(trailers:key=Factory-PR,valueonly,separator=%x2C)", "main", in: hub
        ).split(separator: "\n").map(String.init).filter { !$0.isEmpty }
        for number in try await numbers() { end.states[number] = try await pr(number).state.rawValue }
        return end
    }

    func numbers() async throws -> [Int] {
        try await git("for-each-ref", "--format=%(refname:lstrip=3)", "refs/factory/pr", in: journal)
            .split(separator: "\n").compactMap { Int($0) }
    }

    /// A PR as its newest entry tells.
    func pr(_ number: Int) async throws -> PullRequest {
        let body = try await git("log", "-1", "--format=%b", "refs/factory/pr/\(number)", in: journal)
        return try Record(parsing: Array(body.utf8)).state
    }

    /// The line's own record, oldest first.
    func lineRecord() async throws -> [StandingRecord] {
        let ref = "refs/factory/line"
        guard try await ask("git", ["rev-parse", "-q", "--verify", ref], in: journal).code == 0 else { return [] }
        return try await git("log", "--first-parent", "--reverse", "--format=%b%x00", ref, in: journal)
            .split(separator: "\0").map { String($0).trimmed }.filter { !$0.isEmpty }
            .map { try StandingRecord(parsing: Array($0.utf8)) }
    }

    func standing() async throws -> Standing { try await lineRecord().last?.state ?? Standing() }

    /// The runs of the checks on the main branch's own tree, oldest first.
    func probes() async throws -> [Standing.Probe] {
        try await lineRecord().compactMap { if case .probed(let probe) = $0.event.what { probe } else { nil } }
    }

    /// The subjects of a PR's journal, oldest first.
    func story(_ number: Int) async throws -> [String] {
        try await git("log", "--first-parent", "--reverse", "--format=%s", "refs/factory/pr/\(number)", in: journal)
            .split(separator: "\n").map(String.init)
    }

    /// Places a hold: the next agent of that name will stop there.
    func hold(_ name: String) throws {
        try Files.remove("\(control)/at-\(name)")
        try Files.write("", to: "\(control)/hold-\(name)")
    }
    func release(_ name: String) throws { try Files.remove("\(control)/held-\(name)") }

    /// Waits until the held agent has come there, and gives its process.
    func arrival(_ name: String) async throws -> Int32 {
        let path = "\(control)/at-\(name)"
        let watch = try DirectoryWatch([control])
        var changes = watch.changes.makeAsyncIterator()
        while true {
            if let text = try Files.text(path), let pid = Int32(text.trimmed) { return pid }
            guard await changes.next() != nil else { throw Failure("the watch of \(control) has ended") }
        }
    }

    /// Processes that have to do with this world and that no keeper of ours is, a line each.
    func strays() -> [String] {
        let names = (try? Files.list("/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { pid in
            guard pid != getpid(), !keepers.contains(pid) else { return nil }
            let place = (try? Paths.resolve("/proc/\(pid)/cwd")) ?? ""
            let words = text("/proc/\(pid)/cmdline")
            guard place.hasPrefix(scratch) || (words + text("/proc/\(pid)/environ")).contains(scratch) else {
                return nil
            }
            return "\(pid) \(words) in \(place)"
        }
    }

    private func text(_ path: String) -> String {
        let bytes = (try? Files.read(path)) ?? []
        return String(decoding: bytes.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
    }
}

extension World {
    /// Everything that must hold after the last run, and that nothing is left of any.
    func expectWhole(_ end: End? = nil, _ comment: Comment? = nil) async throws {
        if let end { #expect(try await self.end() == end, comment) }
        let audit = try await ask(Self.program, ["verify"])
        #expect(audit.code == 0, "\(audit.output)")
        // Before the keepers go, who would take everything with them.
        #expect(strays() == [], comment)
        await dismissAll()
    }

    /// Waits until a process has ended; false when it lives longer than so many seconds.
    func ends(_ pid: Int32, within seconds: Double) async -> Bool {
        let deadline = Session.now() + seconds
        // It is not our child, so nobody tells us.
        while kill(pid, 0) == 0, !isZombie(pid) {
            guard Session.now() < deadline else { return false }
            await Task.yield()
        }
        return true
    }

    private func isZombie(_ pid: Int32) -> Bool {
        let fields = text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ")
        return fields?.first == "Z"
    }

    /// How many sessions were started in all.
    func sessions() async throws -> Int {
        var count = 0
        for number in try await numbers() { count += try await story(number).filter { $0.hasSuffix(" started") }.count }
        return count
    }

    /// When the first journal entry was written, by the monotonic clock; nil when none was.
    func firstRecord(in trace: String) throws -> Double? {
        let line = try Files.text(trace)?.split(separator: "\n").first { $0.contains("recorded") }
        return try line.flatMap { try JSON(parsing: Array($0.utf8))["t"]?.int }.map { Double($0) / 1e6 }
    }
}
