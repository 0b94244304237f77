import FactoryCore
import FactoryFiles
import FactoryForge
import FactoryGit

/// `factory doctor`: looks at everything the line needs, and says how to mend what is amiss.
struct DoctorVerb: Verb {
    static let name = "doctor"
    static let summary = "Look at everything the line needs, with a fix for what is amiss"
    static let options = [Option("json", nil, "print the findings as JSON")]

    /// One thing that was looked at.
    struct Finding {
        enum Verdict: String { case pass = "PASS", warn = "WARN", fail = "FAIL" }
        let verdict: Verdict
        let what: String
        var fix = ""
    }

    static func run(_ arguments: Arguments, _ context: Context) async throws -> ExitCode {
        try arguments.requireNoWords()
        let findings = await Examination(context: context).perform()
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

/// The questions of `doctor`, each asked even when another one failed.
struct Examination {
    let context: Context

    func perform() async -> [DoctorVerb.Finding] {
        var findings = [await repository()]
        do {
            let workplace = try Workplace(context)
            findings.append(.init(verdict: .pass, what: "the factory is at \(workplace.home.path)"))
            findings += await floor(workplace)
            findings += await drift(workplace)
            findings.append(await journals(workplace))
        } catch {
            findings.append(.init(verdict: .fail, what: "no factory: \(error)", fix: "factory init"))
        }
        findings.append(
            .init(
                verdict: .warn, what: "agents and checks run without a sandbox",
                fix: "run the line as a user, or on a machine, that may lose what the agents can reach"))
        return findings
    }

    private func repository() async -> DoctorVerb.Finding {
        do {
            let checkout = try await context.checkout()
            try await checkout.requireWhole()
            return .init(verdict: .pass, what: "the repository at \(checkout.root) can be worked with")
        } catch {
            return .init(verdict: .fail, what: "the repository cannot be worked with: \(error)")
        }
    }

    private func floor(_ workplace: Workplace) async -> [DoctorVerb.Finding] {
        do {
            let floor = try await workplace.floors.floor(at: workplace.store.mainTip())
            let configuration = floor.configuration
            var findings: [DoctorVerb.Finding] = [.init(verdict: .pass, what: "the configuration on the hub is valid")]
            findings.append(
                configuration.checks.isEmpty
                    ? .init(verdict: .fail, what: "no check is configured", fix: "name one under `checks:`")
                    : .init(verdict: .pass, what: "checks: \(configuration.checks.map(\.name).joined(separator: ", "))")
            )
            for role in Role.allCases { findings.append(agent(role, configuration)) }
            return findings
        } catch {
            return [.init(verdict: .fail, what: "\(error)")]
        }
    }

    private func agent(_ role: Role, _ configuration: Configuration) -> DoctorVerb.Finding {
        guard let program = configuration.agent(for: role)?.command?.first else {
            return .init(
                verdict: .fail, what: "the \(role.rawValue) has no command",
                fix: "set `agents: { default: { command: … } }` in .factory/config.yml")
        }
        let isFound = program.contains("/") || Programs.find(program, path: context.environment["PATH"]) != nil
        return isFound
            ? .init(verdict: .pass, what: "the \(role.rawValue) runs \(program)")
            : .init(verdict: .fail, what: "the \(role.rawValue)'s program \(program) is not in PATH", fix: "install it")
    }

    private func drift(_ workplace: Workplace) async -> [DoctorVerb.Finding] {
        do {
            let checkout = try await context.checkout()
            return try await Drift(checkout: checkout, store: workplace.store).sentences()
                .map { .init(verdict: .warn, what: $0) }
        } catch {
            return [.init(verdict: .warn, what: "the checkout cannot be compared with the hub: \(error)")]
        }
    }

    private func journals(_ workplace: Workplace) async -> DoctorVerb.Finding {
        do {
            let count = try await workplace.store.list().count
            return .init(verdict: .pass, what: "the journal can be read: \(count) pull requests")
        } catch {
            return .init(verdict: .fail, what: "the journal cannot be read: \(error)", fix: "factory verify")
        }
    }
}
