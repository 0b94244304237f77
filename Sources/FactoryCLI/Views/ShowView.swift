import FactoryCore

/// `show`: one PR, with all that happened to it.
struct ShowView: Sendable {
    let pr: PullRequest
    let story: Story
    let time: LocalTime

    var text: String {
        var lines = ["\(pr.number) \(Wording.line(pr.title, limit: 100))", ""]
        lines += Columns.labelled(header)
        lines += section("STAGES", Columns.lines(strip))
        lines += section("TIMELINE", timeline)
        for stage in [Stage.planReview, .codeReview] {
            guard let finish = story.last(stage), let verdict = finish.verdict else { continue }
            lines += section("\(stage.rawValue.uppercased()) \(finish.attempt)", Self.lines(verdict))
        }
        lines += section("GUARDS", Columns.lines(guards))
        if let checks = story.lastChecks {
            let rows = checks.checks.map { [$0.name, $0.phrase, Self.seconds($0.seconds)] }
            lines += section("CHECKS of \(checks.session)", Columns.lines(rows))
        }
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, _ lines: [String]) -> [String] { lines.isEmpty ? [] : ["", title] + lines }

    private var header: [(label: String, lines: [String])] {
        let reason = pr.reason.map { [Wording.line("\($0.rule): \($0.message)", limit: 120)] } ?? []
        let cost = pr.usage.costUSD.map { [Wording.cost($0)] } ?? []
        let overruled = pr.overrides.map { Wording.line("\($0.phrase), by \($0.by)", limit: 120) }
        let blocks = [
            ("State", [pr.state.rawValue] + reason), ("Spec", [pr.specPath.description]), ("Branch", [pr.branch]),
            ("Head", ["\(pr.head.short), on \(pr.base.short)"]), ("Landed", pr.landed.map { [$0.hex] } ?? []),
            ("Reverted", pr.reverted.map { [$0.hex] } ?? []),
            ("Author", [Wording.line(pr.author.description, limit: 80)]),
            ("Stream", pr.stream.map { [Wording.line($0, limit: 80)] } ?? []),
            ("Depends on", pr.dependsOn.isEmpty ? [] : [Wording.numbers(pr.dependsOn)]), ("Overruled", overruled),
            ("Opened", [time.full(pr.openedAt)]), ("Cost", cost),
        ]
        return blocks.map { (label: $0.0, lines: $0.1) }.filter { !$0.lines.isEmpty }
    }

    /// All six stages, those to come as well.
    private var strip: [[String]] {
        let known = Dictionary(story.stages.map { ($0.stage, $0.cells) }) { first, _ in first }
        return Stage.allCases.map { known[$0] ?? [$0.rawValue, "-"] }
    }

    private var timeline: [String] {
        let rows = story.history.map { item in
            [
                time.full(item.entry.at), Wording.line(item.subject, limit: 100),
                "(\(Wording.line(item.entry.by, limit: 40)))",
            ]
        }
        return zip(Columns.lines(rows), story.history).flatMap { line, item in
            [line] + Wording.lines(item.words, limit: 2000).filter { !$0.isEmpty }.map { "                  | \($0)" }
        }
    }

    /// What did not simply pass: by the newest certificate, and where there is none by the last attempt to land.
    private var guards: [[String]] {
        guard let certificate = story.certified?.certificate, pr.landed != nil else {
            return pr.warnings.map { ["warned", Evidence($0).text] }
        }
        return Certificate.guards(of: certificate).filter { $0.verdict != .passed }.flatMap { verdict in
            let by = verdict.allowedBy.isEmpty ? "" : ", by \(verdict.allowedBy.joined(separator: ", "))"
            if verdict.objections.isEmpty { return [[verdict.verdict.rawValue, verdict.rule]] }
            return verdict.objections.map {
                [verdict.verdict.rawValue, Wording.line(Evidence($0).text + by, limit: 300)]
            }
        }
    }

    private static func lines(_ verdict: Verdict) -> [String] {
        let summary = Wording.line("\(verdict.decision.rawValue): \(verdict.summary)", limit: 300)
        let findings = verdict.findings.map { "- " + Wording.line($0.text, limit: 300) }
        let unmet = verdict.criteria.filter { $0.met != .yes }
            .map {
                "- "
                    + Wording.line("\($0.id) \($0.met == .no ? "not met" : "for a person"): \($0.evidence)", limit: 300)
            }
        return ([summary] + findings + unmet).map { "  \($0)" }
    }

    private static func seconds(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    var json: JSONObject {
        let reviews = [Stage.planReview, .codeReview].compactMap { stage -> JSON? in
            guard let finish = story.last(stage), let verdict = finish.verdict else { return nil }
            let about: JSONObject = ["stage": .string(stage.rawValue), "attempt": .of(finish.attempt)]
            return .object(about.merging(verdict.json.object ?? [:]))
        }
        return [
            "pullRequest": pr.statusJSON, "branch": .string(pr.branch), "base": .string(pr.base.hex),
            "author": .object(["name": .string(pr.author.name), "email": .string(pr.author.email)]),
            "dependsOn": .array(pr.dependsOn.map { .of($0) }), "stream": .orNull(pr.stream),
            "opened": .string(pr.openedAt.iso),
            "overrides": .array(
                pr.overrides.map { override in
                    .object([
                        "rule": .string(override.rule), "by": .string(override.by),
                        "objections": .array(override.objections.map(\.json)),
                    ])
                }),
            "stages": .array(story.stages.map(\.json)), "timeline": .array(story.history.map(Self.json)),
            "reviews": .array(reviews), "checks": .array(story.lastChecks?.checks.map(\.json) ?? []),
            "certificate": .orNull(story.certified?.certification.id.hex),
            "warnings": .array(pr.warnings.map { Evidence($0).json }),
            "guards": .array(
                story.certified.map { Certificate.guards(of: $0.certificate).map(\.json) } ?? []),
        ]
    }

    private static func json(_ item: RecordedEntry) -> JSON {
        .object([
            "at": .string(item.entry.at.iso), "by": .string(item.entry.by), "event": .string(item.entry.event.kind),
            "sentence": .string(item.subject), "text": item.words.isEmpty ? .null : .string(item.words),
            "entry": .string(item.id.hex),
        ])
    }
}

extension Story {
    /// The certificate of that id; nil when there is none.
    func certificate(_ id: BlobID) -> JSON? {
        for item in history.reversed() {
            if case .certified(_, let certification, let certificate, _) = item.entry.event, certification.id == id {
                return certificate
            }
        }
        return nil
    }

    /// The newest certificate, and the commit that it was written for.
    var certified: (certification: Certification, certificate: JSON)? {
        for item in history.reversed() {
            if case .certified(_, let certification, let certificate, _) = item.entry.event {
                return (certification, certificate)
            }
        }
        return nil
    }
}

extension Override {
    /// The rule, and the first paths that it was overruled for.
    fileprivate var phrase: String {
        let paths = objections.compactMap { $0.path?.description }
        guard let first = paths.first else { return rule }
        return "\(rule) for \(first)" + (paths.count > 1 ? " and \(paths.count - 1) more" : "")
    }
}
