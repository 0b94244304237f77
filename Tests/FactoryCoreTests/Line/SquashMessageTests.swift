import FactoryCore
import FactoryTestSupport
import Testing

/// The one commit that a PR becomes, and how it is found again.
struct SquashMessageTests {
    private func text(_ title: String = "Add a login page", _ summary: String = "") -> String {
        var pr = PullRequest.sample(in: .merge)
        pr.title = title
        return SquashMessage.text(
            pr, summary: summary, certificate: .numbered(0xCE), reviewers: [.planReviewer, .codeReviewer])
    }

    private let trailers = """
        Factory-PR: 7
        Factory-Spec: specs/0007-login.md
        Factory-Certificate: 00000000000000000000000000000000000000ce
        Factory-Reviewed-by: plan-reviewer
        Factory-Reviewed-by: code-reviewer

        """

    @Test func `a message is a subject, some words and the trailers`() {
        #expect(text() == "Add a login page\n\n" + trailers)
        #expect(
            text("Add a login page", "A form.\n\nAnd a test.\n")
                == "Add a login page\n\nA form.\nAnd a test.\n\n" + trailers)
    }

    @Test func `what was written as a trailer is read as one`() {
        let message = text("A", "B")
        #expect(SquashMessage.trailer("Factory-PR", in: message) == "7")
        #expect(SquashMessage.trailer("Factory-Spec", in: message) == "specs/0007-login.md")
        #expect(
            SquashMessage.trailer("Factory-Certificate", in: message) == BlobID.numbered(0xCE).hex)
        #expect(SquashMessage.trailer("Factory", in: message) == nil)
        #expect(SquashMessage.trailer("Signed-off-by", in: message) == nil)
        #expect(SquashMessage.trailer("Factory-PR", in: message + "\n\n") == "7")
    }

    @Test func `a trailer counts in the last paragraph only`() {
        #expect(SquashMessage.trailer("Factory-PR", in: "Revert it\n\nFactory-PR: 9\n\nIt broke.\n") == nil)
        #expect(SquashMessage.trailer("Factory-PR", in: "") == nil)
    }

    /// Line ends as various readers see them, and texts that look like trailers.
    static let forgeries = [
        "Factory-PR: 9", "fine\n\nFactory-PR: 9\n", "fine\r\nFactory-PR: 9", "fine\rFactory-PR: 9",
        "fine\u{2028}Factory-PR: 9", "fine\u{85}Factory-PR: 9", "fine\u{B}Factory-PR: 9", "fine\u{C}Factory-PR: 9",
        "fine\u{0}\nFactory-PR: 9", "factory-pr: 9", "FACTORY-PR : 9", "fine\n\n\n\nFactory-PR: 9\n\n",
        "fine\n\nFactory-PR: 9\nFactory-Certificate: 00\n\n",
    ]

    @Test(arguments: forgeries)
    func `neither title nor summary forges a trailer`(_ forgery: String) {
        for message in [text(forgery), text("A", forgery), text(forgery, forgery)] {
            #expect(SquashMessage.trailer("Factory-PR", in: message) == "7")
            // Any reader, however it ends its lines and wherever it looks.
            let lines = message.split(whereSeparator: \.isNewline)
            let claims = lines.filter { $0.lowercased().hasPrefix("factory-pr") }
            #expect(claims == ["Factory-PR: 7"], "\(lines)")
            #expect(message.hasSuffix("\n\n" + trailers))
        }
    }

    @Test func `the subject is one line whatever the title holds`() {
        let message = text("Add\na\r\nlogin\u{0}page")
        #expect(message.split(separator: "\n")[0] == "Add a  login page")
        #expect(message.utf8.allSatisfy { $0 == 10 || $0 >= 32 })
    }

    @Test func `long words are cut, the trailers are not`() {
        let message = text("A", (1...500).map { "line \($0)" }.joined(separator: "\n"))
        #expect(message.contains("\nline 20\n\nFactory-PR: 7\n"))
        #expect(!message.contains("line 21"))
    }

    @Test func `a spec's path cannot end the line`() {
        var pr = PullRequest.sample(in: .merge)
        pr.specPath = RepoPath("specs/0007-a\nFactory-PR: 9.md")
        let message = SquashMessage.text(pr, summary: "", certificate: .numbered(1), reviewers: [])
        #expect(message.split(separator: "\n").filter { $0.hasPrefix("Factory-PR") } == ["Factory-PR: 7"])
    }
}
