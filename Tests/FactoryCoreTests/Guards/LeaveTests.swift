import FactoryCore
import Testing

struct LeaveTests {
    private let path = RepoPath("tests/api/test_login.py")

    @Test(arguments: [
        ("changed-test", true), ("changed-test:tests/**", true), ("changed-test:test_login.py", true),
        ("changed-test:tests/api/test_login.py", true), ("changed-test:tests/api/", true),
        ("changed-test:tests/api/test_login.py::test_reply", true), ("changed-test:test_login.py::test_*", true),
        ("changed-test:test_login.py::test_other", false), ("changed-test:lib/**", false),
        ("changed-test:", false), ("deleted-test", false), ("changed", false), ("tests/**", false), ("", false),
    ])
    func `an entry names a rule, and paths and tests of it`(_ entry: String, _ allowed: Bool) {
        #expect(Leave([entry]).covers("changed-test", at: path, test: "test_reply") == allowed)
    }

    @Test func `what names one test allows no other and no file, but speaks of the file`() {
        let leave = Leave(["changed-test:test_login.py::test_reply"])
        #expect(!leave.covers("changed-test", at: path))
        #expect(!leave.covers("changed-test", at: path, test: "test_more"))
        #expect(leave.mentions("changed-test", at: path))
        #expect(!leave.mentions("changed-test", at: RepoPath("tests/test_other.py")))
        #expect(!leave.mentions("deleted-test", at: path))
    }

    @Test func `names of tests may hold blanks and slashes`() {
        let leave = Leave(["changed-test:login.test.js::replies with 4/5"])
        #expect(leave.covers("changed-test", at: RepoPath("web/login.test.js"), test: "replies with 4/5"))
    }

    @Test func `without entries nothing is allowed`() {
        #expect(!Leave.none.mentions("changed-test", at: path))
    }
}
