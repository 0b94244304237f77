/// A guard that a person has overruled, and what for.
package struct Override: Hashable, Sendable {
    package var rule: String
    package var by: String
    /// The head that it was given for. Where no objections stand with it, the fold leaves the head to the entry, as older
    /// versions did, and certificates say it.
    package var head: CommitID?
    /// What the person was shown; empty in what older versions wrote, where the head alone counts.
    package var objections: [Objection] = []
    /// There were more than could be shown.
    package var isPartial = false

    package init(rule: String, by: String, head: CommitID? = nil) {
        self.rule = rule
        self.by = by
        self.head = head
    }

    /// Whether it was given for an objection to this head; nil: to work that is no head yet.
    ///
    /// Of another head it covers only what is the same there: the same rule at the same path, with the content that was
    /// shown. A path that was shown without its content is covered as it is: an agent was to write it.
    package func covers(_ violation: Violation, at head: CommitID?) -> Bool {
        guard violation.rule == rule else { return false }
        let isSameHead = head != nil && head == self.head
        if isSameHead, objections.isEmpty || isPartial { return true }
        return objections.contains { $0.isAbout(violation) && (isSameHead || $0.isUntouched(in: violation)) }
    }

    /// What an objection is about, without its words.
    package struct Objection: Hashable, Sendable {
        package var rule: String
        package var path: RepoPath?
        package var subject: String?
        /// What stood at the path; nil where nobody has looked.
        package var content: BlobID?

        package init(_ violation: Violation) {
            rule = violation.rule
            path = violation.path
            subject = violation.subject
            content = violation.content
        }

        fileprivate func isAbout(_ violation: Violation) -> Bool {
            // A journal has paths as people read them.
            rule == violation.rule && path?.description == violation.path?.description && subject == violation.subject
        }

        fileprivate func isUntouched(in violation: Violation) -> Bool {
            path != nil && (content == nil || content == violation.content)
        }
    }
}

extension Reason {
    /// What a person who overrules these rules is shown.
    package func objections(of rules: [String]) -> [Override.Objection] {
        evidence.filter { rules.contains($0.rule) }.map(Override.Objection.init)
    }
}
