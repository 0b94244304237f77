import FactoryCore
import FactoryProcess

/// Decides what a session's end means: from how its process ended, from the result it left, and where the program is
/// known from what it printed.
struct SessionJudge {
    let job: AgentJob
    let ended: ProcessResult
    let left: SessionFolder.Left
    let transcript: CapturedOutput
    /// Of a known program.
    var profile: ProfileJudge?
    let now: Timestamp

    /// The report. What the session used is counted however it ended.
    var report: AgentReport {
        let (usage, fault) = usage
        let tail = OutputTail.text(transcript.bounded(to: SessionCommand.transcriptLimit))
        var report = AgentReport(
            result: result, usage: usage, seconds: ended.duration,
            tail: [tail, fault ?? ""].filter { !$0.isEmpty }.joined(separator: "\n"))
        report.doubt = fault
        return report
    }

    /// What the program counts is better than what its model writes down.
    private var usage: (Usage, fault: String?) {
        var (usage, fault): (Usage, String?) =
            switch left {
            case .document(let document): UsageDecoder.decode(document)
            case .nothing, .unusable: (.unknown, nil)
            }
        if let counted = profile?.reading.usage, counted != .unknown {
            usage = Usage(
                inputTokens: counted.inputTokens ?? usage.inputTokens,
                outputTokens: counted.outputTokens ?? usage.outputTokens, costUSD: counted.costUSD ?? usage.costUSD)
        }
        if usage.costUSD == nil, let prices = profile?.profile.prices {
            let (input, output) = (usage.inputTokens.map(Double.init), usage.outputTokens.map(Double.init))
            if input != nil || output != nil {
                usage.costUSD = ((input ?? 0) * prices.input + (output ?? 0) * prices.output) / 1_000_000
            }
        }
        return (usage, fault)
    }

    private var result: AgentReport.Result {
        let role = job.role.rawValue
        switch ended.stopped {
        case .cancelled: return .cancelled
        case .wallLimit: return .failed(.timeout, "the \(role) was not done within \(Self.span(job.limits.stage))")
        case .idleLimit:
            // A program that only tries again is not to blame for its provider.
            if let fault = profile?.provider { return fault.result(job, now: now) }
            return .failed(
                .stalled, "the \(role) printed nothing and changed nothing for \(Self.span(job.limits.idle))")
        case .memoryLimit, .processLimit, .diskLimit:
            return .failed(.crashed, "the \(role) \(ended.stopped?.excess ?? "")")
        case nil: break
        }
        guard ended.unkillable.isEmpty else {
            let pids = ended.unkillable.map(String.init).joined(separator: ", ")
            return .failed(.host, "processes of the session cannot be ended: \(pids). End them, then retry.")
        }
        switch left {
        case .document(let document): return judged(document)
        case .unusable(let fault): return .failed(.invalidResult, fault.description)
        case .nothing:
            if let fault = profile?.fault(ended.ending) { return fault.result(job, now: now) }
            return answered ?? withoutResult
        }
    }

    private func judged(_ document: ResultDocument) -> AgentReport.Result {
        do throws(InvalidResult) {
            try document.requirePR(job.pr)
            return job.role.isReviewer
                ? .reviewer(try VerdictDecoder.decode(document, done: job.done))
                : .writer(try WriterResultDecoder.decode(document))
        } catch {
            return .failed(.invalidResult, error.description)
        }
    }

    /// The result in a known program's answer; nil when there is none. Of a writer that ended well the answer itself is the
    /// summary: its tree speaks.
    private var answered: AgentReport.Result? {
        guard let profile else { return nil }
        let key = job.role.isReviewer ? "decision" : "status"
        let reading = profile.reading
        if let object = reading.structured, let document = try? ResultDocument(JSON.object(object).bytes()) {
            return judged(document)
        }
        if let document = AnswerDocument.find(in: reading.answer, having: key) { return judged(document) }
        guard !job.role.isReviewer, ended.succeeded, profile.failure == nil, profile.profile.output != .text else {
            return nil
        }
        let summary = CleanText.cut(reading.answer, lines: .many, limit: 4000)
        return .writer(summary.isEmpty ? nil : WriterResult(status: .done, summary: summary))
    }

    /// A writer that went well needs no words, its tree speaks. A reviewer's words are all there is.
    private var withoutResult: AgentReport.Result {
        let failure = profile?.failure
        if ended.succeeded, failure == nil {
            let place = profile == nil ? "" : ", nor was one in its last message"
            return job.role.isReviewer
                ? .failed(.invalidResult, "no verdict was written to the file named by FACTORY_RESULT" + place)
                : .writer(nil)
        }
        let how =
            switch ended.ending {
            case .exited(let code): "exited with code \(code)"
            case .signalled(let signal): "was ended by signal \(signal)"
            }
        let last = failure ?? OutputTail.text(transcript.bytes, maxLines: 10, maxBytes: 2000)
        let words = last.isEmpty ? "It printed nothing." : "Its last lines:\n\(last)"
        return .failed(.crashed, "the \(job.role.rawValue)'s program \(how) and left no result. \(words)")
    }

    /// Seconds, for people.
    private static func span(_ seconds: Double) -> String {
        seconds < 120 ? "\((seconds * 10).rounded() / 10) s" : "\(Int((seconds / 60).rounded())) min"
    }
}

extension ResultDocument {
    /// A result may name its PR; it must be this one then.
    fileprivate func requirePR(_ number: PRNumber) throws(InvalidResult) {
        guard let named = object["pr"], !named.isNull, named.int != number.value else { return }
        throw InvalidResult("pr: the result is for another pull request, not for \(number.value)")
    }
}
