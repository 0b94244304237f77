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
        let broken = try await store.brokenObjects()
        guard broken.isEmpty else {
            // Reading one would never end, so nothing else can be proven before.
            throw CommandFailure(
                "objects are cut off, as by a power cut; the rest was not looked at:\n  "
                    + broken.prefix(20).joined(separator: "\n  ")
                    + "\nBring them back from a copy, or move the files away and say `factory verify` again: it names what "
                    + "needs them")
        }
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
