import FactoryAgents
import FactoryConfig
import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryProcess

/// `factory init`: makes a factory for this repository.
struct InitVerb: Verb {
    static let name = "init"
    static let summary = "Make a factory for this repository: hub, journal, remote and first files"
    static let options = [
        Option("at", "DIR", "where hub, journal and lanes go (default: a directory under ~/.local/state/factory)"),
        Option("agent", "COMMAND", "the agent's command, such as \"sh tools/agent.sh\""),
        Option("json", nil, "print the result as JSON"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let checkout = try await context.checkout()
        let home = try home(arguments, context, checkout)
        let command = try command(arguments)
        let proposal = try AgentsOnPath(environment: context.environment).proposal()
        let files = try await FirstFiles(checkout: checkout, agent: command, proposal: proposal).texts()
        let result = try await Founding(checkout: checkout, home: home).perform(files: files)
        tell(
            result, home, command, in: checkout.root, command.isEmpty ? proposal : AgentProposal(), arguments, context)
        if result.madeHub {
            let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
            for sentence in try await Unseen(store: store).sentences(thorough: true) {
                context.output.say("note: \(sentence)")
            }
        }
        return .ok
    }

    private static func command(_ arguments: Arguments) throws -> [String] {
        guard let line = arguments.value("agent") else { return [] }
        do throws(CommandWordsError) { return try CommandWords.split(line) } catch {
            throw UsageError("--agent \(line): \(error)")
        }
    }

    /// The home that the remote leads to, or the one that was asked for, or one named after the repository.
    private static func home(_ arguments: Arguments, _ context: Context, _ checkout: Checkout) throws -> Home {
        let root = try Paths.resolve(checkout.root)
        let asked = try arguments.value("at").map { path in
            guard !path.isEmpty else { throw UsageError("--at needs a directory") }
            return try absolute(Paths.join(context.directory, path))
        }
        if let existing = try Home.named(by: checkout.clone) {
            if let asked, asked != existing.path {
                throw CommandFailure("this repository has a factory at \(existing.path) already; --at cannot move it")
            }
            return existing
        }
        let path = try asked ?? usual(root, context.environment)
        guard path != root, !path.hasPrefix(root + "/") else {
            throw CommandFailure(
                "\(path) lies inside of the repository, which would swallow it: say another place with --at DIR")
        }
        return Home(path: path)
    }

    private static func usual(_ root: String, _ environment: [String: String]) throws -> String {
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.local/state" : nil }
        guard let base = state ?? home else {
            throw CommandFailure("neither HOME nor XDG_STATE_HOME names a directory: say where with --at DIR")
        }
        let digest = root.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return "\(base)/factory/\(Paths.name(of: root))-\(String(digest, radix: 36).prefix(8))"
    }

    /// The path from the root, also of what is not there yet.
    private static func absolute(_ path: String) throws -> String {
        do throws(SystemError) { return try Paths.resolve(path) } catch {
            var short = path[...]
            while short.count > 1, short.last == "/" { short = short.dropLast() }
            let name = Paths.name(of: String(short))
            guard error.isMissing, name != "..", short != "/" else { throw error }
            return Paths.join(try absolute(Paths.parent(of: String(short))), name)
        }
    }

    private static func tell(
        _ result: Founding.Result, _ home: Home, _ command: [String], in root: String, _ proposal: AgentProposal,
        _ arguments: Arguments, _ context: Context
    ) {
        if arguments.has("json") {
            context.output.print(json: [
                "hub": .string(home.hub), "journal": .string(home.journal), "branch": .string(result.branch),
                "made": .bool(result.madeHub), "written": .of(result.written), "kept": .of(result.kept),
            ])
            return
        }
        context.output.print(
            result.madeHub ? "A factory at \(home.path)" : "The factory at \(home.path) is there already")
        context.output.print("  hub      \(home.hub)   (your remote `factory`, branch \(result.branch))")
        context.output.print("  journal  \(home.journal)")
        for file in result.written { context.output.print("  wrote    \(file)") }
        for file in result.kept { context.output.print("  kept     \(file)   (it was there already)") }
        guard !result.written.isEmpty else { return }
        var step = 1
        func next(_ text: String) {
            context.output.print("  \(step). \(text)")
            step += 1
        }
        context.output.print("Next:")
        if let found = proposal.writer {
            let names = [found.profile, proposal.reviewer?.profile].compactMap(\.self).joined(separator: " and ")
            next("look over the agents (\(names) stood in PATH) and the checks in .factory/config.yml")
        } else if command.isEmpty {
            next("name your agent and look over the checks in .factory/config.yml")
        }
        let agent = command.filter { !$0.hasPrefix("/") && $0.contains("/") && Files.exists(Paths.join(root, $0)) }
        next("git add \((result.written + agent).joined(separator: " "))")
        next("git commit -m \"Work with a factory\" && git push factory \(result.branch)")
        next("factory spec new \"What you want done\", then factory submit FILE and factory run")
    }
}
