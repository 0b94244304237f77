package import FactoryCore

/// Reads what a writer says of its own work.
package enum WriterResultDecoder {
    /// Members that are not known are ignored. Throws when the status is none, or when a question or a block is not
    /// put into words: nobody could answer it.
    package static func decode(_ document: ResultDocument) throws(InvalidResult) -> WriterResult {
        var faults = FaultList()
        let status: WriterResult.Status? = faults.word("status", of: document.object)
        let summary = faults.text("summary", of: document.object, limit: 4000, lines: .many)
        var question = faults.text("question", of: document.object, limit: 4000, lines: .many)
        switch status {
        case .question:
            if question.isEmpty { question = summary }
            if question.isEmpty { faults.add("question: is missing, though the status is \"question\"") }
        case .blocked:
            if summary.isEmpty && question.isEmpty {
                faults.add("summary: is missing, though the status is \"blocked\"; say what blocks the work")
            }
        case .done, nil: break
        }
        guard let status, faults.faults.isEmpty else { throw InvalidResult(faults.faults) }
        return WriterResult(
            status: status, summary: summary.isEmpty ? question : summary, question: question.isEmpty ? nil : question)
    }
}
