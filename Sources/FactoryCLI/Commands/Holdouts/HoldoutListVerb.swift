import FactoryCore
import FactoryForge
import FactoryGit

/// `factory holdout list`: the holdouts of one spec, or of all.
struct HoldoutListVerb: Verb {
    static let name = "holdout list"
    static let arguments = "[N]"
    static let summary = "List the holdouts of a spec, or of all"
    static let options = [Option("json", nil, "print them as JSON")]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let home = try context.home()
        let store = try GitStore(hub: home.hub, journal: home.journal, durable: false)
        let numbers =
            arguments.words.isEmpty
            ? try await store.numbersWithHoldouts() : [try PullRequestName.only(arguments, of: Self.self).number]
        var views: [HoldoutView] = []
        for number in numbers {
            let last = Story(history: try await store.history(of: number)).lastHoldouts
            views.append(
                HoldoutView(
                    number: number, holdouts: try await store.holdouts(of: number).holdouts,
                    results: last?.results ?? []))
        }
        if arguments.has("json") {
            context.output.print(json: ["holdouts": .array(views.flatMap(\.items))])
            return .ok
        }
        let texts = views.filter { !$0.holdouts.isEmpty }.map(\.text)
        if texts.isEmpty { context.output.say("there are no holdouts; give a spec one with `factory holdout add`") }
        if !texts.isEmpty { context.output.print(texts.joined(separator: "\n")) }
        return .ok
    }
}

/// `factory holdout remove`: takes a holdout out of force.
struct HoldoutRemoveVerb: Verb {
    static let name = "holdout remove"
    static let arguments = "N ID"
    static let summary = "Take a holdout of a spec out of force"

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        let name = try PullRequestName.first(arguments, of: Self.self)
        guard arguments.words.count == 2 else {
            throw UsageError("\(Self.name) takes a number and the holdout's id, such as 7 H2")
        }
        let id = arguments.words[1].uppercased()
        return try await HoldoutChange.making(context) { book in
            let pr = try await book.requireOpen(name)
            let known = try await book.store.holdouts(of: name.number).holdouts.map(\.id)
            guard known.contains(id) else {
                let there = known.isEmpty ? "none" : Wording.list(known)
                throw CommandFailure("\(name.number) has no holdout \(Wording.line(id, limit: 20)); there is \(there)")
            }
            try await book.store.remove(
                holdout: id, of: name.number, by: try await book.person(), at: context.clock.now())
            await book.remark("\(id) was removed", on: pr)
            context.output.say("\(id) of \(name.number) does not count any more")
            return .ok
        }
    }
}
