import FactoryCore
import FactoryText

/// Turns the sections of a text into a spec and collects what is wrong on the way.
struct SpecReader {
    let sections: MarkdownSections
    var findings: [SpecFinding] = []

    init(sections: MarkdownSections) { self.sections = sections }

    mutating func find(_ message: String, line: Int? = nil) {
        findings.append(SpecFinding(line: line, message: message))
    }

    /// The spec, or nil when not even its name could be read. It is sound only without findings.
    mutating func read(path: RepoPath) -> Spec? {
        var id: SpecID?
        do throws(SpecNameError) { id = try SpecID(fileName: path.name) } catch { find(error.description) }
        if sections.hasOpenFrontMatter {
            find("the front matter that starts here has no end; write --- on a line of its own behind it", line: 1)
        }
        var spec = id.map { Spec(id: $0, path: path, title: title(of: $0)) }
        readFrontMatter(into: &spec)
        readProblem(into: &spec)
        readDone(into: &spec)
        spec?.reproduce = text(.reproduce)
        spec?.context = text(.context)
        spec?.records = DecisionRecords.mentioned(in: body)
        return spec
    }

    private func title(of id: SpecID) -> String {
        if let title = sections.title?.text, !title.isEmpty { return title }
        let words = id.slug.split(separator: "-").joined(separator: " ")
        return words.isEmpty ? id.name : words.prefix(1).uppercased() + words.dropFirst()
    }

    private var body: String {
        let lines = sections.lead + sections.sections.flatMap(\.lines)
        return lines.map(\.text).joined(separator: "\n")
    }

    private func text(_ section: SpecSection) -> String {
        sections.sections(named: section.names).map(\.text).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// A text that starts without a label starts with the problem.
    private mutating func readProblem(into spec: inout Spec?) {
        let labelled = text(.problem)
        let problem = labelled.isEmpty ? MarkdownSections.text(of: sections.lead) : labelled
        if problem.isEmpty {
            let line = sections.sections(named: SpecSection.problem.names).first?.line
            find("no problem: what hurts, and whom? Write it under \"## Problem\"", line: line)
        }
        if problem == SpecTemplate.problem {
            find("the problem is still that of the example: replace it, and the rest with it")
        }
        spec?.problem = problem
    }

    private mutating func readDone(into spec: inout Spec?) {
        let found = sections.sections(named: SpecSection.done.names)
        let lines = found.flatMap(\.lines)
        let items = found.flatMap(\.items).filter { !$0.text.isEmpty }
        let paragraph = lines.map(\.text.trimmed).filter { !$0.isEmpty }.joined(separator: " ")
        spec?.done = text(.done)
        switch (found.first, paragraph.isEmpty || (items.isEmpty && found.contains { !$0.items.isEmpty })) {
        case (nil, _):
            find(
                "no done: how will one see that it is finished? Write it as a list under \"## Done\". "
                    + "If nobody can write the done, it is a conversation, not a task")
        case (let section?, true):
            find("done is empty: say what one will see, run or measure when it is finished", line: section.line)
        case (.some, false):
            let texts = items.isEmpty ? [paragraph] : items.map(\.text)
            spec?.doneItems = texts.enumerated().map { Self.doneItem(number: $0.offset + 1, text: $0.element) }
        }
    }

    private static func doneItem(number: Int, text: String) -> DoneItem {
        let human = /\s*\[human\]/.ignoresCase()
        let words = text.replacing(/^\[[ xX]\]\s+/, with: "")
        return DoneItem(
            id: "D\(number)", text: words.replacing(human, with: "").trimmed, isHuman: words.contains(human))
    }
}
