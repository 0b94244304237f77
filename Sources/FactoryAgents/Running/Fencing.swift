import FactoryCore
import FactoryFiles
import FactoryProcess
import Synchronization

/// Puts sessions behind fences: what each sees, and what it reaches.
package struct Fencing: Sendable {
    private let tools: Result<Fence.Tools, Sandbox.Trouble>
    private let view: HostView
    private let hidden: [String]
    private let shown: [String]
    private let home: String

    /// `environment` is the line's own. `hidden` is never shown, whatever it lies in, and `shown` always, read-only.
    package init(environment: [String: String], hidden: [String], shown: [String]) {
        let own = AgentEnvironment.make(from: environment, passing: [], fixed: [:])
        tools = Result { () throws(Sandbox.Trouble) in try Sandbox.tools(path: own["PATH"]) }
        home = own["HOME"] ?? ""
        view = HostView.look(path: own["PATH"] ?? "", home: home)
        self.hidden = hidden
        self.shown = shown
    }

    /// What one session works with.
    struct Session {
        var lane: String
        var mayWrite: Bool
        /// Files and directories that are shown read-only.
        var reading: [String] = []
        /// Directories that may be written to beside the lane.
        var writing: [String] = []
        var reach: Reach
        /// Variables that are the session's own, such as a `HOME` that is not the sandbox's.
        var variables: [String: String] = [:]
    }

    /// The fence around a session. Throws `Sandbox.Trouble` when this machine cannot make any.
    func fence(_ session: Session, _ setting: SandboxSetting) throws(Sandbox.Trouble) -> Fence {
        let named = setting.read.map { $0.hasPrefix("~/") ? Paths.join(home, String($0.dropFirst(2))) : $0 }
        let mounts =
            view.root(hiding: hidden, reading: named, bounds: setting.limits) + shown.map { .readIfThere($0) }
            + session.reading.map { .read($0) } + [session.mayWrite ? .write(session.lane) : .read(session.lane)]
            + session.writing.map { .write($0) }
        let (network, hosts) = Self.network(session.reach)
        return Fence(
            tools: try tools.get(), mounts: mounts, network: network, hosts: hosts, bounds: setting.limits,
            variables: ["HOME": view.home, "TMPDIR": "/tmp"].merging(session.variables) { $1 },
            written: (session.mayWrite ? [session.lane] : []) + session.writing)
    }

    private static func network(_ reach: Reach) -> (SandboxSetting.Network, [HostRule]) {
        switch reach {
        case .nothing: (.none, [])
        case .hosts(let names): (.proxy, names.compactMap { HostRule($0) })
        case .world: (.proxy, [.everyName])
        case .machine: (.host, [])
        }
    }

    /// What of a command has to be shown so that it can run: the main branch's files with those beside them, a program
    /// with what stands beside it, and files that are named by their full path.
    func reading(_ words: [String], files: [String: String]) -> [String] {
        var found = Set(files.values.map { Paths.parent(of: $0) }).sorted()
        for (index, word) in words.enumerated() where word.hasPrefix("/") && !Files.isDirectory(word) {
            guard let real = try? Paths.resolve(word), !found.contains(where: { HostView.covers($0, real) }) else {
                continue
            }
            let directory = Paths.parent(of: real)
            let isPrivate = (hidden + [view.home, "/tmp", "/var", "/etc"]).contains { HostView.covers(directory, $0) }
            found += index == 0 && !isPrivate ? [directory] : []
            found += [word]
        }
        return found
    }
}

/// What a session asked the proxy for and did not get, each thing once.
final class Refusals: Sendable {
    private static let most = 20
    private let said = Mutex<[String]>([])

    func note(_ sentence: String) {
        said.withLock { if $0.count < Self.most, !$0.contains(sentence) { $0.append(sentence) } }
    }

    /// A line for each, such as `factory: the planner asked for example.com:443, which …`; empty when there are none.
    func text(of who: String) -> String {
        said.withLock { $0.map { "factory: the \(who) \($0)" }.joined(separator: "\n") }
    }
}
