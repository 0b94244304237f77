import FactoryConfig
import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryLine
import Glibc

/// `factory holdout add`: gives a spec an acceptance check that nobody sees who works on it.
struct HoldoutAddVerb: Verb {
    static let name = "holdout add"
    static let arguments = "N"
    static let summary = "Give a spec an acceptance check that no agent sees"
    static let options = [
        Option(
            "run", "COMMAND", "a line for `sh -c`, run in the root of what is to land; FACTORY_HOLDOUT names its files"),
        Option("file", "PATH", "a file, or a directory with all in it, that the command needs; may be said again"),
        Option("timeout", "TIME", "such as 90s or 20m, which is the default"),
        Option("json", nil, "print it as JSON"),
    ]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.only(arguments, of: Self.self)
        let run = arguments.value("run") ?? ""
        guard run.contains(where: { !$0.isWhitespace }) else {
            throw UsageError("\(Self.name) needs a command: --run 'sh \"$FACTORY_HOLDOUT/accept.sh\"'")
        }
        let files = try HoldoutFiles.read(arguments.values("file"), from: context.directory)
        let draft = HoldoutDraft(HoldoutOrder(run: run, timeout: try timeout(arguments.value("timeout"))), files: files)
        return try await HoldoutChange.making(context) { book in
            let pr = try await book.requireOpen(name)
            let holdout = try await book.store.add(
                draft, to: name.number, by: try await book.person(), at: context.clock.now())
            let view = HoldoutView(number: name.number, holdouts: [holdout])
            if arguments.has("json") { context.output.print(json: view.json) } else { context.output.print(view.text) }
            await book.remark("\(holdout.id) was added", on: pr)
            if pr == nil { context.output.say("\(name.number) is not submitted yet; it counts as soon as it is") }
            return .ok
        }
    }

    private static func timeout(_ text: String?) throws -> Double {
        guard let text else { return 20 * 60 }
        guard let seconds = ConfigDuration.seconds(text), (1...86_400).contains(seconds) else {
            throw UsageError("--timeout \(text) is no time from 1s to 24h: say 90s, 20m or 1h")
        }
        return seconds
    }
}

/// The files of a holdout, as they lie on the disk.
enum HoldoutFiles {
    private static let (mostFiles, mostBytes) = (200, 16 << 20)

    /// Reads files and directories; each stands under its own name. Throws `CommandFailure` for what cannot be taken.
    static func read(_ paths: [String], from directory: String) throws -> [HoldoutDraft.File] {
        var files: [HoldoutDraft.File] = []
        for path in paths {
            let whole = Paths.join(directory, path)
            guard Files.exists(whole) else { throw CommandFailure("there is no file \(path)") }
            let real = try Paths.resolve(whole)
            try gather(real, RepoPath(Paths.name(of: real)), into: &files)
        }
        var seen: Set<RepoPath> = []
        for file in files where !seen.insert(file.path).inserted {
            throw CommandFailure(
                "two files are named \(file.path): give one another name, or put them into directories")
        }
        return files
    }

    private static func gather(_ path: String, _ name: RepoPath, into files: inout [HoldoutDraft.File]) throws {
        if Files.isDirectory(path) {
            for entry in try Files.list(path) where entry != ".git" {
                try gather("\(path)/\(entry)", name.appending(Array(entry.utf8)), into: &files)
            }
            return
        }
        let bytes = try Files.readUntrusted(path, limit: mostBytes)
        files.append(HoldoutDraft.File(path: name, bytes: bytes, isExecutable: Files.isProgram(path)))
        guard files.count <= mostFiles, files.reduce(0, { $0 + $1.bytes.count }) <= mostBytes else {
            throw CommandFailure("a holdout takes at most \(mostFiles) files of \(mostBytes >> 20) MiB together")
        }
    }
}

/// What the commands that change holdouts have in common.
struct HoldoutChange {
    let home: Home
    let store: GitStore
    let context: Context

    /// Lets a command change holdouts, which stay on this machine, of pull requests as they stand on the remote where
    /// there is one. Throws as `Workplace.recording` does.
    static func making(
        _ context: Context, _ change: (HoldoutChange) async throws -> ExitCode
    ) async throws -> ExitCode {
        try await Workplace.recording(context) { workplace, _ in
            try await change(HoldoutChange(home: workplace.home, store: workplace.store, context: context))
        }
    }

    /// The PR, or nil when its spec was not submitted yet. Throws `CommandFailure` when it has ended.
    func requireOpen(_ name: PullRequestName) async throws -> PullRequest? {
        guard try await store.tip(of: name.number) != nil else { return nil }
        let pr = try await name.find(in: store).pr
        guard !pr.state.isFinal else {
            throw CommandFailure(
                "\(pr.number) \(pr.standing): holdouts are given before or while a pull request is open")
        }
        return pr
    }

    /// Leaves a line in the PR's history that says who changed which holdout, and not a word of what it asks. It comes from
    /// the line, because what people remark is told to agents.
    func remark(_ what: String, on pr: PullRequest?) async {
        do {
            guard let pr, let tip = try await store.tip(of: pr.number) else { return }
            let text = "holdout \(what) by \(try await person().name)"
            try await Recorder(journal: store, clock: context.clock).remark(text, on: tip)
            home.ring()
        } catch {
            context.output.say("note: it is in force, but the history does not tell of it: \(error)")
        }
    }

    /// Who runs the command.
    func person() async throws -> Person {
        let (name, email) = try await context.checkout().identity()
        return Person(name: name, email: email)
    }
}
