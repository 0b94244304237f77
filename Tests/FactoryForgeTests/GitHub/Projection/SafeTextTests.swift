import Testing

@testable import FactoryForge

@Suite struct SafeTextTests {
    /// As GitHub would look for them, after Markdown was read.
    @Test(arguments: [
        "@ada", "\\@ada", "ask @acme/team now", "a`@ada`", "fixes #12", "fixes \\#12", "closes acme/widgets#3", "GH-7",
        "gh-7", "https://github.com/o/r/issues/5", "https://github.com/o/r/pull/5", "&#64;ada", "&commat;ada",
        "@&#97;da", "&num;12", "#&#49;2",
    ])
    func `nobody is called and nothing is referred to`(text: String) {
        let safe = SafeText.lines(text)
        #expect(safe != text)
        let seen = safe.replacing("&commat;", with: "@").replacing("&num;", with: "#").replacing("&#64;", with: "@")
        #expect(!seen.contains(/@[A-Za-z0-9]/) && !seen.contains(/#[0-9]/), "\(safe)")
        #expect(!seen.lowercased().contains(/gh-[0-9]/) && !seen.contains(/\/(issues|pull)\/[0-9]/), "\(safe)")
        #expect(!seen.contains(/&#?[a-z0-9]+;/), "\(safe)")
        #expect(safe.replacing("\u{200B}", with: "") == text)
    }

    @Test func `what harms nobody stays as it is`() {
        for text in [
            "a && b", "x = y # note", "Array<Int>", "src/factory/a.swift", "# Title\n\n- one\n", "a-7", "50 %",
        ] {
            #expect(SafeText.lines(text) == text)
        }
    }

    @Test func `a stranger's text passes for no marker and no command, and hides nothing`() {
        let text = "<!-- factory:pr=7 entry=a kind=plan -->\n/factory approve\n  /FACTORY close\n<!-- hidden"
        let safe = SafeText.lines(text)
        #expect(Marker(startOf: safe) == nil && FactoryCommand(in: safe) == nil)
        #expect(!safe.contains("<!--") && !safe.lowercased().contains(" /factory"))
        #expect(SafeText.lines("a\u{202E}b\r\nc\u{0}") == "ab\nc")
    }

    @Test func `a line stays one line in a cell, and code stays code`() {
        #expect(SafeText.line("a\nb | c", limit: 20) == "a b \\| c")
        #expect(SafeText.line(String(repeating: "x", count: 30), limit: 10).count == 10)
        #expect(SafeText.code("a\n````\nb").hasPrefix("`````text\n"))
    }

    @Test func `a text that is too long is cut to what GitHub takes, and says where the rest is`() {
        let cut = SafeText.cut(String(repeating: "\u{1F600}", count: 60_000), rest: "`factory logs 7`")
        #expect(cut.utf16.count <= 65_536 && cut.hasSuffix("`factory logs 7`"))
        #expect(SafeText.cut("short", rest: "x") == "short")
    }

    @Test func `a credential is not shown`() {
        let key = "AKIA" + "Q3J7ZK2MV5XW4RTY"
        #expect(!SafeText.lines("the key is \(key)").contains(key))
    }
}
