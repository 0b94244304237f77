/// Trips when an item of the spec's Done has no answer by the code review that a person could follow, or a No.
///
/// The decoder of verdicts refuses such a review already. This holds whatever the journal says.
package enum UnansweredItem {
    package static let rule = GuardRule(
        id: "unanswered-item",
        summary: "a Done item that the code review answers with No, not at all, or with empty words as evidence",
        isAllowable: false)

    /// Without any verdict it is silent: that a review is missing, `reviewed-head` says.
    package static func judge(_ done: [DoneItem], by verdict: Verdict?) -> [Violation] {
        guard let verdict else { return [] }
        return done.compactMap { item in
            guard let problem = problem(with: verdict.criteria.last { $0.id == item.id }, of: item) else { return nil }
            return Violation(rule: rule.id, message: "\(item.id) \(problem)", subject: item.id)
        }
    }

    private static func problem(with answer: Criterion?, of item: DoneItem) -> String? {
        guard let answer else { return "was not answered by the code review" }
        switch answer.met {
        case .no: return "is not met, says the code review: \(answer.evidence)"
        case .human where !item.isHuman: return "was left to a person, though it is not marked [human]"
        case .human: return nil
        case .yes:
            return isEmpty(answer.evidence)
                ? "counts as met, but \"\(answer.evidence)\" is no evidence that one could look at" : nil
        }
    }

    /// Whether the words say no more than that it is met.
    static func isEmpty(_ evidence: String) -> Bool {
        let words = evidence.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.allSatisfy { hollow.contains(String($0)) }
    }

    private static let hollow: Set<String> = Set(
        """
        a all and applicable as above below checked code complete completed confirmed correct correctly criterion diff
        done everything fine fulfilled good i implementation implemented in is it item lgtm looked looks met n na no none
        ok okay pass passed passes requirement satisfied see that the this true verified was works y yes
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
