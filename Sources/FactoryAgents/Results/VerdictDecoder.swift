package import FactoryCore

/// Reads a reviewer's verdict and holds it against the Done items it must answer.
package enum VerdictDecoder {
    /// Findings that are kept of one verdict.
    private static let findingLimit = 100

    /// Members that are not known are ignored. Throws unless the verdict is complete: every item of `done` answered
    /// once, in order, with evidence, and a decision that its own answers bear out. A question may leave items open.
    package static func decode(_ document: ResultDocument, done: [DoneItem]) throws(InvalidResult) -> Verdict {
        var faults = FaultList()
        let decision: Verdict.Decision? = faults.word("decision", of: document.object)
        let summary = faults.text("summary", of: document.object, limit: 4000, lines: .many)
        let findings = readFindings(document.object, &faults)
        let (criteria, answered) = readCriteria(document.object, done, &faults)
        faults.requireAnswers(to: done, in: answered, complete: decision != .question)
        guard let decision else { throw InvalidResult(faults.faults) }
        faults.requireReasons(for: decision, summary: summary, findings: findings, criteria: criteria)
        guard faults.faults.isEmpty else { throw InvalidResult(faults.faults) }
        return Verdict(decision: decision, summary: summary, findings: findings, criteria: criteria)
    }

    private static func readFindings(_ object: JSONObject, _ faults: inout FaultList) -> [Finding] {
        let items = faults.items("findings", of: object)
        var findings: [Finding] = []
        for (index, item) in items.prefix(findingLimit).enumerated() {
            let name = "findings[\(index)]"
            guard let finding = item.object else {
                faults.add("\(name): an object was expected, not \(item.kind)")
                continue
            }
            let message = faults.text("message", of: finding, named: "\(name).message", limit: 2000)
            if message.isEmpty { faults.add("\(name).message: is missing") }
            let code = faults.text("code", of: finding, named: "\(name).code", limit: 60)
            let severity = faults.text("severity", of: finding, named: "\(name).severity", limit: 30)
            let path = finding["path"]?.string.map { CleanText.line($0, limit: 500) } ?? ""
            let line = finding["line"]?.int.flatMap { $0 > 0 ? $0 : nil }
            findings.append(
                Finding(
                    code: code.isEmpty ? "uncoded" : code, severity: severity, path: path.isEmpty ? nil : path,
                    line: line, message: message))
        }
        let rest = items.count - findingLimit
        return rest > 0 ? findings + [Finding(code: "more", message: "\(rest) more findings were left out")] : findings
    }

    /// The answers, and the ids of the items that were answered, well or not.
    private static func readCriteria(
        _ object: JSONObject, _ done: [DoneItem], _ faults: inout FaultList
    ) -> (criteria: [Criterion], answered: [String]) {
        let items = faults.items("criteria", of: object)
        guard items.count <= 2 * done.count + 10 else {
            faults.add("criteria: \(items.count) answers to \(done.count) Done items")
            return ([], [])
        }
        var (criteria, answered): ([Criterion], [String]) = ([], [])
        for (index, item) in items.enumerated() {
            guard let answer = item.object else {
                faults.add("criteria[\(index)]: an object was expected, not \(item.kind)")
                continue
            }
            let id = faults.text("id", of: answer, named: "criteria[\(index)].id", limit: 20).uppercased()
            guard let question = done.first(where: { $0.id == id }) else {
                let known = done.map(\.id).joined(separator: ", ")
                faults.add("criteria[\(index)].id: \"\(id)\" is no Done item of this spec; there are \(known)")
                continue
            }
            answered.append(id)
            let evidence = faults.text("evidence", of: answer, named: "\(id).evidence", limit: 2000, lines: .many)
            if evidence.isEmpty { faults.add("criteria: the evidence for \(id) is missing") }
            guard let met = readMet(answer["met"], of: question, &faults) else { continue }
            criteria.append(Criterion(id: id, met: met, evidence: evidence))
        }
        return (criteria, answered)
    }

    private static func readMet(_ value: JSON?, of item: DoneItem, _ faults: inout FaultList) -> Criterion.Met? {
        switch value {
        case .bool(true): return .yes
        case .bool(false): return .no
        case .string(let text) where CleanText.line(text, limit: 20).lowercased() == "human":
            if !item.isHuman {
                faults.add("criteria: \(item.id) is not marked [human], so it must be answered with true or false")
            }
            return .human
        case nil, .null, .int, .double, .string, .array, .object:
            faults.add("criteria: \"met\" of \(item.id) must be true, false or, for items marked [human], \"human\"")
            return nil
        }
    }
}

extension FaultList {
    /// Each item once, in the order of the spec; when `complete`, every one.
    fileprivate mutating func requireAnswers(to done: [DoneItem], in answered: [String], complete: Bool) {
        let missing = done.map(\.id).filter { !answered.contains($0) }
        if complete && !missing.isEmpty { add("criteria: \(missing.joined(separator: ", ")) not answered") }
        let repeated = done.map(\.id).filter { id in answered.count { $0 == id } > 1 }
        if !repeated.isEmpty { add("criteria: \(repeated.joined(separator: ", ")) answered more than once") }
        let ordered = done.map(\.id).filter { answered.contains($0) }
        if repeated.isEmpty && answered != ordered {
            add("criteria: out of order; answer \(ordered.joined(separator: ", ")) in this order")
        }
    }

    /// A decision must be borne out by what stands beside it.
    fileprivate mutating func requireReasons(
        for decision: Verdict.Decision, summary: String, findings: [Finding], criteria: [Criterion]
    ) {
        switch decision {
        case .approve:
            let unmet = criteria.filter { $0.met == .no }.map(\.id)
            if !unmet.isEmpty { add("decision: APPROVE, though \(unmet.joined(separator: ", ")) is not met") }
        case .requestChanges:
            if summary.isEmpty { add("summary: is missing; REQUEST_CHANGES says in short what must change") }
            if findings.isEmpty { add("findings: REQUEST_CHANGES names at least one") }
        case .question:
            if summary.isEmpty { add("summary: is missing; it holds the question of a QUESTION") }
        }
    }
}
