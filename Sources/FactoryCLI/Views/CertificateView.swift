import FactoryCore

/// A certificate for people: what it stands for, and what it rests on.
struct CertificateView: Sendable {
    let id: BlobID
    let certificate: JSON

    /// What an approval of it is void without, on one line.
    var bound: String {
        let parts = ["head", "tree", "base", "spec", "plan"].map { "\($0) \(short($0))" }
        return (parts + ["floor \(floor)"]).joined(separator: ", ")
    }

    /// The Done items that only a person can judge.
    var human: [String] { strings("human") }

    private func short(_ member: String) -> String { String((certificate[member]?.string ?? "?").prefix(9)) }

    private var floor: String {
        let ids = (certificate["floor"]?.string ?? "?").split(separator: "+")
        return ids.map { $0.prefix(9) }.joined(separator: "+")
    }

    private func strings(_ member: String) -> [String] {
        (certificate[member]?.array ?? []).compactMap { $0.string.map { Wording.line($0) } }
    }

    private func texts(_ member: String, _ text: (JSON) -> String) -> [String] {
        (certificate[member]?.array ?? []).map { Wording.line(text($0)) }
    }

    /// `fate` says what has become of it.
    func text(_ fate: String) -> String {
        let guards = texts("guards") { $0.string ?? $0["rule"]?.string ?? $0.text() }
        let blocks: [(label: String, lines: [String])] = [
            ("Lands", ["tree \(short("tree")) on \(short("base")), as one commit"]), ("Fate", [fate]),
            ("Head", [short("head")]), ("Spec", [short("spec")]), ("Plan", [short("plan")]), ("Floor", [floor]),
            (
                "Checks",
                texts("checks") { check in
                    let exit = check["exit"]?.int.map { $0 == 0 ? "green" : "exited with \($0)" } ?? "ran out of time"
                    return "\(check["name"]?.string ?? "?"): \(exit)"
                }
            ),
            ("Reviews", texts("reviews") { "\($0["role"]?.string ?? "?"): \($0["summary"]?.string ?? "")" }),
            ("Guards", guards.isEmpty ? [] : [guards.joined(separator: ", ")]),
            ("Overruled", texts("overrides") { "\($0["rule"]?.string ?? "?"), by \($0["by"]?.string ?? "?")" }),
            ("Approved", texts("approvals", Self.approval)), ("For a person", human),
        ]
        let shown = blocks.filter { !$0.lines.isEmpty }
        return (["Certificate \(id.hex)", ""] + Columns.labelled(shown)).joined(separator: "\n")
    }

    private static func approval(_ approval: JSON) -> String {
        let by = approval["by"]?.string ?? "?"
        if let id = approval["certificate"]?.string { return "certificate \(id.prefix(9)), by \(by)" }
        return "plan \((approval["plan"]?["plan"]?.string ?? "?").prefix(9)), by \(by)"
    }
}
