import FactoryCore
import FactoryGit
import FactoryKnowledge
import FactoryLine

/// `factory verify`: proves the record from hub and journal alone.
struct VerifyVerb: Verb {
    static let name = "verify"
    static let summary = "Prove the record: journals, certificates, landed trees, objects"
    static let options = [Option("json", nil, "print the result as JSON")]

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let workplace = try Workplace(context)
        let store = workplace.store
        let audit = Audit(
            journal: store, ledger: store, standing: store, hub: store, floors: workplace.floors,
            library: SpecLibrary(), holdouts: store)
        var finding = try await audit.run()
        finding.problems += try await store.objectProblems(contents: true)
        if arguments.has("json") {
            context.output.print(json: [
                "pullRequests": .of(finding.pullRequests), "entries": .of(finding.entries),
                "landings": .of(finding.landings),
                "ledgerEntries": .of(finding.ledgerEntries), "reverts": .of(finding.reverts),
                "lineEntries": .of(finding.lineEntries), "problems": .of(finding.problems),
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
