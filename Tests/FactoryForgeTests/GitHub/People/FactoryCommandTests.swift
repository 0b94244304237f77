import FactoryCore
import Testing

@testable import FactoryForge

@Suite struct FactoryCommandTests {
    @Test(arguments: [
        ("/factory approve", FactoryCommand.approve(overrides: [])),
        ("Fine.\n\n/factory approve --override secret, diff-size\r\n", .approve(overrides: ["secret", "diff-size"])),
        ("/factory answer Blue.\nAnd round.", .answer("Blue.\nAnd round.")), ("/factory park", .park(note: "")),
        ("/factory retry", .retry(nil, note: "")),
        ("/factory retry implementation use the cache", .retry(.implementation, note: "use the cache")),
        ("/factory retry use the cache", .retry(nil, note: "use the cache")),
        ("/factory close no longer wanted", .close(note: "no longer wanted")),
        ("/factory   park\t", .park(note: "")),
    ])
    func `a command is what stands at the start of a line`(text: String, command: FactoryCommand) {
        #expect(FactoryCommand(in: text) == command)
    }

    @Test(arguments: [
        "please /factory approve", " /factory approve", "> /factory approve", "/factoryapprove", "`/factory approve`",
        "```\n/factory approve\n```", "~~~\n/factory approve\n~~~~ x", "", "no command",
    ])
    func `what stands elsewhere is talk`(text: String) { #expect(FactoryCommand(in: text) == nil) }

    @Test(arguments: [
        "/factory", "/factory land", "/factory answer", "/factory approve everything", "/factory approve --override",
    ])
    func `what is no command is told to be none`(text: String) {
        guard case .wrong = FactoryCommand(in: text) else {
            Issue.record("\(text) was taken")
            return
        }
    }
}
