import FactoryCore
import FactoryFiles
import FactoryProcess

/// What a known program's own signs say of its end. They are claims: the tree, or a whole verdict, outweighs them.
struct ProfileJudge {
    let profile: AgentProfile
    let reading: SessionReading
    /// Where its log is, filled in.
    let log: String?

    /// What is wrong at the end, in the order: a field, the terminal event, diagnostics, the exit code. Nil: nothing that
    /// is known.
    func fault(_ ending: Ending) -> AgentFault? {
        if let fault = reading.fault { return fault }
        if case .failed(let message) = reading.end {
            return patterns.fault(in: message) ?? reading.diagnostics.fault(patterns) ?? exit(ending)
        }
        guard ending != .exited(0) || profile.failsWithZero else { return nil }
        // An exit code that names one fault is sure; that the provider is down may be put more exactly in words.
        if let exit = exit(ending), exit.kind != .providerDown { return exit }
        return provider ?? exit(ending)
    }

    /// What the provider last said while the program went on trying: the words since there was progress.
    var provider: AgentFault? { reading.fault ?? reading.diagnostics.fault(patterns) ?? logged }

    /// How it says that it failed.
    var failure: String? {
        if case .failed(let message) = reading.end { message } else { nil }
    }

    private var patterns: FaultPatterns { FaultPatterns(profile.errors) }

    private func exit(_ ending: Ending) -> AgentFault? {
        guard case .exited(let code) = ending, let kind = profile.exits[Int(code)] else { return nil }
        let said = failure ?? reading.diagnostics.lines.last ?? ""
        return AgentFault(kind, "exit code \(code)" + (said.isEmpty ? "" : ": \(said)"))
    }

    private var logged: AgentFault? {
        guard let log, let pattern = profile.log.flatMap({ try? Regex($0.lines) }),
            let bytes = try? Files.readUntrusted(log, limit: 16 << 20)
        else { return nil }
        var lines = Diagnostics()
        for line in bytes.suffix(64 << 10).split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self)
            if text.contains(pattern) { lines.add(text) }
        }
        return lines.fault(patterns)
    }
}

extension AgentFault {
    /// What follows from it.
    func result(_ job: AgentJob, now: Timestamp) -> AgentReport.Result {
        let role = job.role.rawValue
        let name = job.setting.profile ?? "the agent's program"
        func deferred(_ kind: Deferral.Kind) -> AgentReport.Result {
            .deferred(BackOff.deferral(self, kind: kind, before: job.deferrals, now: now))
        }
        switch kind {
        case .quota: return deferred(.quota)
        case .rateLimit: return deferred(.rateLimit)
        case .providerDown: return deferred(.providerDown)
        case .authentication:
            let advice = "log in with \(name) and set `login: true`, or name the variable with its key under `env:`"
            return .failed(.authentication, "the provider refuses the \(role)'s login: \(message). \(advice)")
        case .modelUnknown:
            let model = job.setting.model.map { "`model: \($0)`" } ?? "the model"
            return .failed(.modelUnknown, "the provider does not know \(model) of the \(role): \(message)")
        case .contextOverflow:
            return .failed(.contextOverflow, "the \(role)'s session outgrew the model's context: \(message)")
        case .refusal: return .failed(.refusal, "the \(role)'s model refused: \(message)")
        case .limit: return .failed(.limit, "the \(role)'s program reached a limit of its own: \(message)")
        }
    }
}
