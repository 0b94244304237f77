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
        let command = try arguments.value("agent").map { try CommandWords.split($0) } ?? []
        let files = try await FirstFiles(checkout: checkout, agent: command).texts()
        let result = try await Founding(checkout: checkout, home: home).perform(files: files)
        tell(result, home, hasAgent: !command.isEmpty, arguments, context)
        return .ok
    }

    /// The home that the remote leads to, or the one that was asked for, or one named after the repository.
    private static func home(_ arguments: Arguments, _ context: Context, _ checkout: Checkout) throws -> Home {
        let asked = try arguments.value("at").map { path in
            try Files.makeDirectory(Paths.join(context.directory, path))
            return try Paths.resolve(Paths.join(context.directory, path))
        }
        if let url = try checkout.clone.value(of: "remote.factory.url") {
            let existing = Paths.parent(of: url)
            if let asked, asked != existing {
                throw CommandFailure("this repository has a factory at \(existing) already; --at cannot move it")
            }
            return Home(path: existing)
        }
        if let asked { return Home(path: asked) }
        guard
            let base = context.environment["XDG_STATE_HOME"]
                ?? context.environment["HOME"].map({ $0 + "/.local/state" })
        else { throw CommandFailure("neither HOME nor XDG_STATE_HOME is set: say where with --at DIR") }
        let root = try Paths.resolve(checkout.root)
        let digest = root.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return Home(path: "\(base)/factory/\(Paths.name(of: root))-\(String(digest, radix: 36).prefix(8))")
    }

    private static func tell(
        _ result: Founding.Result, _ home: Home, hasAgent: Bool, _ arguments: Arguments, _ context: Context
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
        if !hasAgent { next("name your agent and look over the checks in .factory/config.yml") }
        next("git add \(result.written.joined(separator: " "))")
        next("git commit -m \"Work with a factory\" && git push factory \(result.branch)")
        next("factory spec new \"What you want done\", then factory submit FILE and factory run")
    }
}
