import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit
import FactoryKnowledge

/// `factory spec new`: starts a spec from a good example.
struct SpecNewVerb: Verb {
    static let name = "spec new"
    static let arguments = "TITLE"
    static let summary = "Start a spec in specs/, under the next free number"

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let title = arguments.words.joined(separator: " ")
        guard !title.isEmpty else { throw UsageError("spec new needs a title: factory spec new \"Export as CSV\"") }
        let root = try await context.checkout().root
        let directory = Paths.join(root, "specs")
        try Files.makeDirectory(directory)
        let taken = try Files.list(directory).compactMap { try? SpecID(fileName: $0).number }
        let onHub = try await numbersOnHub(context)
        let number = ((taken + onHub).max() ?? 0) + 1
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let path = "specs/\(padded)-\(slug(title)).md"
        try Files.write(SpecTemplate.text(title), to: Paths.join(root, path))
        context.output.print(path)
        context.output.say("fill it in, then: factory spec check \(path) && factory submit \(path)")
        return .ok
    }

    /// A factory is not needed to write a spec, but where there is one its numbers are taken.
    private static func numbersOnHub(_ context: Context) async throws -> [Int] {
        guard (try? context.home()) != nil else { return [] }
        let store = try Workplace(context).store
        let names = try await store.names(in: RepoPath("specs"), of: store.tree(of: store.mainTip()))
        return try await names.compactMap { try? SpecID(fileName: $0).number } + store.numbers().map(\.value)
    }

    private static func slug(_ title: String) -> String {
        let words = title.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let slug = words.joined(separator: "-").prefix(50)
        return slug.isEmpty ? "spec" : String(slug)
    }
}

/// `factory spec check`: reads specs as `submit` would.
struct SpecCheckVerb: Verb {
    static let name = "spec check"
    static let arguments = "[FILE…]"
    static let summary = "Read specs and say what is missing (default: all in specs/)"

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let checkout = try await context.checkout()
        let files = try arguments.words.isEmpty ? all(in: checkout.root) : arguments.words
        var specs: [Spec] = []
        var bad = 0
        for file in files {
            let base = arguments.words.isEmpty ? checkout.root : context.directory
            let path = try checkout.relative(file, from: base)
            do {
                let text = try checkout.specText(path)
                let spec = try SpecFile.parse(text, path: RepoPath(path))
                specs.append(spec)
                if !spec.allows.isEmpty {
                    context.output.say(
                        "\(path) allows \(Wording.list(spec.allows.map { Wording.line($0.description, limit: 120) }))")
                }
            } catch {
                bad += 1
                context.output.print("\(error)")
            }
        }
        if let cycle = SpecDependencies.cycle(in: specs) {
            bad += 1
            context.output.print("these wait for each other: \(cycle.map(\.name).joined(separator: " → "))")
        }
        for (number, twins) in Dictionary(grouping: specs, by: \.id.number) where twins.count > 1 {
            bad += 1
            context.output.print("the number \(number) is used twice: \(twins.map(\.id.name).joined(separator: ", "))")
        }
        context.output.say("\(specs.count) good, \(bad) with findings")
        return bad == 0 ? .ok : .failed
    }

    private static func all(in root: String) throws -> [String] {
        guard Files.isDirectory(Paths.join(root, "specs")) else { return [] }
        return try Files.list(Paths.join(root, "specs")).filter { name in
            name.hasSuffix(".md") && !name.hasSuffix(".plan.md") && name != "README.md"
        }.map { "specs/" + $0 }
    }
}
