import FactoryCore
import FactoryGit
import FactoryLine

/// `factory verify`: proves the record from hub and journal alone.
struct VerifyVerb: Verb {
    static let name = "verify"
    static let summary = "Prove the record: journals, certificates, landed trees, objects"
    static let options = [Option("json", nil, "print the result as JSON")]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let store = try Workplace(context).store
        var finding = try await Audit(journal: store, ledger: store, hub: store, holdouts: store).run()
        finding.problems += try await store.objectProblems(contents: true)
        if arguments.has("json") {
            context.output.print(json: [
                "pullRequests": .of(finding.pullRequests), "entries": .of(finding.entries),
                "landings": .of(finding.landings),
                "ledgerEntries": .of(finding.ledgerEntries), "problems": .of(finding.problems),
            ])
        } else {
            for problem in finding.problems { context.output.print(problem) }
            context.output.print(
                "\(finding.pullRequests) pull requests, \(finding.entries) entries, \(finding.landings) landings: "
                    + (finding.problems.isEmpty ? "all as recorded" : "\(finding.problems.count) problems"))
        }
        return finding.problems.isEmpty ? .ok : .failed
    }
}
