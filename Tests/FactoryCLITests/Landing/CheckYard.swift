import FactoryCore
import Synchronization

/// Where checks run that are green at once: it notes the trees that they were shown.
final class CheckYard: Workshop, CommandRunner, Sendable {
    private let shown = Mutex<TreeID?>(nil)
    private let trees = Mutex<Set<TreeID>>([])
    private let count = Mutex(0)

    /// The trees on which a check has run.
    var tested: Set<TreeID> { trees.withLock { $0 } }

    /// How often a check has run.
    var runs: Int { count.withLock { $0 } }

    func acquire(for pr: PRNumber, session: String, keep: [String]) async throws -> any Lane { Place(yard: self) }
    func abandoned() async throws -> [PRNumber] { [] }
    func takeAbandoned(by pr: PRNumber, keep: [String]) async throws -> [AbandonedLane] { [] }
    func release(_ lane: any Lane) async { shown.withLock { $0 = nil } }
    func abandon(_ lane: any Lane) async {}
    func discard(_ lane: any Lane) async throws { await release(lane) }

    func run(_ job: CommandJob) async -> CommandReport {
        guard let tree = shown.withLock({ $0 }) else {
            return CommandReport(ending: .failed("no tree is laid out"), output: [], excerpt: "", seconds: 0)
        }
        trees.withLock { _ = $0.insert(tree) }
        count.withLock { $0 += 1 }
        return CommandReport(ending: .exited(0), output: [], excerpt: "", seconds: 0)
    }
    func remark(_ text: String, in log: String) async {}

    private struct Place: Lane {
        let yard: CheckYard
        let directory = "/nonexistent"

        func show(_ layout: Layout) async throws { yard.shown.withLock { $0 = layout.tree } }
        func reclaim() async {}
        func inspect() async throws -> Inspection { Inspection(change: Change(files: [])) }
        func snapshot() async throws -> TreeID { .empty }
        func salvage() async throws -> TreeID { .empty }
        func reset() async throws {}
        func tidy(leaving left: NewFiles) async throws {}
        func copyOut(_ patterns: [Glob], to: String, within: CopyBounds) async throws -> CopiedFiles { CopiedFiles() }
        func cachesAreKept() async -> Bool { true }
        func loadCaches() async throws {}
        func keepCaches() async throws {}
    }
}

/// The ports that neither checks nor landing have to do with.
struct Nobody: AgentRunner, PromptWriter, Library, Leases, HoldoutTable {
    private final class Free: Lease, Sendable { func release() {} }

    func run(_ job: AgentJob) async -> AgentReport { AgentReport(result: .failed(.crashed, "nobody works here")) }
    func prompt(_ role: Role, template: String, material: PromptMaterial) throws -> String { "" }
    func spec(_ text: [UInt8], at path: RepoPath) throws -> Spec {
        Spec(id: try SpecID(fileName: path.name), path: path, title: "A spec that asks for nothing")
    }
    func records(of spec: Spec, among names: [String]) -> [RepoPath] { [] }
    func take(_ number: PRNumber) throws -> (any Lease)? { Free() }
    func endProcesses(marked marker: String) -> Int { 0 }
    func layOut(_ holdout: Holdout, of number: PRNumber) async throws -> String { throw Failure("there are none") }
    func clear(_ number: PRNumber) async throws {}
}
