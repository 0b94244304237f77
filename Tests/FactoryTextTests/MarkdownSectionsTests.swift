import FactoryText
import Testing

@Suite struct MarkdownSectionsTests {
    private let labels = ["Problem", "Reproduce", "Done", "Context", "Done when"]
    private func read(_ text: String) -> MarkdownSections { MarkdownSections(text, labels: labels) }
    private func text(_ name: String, in sections: MarkdownSections) -> String? {
        sections.sections(named: [name]).first?.text
    }

    @Test func `front matter, title and sections are told apart`() {
        let read = read("---\nkind: fix\n---\n# A title #\n\nLead.\n\n## Problem\n\nIt hurts.\n\n## done:\n- a\n")
        #expect(read.frontMatter?.text == "kind: fix\n" && read.frontMatter?.firstLine == 2)
        #expect(read.title?.text == "A title" && read.title?.number == 4)
        #expect(MarkdownSections.text(of: read.lead) == "Lead.")
        #expect(read.sections.map(\.name) == ["Problem", "done"])
        #expect(read.sections.map(\.line) == [8, 12])
        #expect(text("PROBLEM", in: read) == "It hurts.")
    }

    @Test func `labels start sections at line starts, plain and bold`() {
        let read = read("Problem: one\ntwo\nReproduce: r\n**Done:** d\n  **Context**: c\nNote: stays\nhttp://x")
        #expect(read.sections.map(\.name) == ["Problem", "Reproduce", "Done", "Context"])
        #expect(text("Problem", in: read) == "one\ntwo")
        #expect(text("Context", in: read) == "c\nNote: stays\nhttp://x")
    }

    @Test func `labels in one paragraph start sections behind the end of a sentence`() {
        let read = read(
            "Problem: Tap \"Pay.\" Reproduce: Go. Then done: no. Done: It pays! **Context:** Web (x.) Not Done:x")
        #expect(read.sections.map(\.name) == ["Problem", "Reproduce", "Done", "Context"])
        #expect(text("Problem", in: read) == "Tap \"Pay.\"")
        #expect(text("Reproduce", in: read) == "Go. Then done: no.")
        #expect(text("Context", in: read) == "Web (x.) Not Done:x")
    }

    @Test func `a sentence in a section with a heading starts nothing`() {
        let read = read("## Problem\nIt says. Done: never.\n")
        #expect(read.sections.map(\.name) == ["Problem"])
    }

    @Test func `the longer label wins over its beginning`() {
        #expect(read("Done when: x").sections.map(\.name) == ["Done when"])
    }

    @Test func `code fences and comments hide what looks like structure`() {
        let read = read(
            """
            # T
            ## Problem
            ```md
            # No title
            Done: no
            ~~~
            ```
            <!-- ## Done -->
            <!--
            Context: no
            -->
            ~~~~
            ## Done
            ~~~
            """)
        #expect(read.sections.map(\.name) == ["Problem"])
        #expect(text("Problem", in: read)?.contains("Done: no") == true)
        #expect(text("Problem", in: read)?.contains("Context") == false)
    }

    @Test func `a deeper heading belongs to its section, a known label never does`() {
        let read = read("# Done\n## Backend\n- a\n### Problem\nx\n## Other\ny\n#hash\n    # code\n")
        #expect(read.title == nil)
        #expect(read.sections.map(\.name) == ["Done", "Problem", "Other"])
        #expect(text("Done", in: read) == "## Backend\n- a")
        #expect(text("Other", in: read) == "y\n#hash\n    # code")
    }

    @Test func `CRLF line ends and a lone CR are line ends`() {
        let read = read("---\r\na: 1\r\n---\r\n# T\r\n\r\nProblem: p\r\nmore\rDone: d\r\n")
        #expect(read.frontMatter?.text == "a: 1\n")
        #expect(read.title?.text == "T")
        #expect(text("Problem", in: read) == "p\nmore")
        #expect(text("Done", in: read) == "d")
    }

    @Test func `front matter must be closed and stand at the very top`() {
        #expect(read("---\na: 1\n").hasOpenFrontMatter)
        #expect(read("\n---\na: 1\n---\n").frontMatter == nil)
        #expect(read("---\n---\nx").frontMatter?.text == "")
        #expect(read("").sections.isEmpty && read("").title == nil)
    }

    @Test func `items join their continuation lines and keep nested ones`() {
        let read = read(
            """
            Done: - first
              goes on
            lazily

            Prose between.
            * second
              - nested
            1. third

               after a blank line
               ```
               - code
               ```
            10) fourth
            - [ ] open
            -
            ---
            -dash
            - last
            # heading
            """)
        let items = read.sections[0].items
        #expect(
            items.map(\.text) == [
                "first goes on lazily", "second - nested", "third after a blank line\n```\n   - code\n```", "fourth",
                "[ ] open", "",
                "last",
            ])
        #expect(items.map(\.line) == [1, 6, 8, 14, 15, 16, 19])
    }
}
