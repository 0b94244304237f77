import FactoryCore

/// `factory doctor`: looks at everything the line needs, and says how to mend what is amiss.
struct DoctorVerb: Verb {
    static let name = "doctor"
    static let summary = "Look at everything the line needs, with a fix for what is amiss"
    static let options = [
        Option(
            "prove-cap", nil, "let a scripted agent run away in a factory of its own, and look whether caps stop it"),
        Option("json", nil, "print the findings as JSON"),
    ]

    /// One thing that was looked at.
    struct Finding {
        enum Verdict: String { case pass = "PASS", warn = "WARN", fail = "FAIL" }
        let verdict: Verdict
        let what: String
        var fix = ""
    }

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let findings =
            arguments.has("prove-cap")
            ? await CapProof(context: context).perform() : await Examination(context: context).perform()
        if arguments.has("json") {
            context.output.print(json: [
                "findings": .array(
                    findings.map {
                        .object([
                            "verdict": .string($0.verdict.rawValue), "what": .string($0.what), "fix": .string($0.fix),
                        ])
                    })
            ])
        } else {
            for finding in findings {
                context.output.print("\(finding.verdict.rawValue)  \(finding.what)")
                if !finding.fix.isEmpty { context.output.print("      \(finding.fix)") }
            }
        }
        return findings.contains { $0.verdict == .fail } ? .failed : .ok
    }
}
