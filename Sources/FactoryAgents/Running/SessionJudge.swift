import FactoryCore
import FactoryProcess

/// Decides what a session's end means: from how its process ended and from the result it left.
struct SessionJudge {
    let job: AgentJob
    let ended: ProcessResult
    let left: SessionFolder.Left

    /// The report. What the session used is counted however it ended.
    var report: AgentReport {
        let (usage, fault) = usage
        let tail = OutputTail.text(ended.output.bounded(to: SessionCommand.transcriptLimit))
        var report = AgentReport(
            result: result, usage: usage, seconds: ended.duration,
            tail: [tail, fault ?? ""].filter { !$0.isEmpty }.joined(separator: "\n"))
        report.doubt = fault
        return report
    }

    private var usage: (Usage, fault: String?) {
        switch left {
        case .document(let document): UsageDecoder.decode(document)
        case .nothing, .unusable: (.unknown, nil)
        }
    }

    private var result: AgentReport.Result {
        switch ended.stopped {
        case .cancelled: return .cancelled
        case .wallLimit:
            return .failed(.timeout, "the \(job.role.rawValue) was not done within \(Self.span(job.limits.stage))")
        case .idleLimit:
            return .failed(.stalled, "the \(job.role.rawValue) printed nothing for \(Self.span(job.limits.idle))")
        case .memoryLimit, .processLimit, .diskLimit:
            return .failed(.crashed, "the \(job.role.rawValue) \(ended.stopped?.excess ?? "")")
        case nil: break
        }
        guard ended.unkillable.isEmpty else {
            let pids = ended.unkillable.map(String.init).joined(separator: ", ")
            return .failed(.host, "processes of the session cannot be ended: \(pids). End them, then retry.")
        }
        switch left {
        case .document(let document): return judged(document)
        case .unusable(let fault): return .failed(.invalidResult, fault.description)
        case .nothing: return withoutResult
        }
    }

    private func judged(_ document: ResultDocument) -> AgentReport.Result {
        do throws(InvalidResult) {
            return job.role.isReviewer
                ? .reviewer(try VerdictDecoder.decode(document, done: job.done))
                : .writer(try WriterResultDecoder.decode(document))
        } catch {
            return .failed(.invalidResult, error.description)
        }
    }

    /// A writer that went well needs no words, its tree speaks. A reviewer's words are all there is.
    private var withoutResult: AgentReport.Result {
        if ended.succeeded {
            return job.role.isReviewer
                ? .failed(.invalidResult, "no verdict was written to the file named by FACTORY_RESULT") : .writer(nil)
        }
        let how =
            switch ended.ending {
            case .exited(let code): "exited with code \(code)"
            case .signalled(let signal): "was ended by signal \(signal)"
            }
        let last = OutputTail.text(ended.output.bytes, maxLines: 10, maxBytes: 2000)
        let words = last.isEmpty ? "It printed nothing." : "Its last lines:\n\(last)"
        return .failed(.crashed, "the \(job.role.rawValue)'s program \(how) and left no result. \(words)")
    }

    /// Seconds, for people.
    private static func span(_ seconds: Double) -> String {
        seconds < 120 ? "\((seconds * 10).rounded() / 10) s" : "\(Int((seconds / 60).rounded())) min"
    }
}
