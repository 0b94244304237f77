import FactoryCore
import FactoryKnowledge
import Testing

/// The messages of the findings, or none when the text is a spec.
private func findings(_ bytes: [UInt8], _ path: String = "specs/0007-pay.md") -> [SpecFinding] {
    do throws(SpecError) {
        _ = try SpecFile.parse(bytes, path: RepoPath(path))
        return []
    } catch { return error.findings }
}
private func findings(_ text: String, _ path: String = "specs/0007-pay.md") -> [SpecFinding] {
    findings(Array(text.utf8), path)
}
private func spec(_ text: String) throws -> Spec { try SpecFile.parse(text, path: RepoPath("specs/0007-pay.md")) }
private let body = "Problem: p\n\nDone: d\n"

@Suite struct SpecFileTests {
    @Test func `a full spec is read`() throws {
        let spec = try spec(
            """
            ---
            id: 7
            kind: fix
            priority: 5
            depends-on: [1, 0002-name, 0003]
            stream: billing
            allows: [deleted-test:docs/api.md, stub]
            lint-allow: AMB005 the word is the product's
            x-note: { any: thing }
            ---
            # Pay on a phone

            ## Problem
            It fails, see docs/decisions/0003-pay.md and ADR-4.

            ## Steps to reproduce
            Tap.

            ## Done
            - [ ] Paying works
              on Safari
            - It looks right [Human]

            ## Constraints
            Not the desktop.

            ## Out of scope
            Refunds.
            """)
        #expect(spec.id.name == "0007-pay" && spec.id.number == 7)
        #expect(spec.title == "Pay on a phone" && spec.kind == .fix && spec.priority == 5)
        #expect(
            spec.dependsOn == [1, 2, 3] && spec.stream == "billing"
                && spec.allows.map(\.description) == ["deleted-test:docs/api.md", "stub"])
        #expect(spec.lintAllow == ["AMB005 the word is the product's"])
        #expect(spec.records == ["docs/decisions/0003-pay.md", "ADR-4"])
        #expect(spec.reproduce == "Tap." && spec.context == "Not the desktop.\n\nRefunds.")
        #expect(spec.doneItems.map(\.id) == ["D1", "D2"])
        #expect(spec.doneItems.map(\.text) == ["Paying works on Safari", "It looks right"])
        #expect(spec.doneItems.map(\.isHuman) == [false, true])
        #expect(spec.planPath == RepoPath("specs/0007-pay.plan.md"))
    }

    @Test(arguments: ["\n", "\r\n", " "])
    func `labels inline are enough`(_ separator: String) throws {
        let text = [
            "Problem: Users can't complete checkout — they tap \"Pay\" and nothing happens.",
            "Reproduce: iPhone Safari, tap \"Pay.\"", "Done: A user can buy one item and see the confirmation.",
            "Context: Web repo. Don't touch the desktop flow.",
        ].joined(separator: separator)
        let spec = try spec(text)
        #expect(spec.problem == "Users can't complete checkout — they tap \"Pay\" and nothing happens.")
        #expect(spec.reproduce == "iPhone Safari, tap \"Pay.\"")
        #expect(spec.doneItems == [DoneItem(id: "D1", text: "A user can buy one item and see the confirmation.")])
        #expect(spec.context == "Web repo. Don't touch the desktop flow.")
        #expect(spec.title == "Pay" && spec.kind == .feature && spec.priority == 0)
    }

    @Test func `a spec with CRLF and a byte order mark reads like any other`() throws {
        let text = "---\nkind: docs\n---\n# T\n\n## Problem\np\n\n## Done\n- a\n- b\n  c\n"
        let crlf = "\u{FEFF}" + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        #expect(try spec(crlf) == spec(text))
        #expect(try spec(crlf).doneItems.map(\.text) == ["a", "b c"])
    }

    @Test func `a lead without a label is the problem, a paragraph is one done item`() throws {
        let spec = try spec("# T\n\nIt hurts.\n\n## Done when\nIt\nworks.\n\nReally.")
        #expect(spec.problem == "It hurts.")
        #expect(spec.doneItems.map(\.text) == ["It works. Really."])
    }

    @Test func `the title is the front matter's, the heading's or the name's`() throws {
        #expect(try spec("---\ntitle: A\n---\n# B\n" + body).title == "A")
        #expect(try spec("# B\n" + body).title == "B")
        #expect(try SpecFile.parse(body, path: RepoPath("0012-fix-the-thing.md")).title == "Fix the thing")
    }

    @Test func `everything that is wrong is said at once, in the order of the lines`() {
        let found = findings("---\nkind: feture\nprioritty: 1\n---\nJust text\n")
        #expect(found.map(\.line) == [nil, 2, 3])
        #expect(found[0].message.contains("it is a conversation, not a task"))
        #expect(found[1].message.contains("did you mean \"feature\""))
        #expect(found[2].message == "there is no key \"prioritty\"; did you mean \"priority\"?")
        let error = SpecError(path: RepoPath("specs/0007-pay.md"), findings: found)
        #expect(error.description.contains("\nspecs/0007-pay.md:3: there is no key"))
    }

    @Test(arguments: [
        ("Problem: p\n## Done\n\n## Context\nx", "done is empty"), ("Problem: p\nDone:\n-\n", "done is empty"),
        ("Problem: p\n## Done\n<!-- what one will see -->\n", "done is empty"), ("Done: d", "no problem"),
        ("", "no problem"), ("---\nkind: fix\nProblem: p\nDone: d\n", "has no end"),
        ("---\n- a\n---\n" + body, "is a list"), ("---\na: [\n---\n" + body, "cannot be read"),
        ("---\nkind: fix\nkind: fix\n---\n" + body, "stands twice"),
        ("---\npriority: 1.5\n---\n" + body, "whole number"),
        ("---\npriority: \"1\"\n---\n" + body, "whole number"), ("---\nkind: [fix]\n---\n" + body, "kind is a list"),
        ("---\ndepends-on: [soon]\n---\n" + body, "depends-on has \"soon\""),
        ("---\ndepends-on: [0]\n---\n" + body, "depends-on has \"0\""),
        ("---\ndepends-on: { a: 1 }\n---\n" + body, "depends-on has a mapping"),
        ("---\ndepends-on: 0007-pay\n---\n" + body, "names the spec itself"),
        ("---\nowner: me\n---\n" + body, "known are id, title, kind"),
        ("---\nid: 8\n---\n" + body, "the file says 0007-pay"),
        ("---\nid: 0007-other\n---\n" + body, "the file says 0007-pay"),
        ("---\nstream:\n---\n" + body, "stream is nothing"),
        ("---\ntitle: \"a\\nb\"\n---\n" + body, "one line of text"),
        ("---\nallows: [[a]]\n---\n" + body, "allows is a list"),
        ("---\nallows: stubb\n---\n" + body, "there is no rule \"stubb\"; did you mean \"stub\"?"),
        ("---\nallows: [docs/api.md]\n---\n" + body, "there is no rule \"docs/api.md\"; `factory guards` lists them"),
        ("---\nallows: [stub, secret]\n---\n" + body, "no spec may allow what secret objects to"),
        ("---\nallows: [\"stub:\"]\n---\n" + body, "nothing stands behind \"stub:\""),
        ("Problem: p\0\nDone: d", "byte 10 is zero"),
    ])
    func `what is wrong is said`(_ text: String, _ message: String) {
        let found = findings(text)
        #expect(found.contains { $0.message.contains(message) }, "\(found)")
    }

    @Test(arguments: ["7", "0007", "0007-pay", "\"7\""])
    func `an id that agrees with the file is fine`(_ id: String) throws {
        #expect(try spec("---\nid: \(id)\n---\n" + body).id.number == 7)
    }

    @Test func `broken encoding is refused with its byte and line`() {
        let found = findings(Array("Problem: p\nDone: ".utf8) + [0xC3, 0x28])
        #expect(found == [SpecFinding(line: 2, message: "byte 17 is no UTF-8; save the file as UTF-8")])
    }

    @Test func `a text above 64 KiB is refused`() {
        #expect(findings(body + String(repeating: "x", count: 65536 - body.utf8.count)) == [])
        #expect(
            findings(body + String(repeating: "x", count: 65537 - body.utf8.count)).first?.message.contains("split it")
                == true)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["A. ", "`", "<!-- ", "- ", "**Done** ", "# ", "decision 1 "])
    func `a hostile text of the largest size is read quickly`(_ piece: String) {
        let text = "Problem: p\nDone: d " + String(repeating: piece, count: 65_000 / piece.utf8.count)
        #expect(findings(text) == [])
    }

    @Test func `the text for a new spec is a good spec, once its example is replaced`() throws {
        let text = SpecTemplate.text("Pay on\na phone")
        #expect(
            findings(text).map(\.message) == [
                "the problem is still that of the example: replace it, and the rest with it"
            ])
        let spec = try spec(text.replacing("People who buy on a phone", with: "People on a train"))
        #expect(spec.title == "Pay on a phone")
        #expect(spec.doneItems.map(\.isHuman) == [false, false, true])
        #expect(
            [spec.problem, spec.reproduce, spec.done, spec.context].allSatisfy { !$0.isEmpty && !$0.contains("<!--") })
    }
}

@Suite struct SpecIDTests {
    @Test(arguments: [
        ("0007-pay.md", 7, "pay", "spec/0007-pay"), ("1-a.md", 1, "a", "spec/1-a"),
        ("123456-x-2.md", 123456, "x-2", "spec/123456-x-2"),
    ])
    func `a good name is read`(_ name: String, _ number: Int, _ slug: String, _ branch: String) throws {
        let id = try SpecID(fileName: name)
        #expect(id.number == number && id.slug == slug && id.branch == branch && id.fileName == name)
    }

    @Test(arguments: [
        "", ".md", "pay.md", "0007.md", "0007-.md", "0000-x.md", "1234567-x.md", "0007-Pay.md", "0007-päy.md",
        "0007_pay.md",
        "0007-pay.txt", "0007-pay.plan.md", "0007-a/b.md", " 0007-a.md", "0007-a b.md", "٣-x.md", "-1-x.md",
        "0007-x.md\n",
    ])
    func `a bad name is refused and a good one shown`(_ name: String) {
        do throws(SpecNameError) {
            _ = try SpecID(fileName: name)
            Issue.record("\(name) was taken")
        } catch {
            #expect(error.name == name)
            #expect(error.description.contains("0007-export-as-csv.md"))
        }
    }

    @Test func `specs sort by number, then by name`() throws {
        let ids = try ["0010-a", "9-b", "0002-c", "0009-a"].map { try SpecID($0) }
        #expect(ids.sorted().map(\.name) == ["0002-c", "0009-a", "9-b", "0010-a"])
    }
}
