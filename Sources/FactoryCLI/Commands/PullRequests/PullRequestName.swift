import FactoryCore
import FactoryGit

/// A PR as a person names it: `7`, `#7`, `0007` or `0007-export-as-csv`.
struct PullRequestName: Sendable {
    let number: PRNumber
    /// The whole name, when it was given.
    private let name: String?

    /// Throws `UsageError` for what names no PR.
    init(_ word: String) throws {
        let plain = word.hasPrefix("#") ? String(word.dropFirst()) : word
        if let id = try? SpecID(plain) {
            (number, name) = (PRNumber(id.number), id.name)
        } else if plain.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(plain), value > 0 {
            (number, name) = (PRNumber(value), nil)
        } else {
            throw UsageError("\"\(word)\" names no pull request: say 7, #7 or 0007-its-name")
        }
    }

    /// The first word of a command; throws when it is missing or when others follow it.
    static func only(_ arguments: Arguments, of verb: any Verb.Type) throws -> PullRequestName {
        if arguments.words.count > 1 { throw UsageError("unexpected: \(arguments.words[1])") }
        return try first(arguments, of: verb)
    }

    /// The first word of a command; throws when it is missing.
    static func first(_ arguments: Arguments, of verb: any Verb.Type) throws -> PullRequestName {
        guard let word = arguments.words.first else { throw UsageError("\(verb.name) which one? Say its number") }
        return try PullRequestName(word)
    }

    /// The PR's newest entry. Throws `CommandFailure` when there is none of that number, or it has another name.
    func find(in store: GitStore) async throws -> Tip {
        guard let tip = try await store.tip(of: number) else {
            throw CommandFailure("there is no \(number); \(try await Self.known(store))")
        }
        guard name == nil || name == tip.pr.name else {
            throw CommandFailure("there is no \(name ?? ""); \(number) is \(tip.pr.name)")
        }
        return tip
    }

    private static func known(_ store: GitStore) async throws -> String {
        let numbers = try await store.numbers().map(\.value)
        guard !numbers.isEmpty else { return "nothing was submitted yet: factory submit specs/NNNN-name.md" }
        let newest = numbers.suffix(12)
        let names = newest.map { "#\($0)" }.joined(separator: ", ")
        return newest.count < numbers.count ? "the newest are \(names)" : "there are \(names)"
    }
}
