import FactoryCore
import FactoryText

extension ConfigDecoder {
    static func forge(_ section: inout ConfigSection) -> ForgeSetting? {
        section.require("github", "add github: owner/name")
        var forge = ForgeSetting(repository: section.read("github", repository) ?? "")
        section.set("api", &forge.api) { $0.webAddress() }
        section.set("git", &forge.git) { $0.webAddress() }
        section.set("checks", &forge.gate) { $0.choice(ForgeSetting.Gate.self) }
        section.set("landing", &forge.landing) { $0.choice(ForgeSetting.Route.self) }
        section.set("required", &forge.required) { $0.list { $0.text() } }
        section.set("wait", &forge.wait) { $0.duration(1...86_400) }
        section.set("artifacts", &forge.sharesArtifacts) { $0.flag() }
        section.set("poll", &forge.poll) { $0.duration(5...3600) }
        return forge
    }

    private static func repository(_ field: ConfigField) -> String? {
        guard let text = field.text() else { return nil }
        if text.wholeMatch(of: /[A-Za-z0-9-]+\/[A-Za-z0-9._-]+/) != nil { return text }
        field.find("\"\(text)\" is no repository", "write owner/name, as in its address on GitHub")
        return nil
    }
}

extension ConfigField {
    /// An address with https, or with http on this very machine, as tests have it.
    fileprivate func webAddress() -> String? {
        guard let text = text() else { return nil }
        if text.wholeMatch(of: /https:\/\/[^\s@?#]+|http:\/\/(127\.0\.0\.1|localhost)(:[0-9]+)?(\/[^\s@?#]*)?/) != nil {
            return text
        }
        find(
            "\"\(text)\" is no address that a token may go to",
            "write one that begins with https://, without user and password")
        return nil
    }
}
