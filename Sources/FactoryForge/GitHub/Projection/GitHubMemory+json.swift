import FactoryCore

extension GitHubMemory.Pull {
    var json: JSON {
        var object: JSONObject = ["number": .of(number)]
        object["shown"] = shown.map { .string($0) }
        object["label"] = label.map { .string($0) }
        object["title"] = title.map { .string($0) }
        object["commentsKnown"] = commentsKnown.map { .of($0) }
        object["judged"] = judged.map { .of($0) }
        object["comments"] = .string(comments)
        object["reviews"] = .string(reviews)
        object["seen"] = seen.map { .string($0) }
        object["sure"] = .bool(isSure)
        object["reopens"] = reopens ? true : nil
        var said = JSONObject()
        for (key, remark) in remarks.sorted(by: { $0.key < $1.key }) {
            said[key] = .object(["id": .of(remark.id), "print": .string(remark.print)])
        }
        object["remarks"] = .object(said)
        var set = JSONObject()
        for (key, status) in statuses.sorted(by: { $0.key < $1.key }) {
            set[key] = .object([
                "sha": .string(status.sha), "state": .string(status.state), "check": status.check.map { .of($0) },
            ])
        }
        object["statuses"] = .object(set)
        return .object(object)
    }

    init?(json: JSON) {
        guard let number = json["number"]?.int else { return nil }
        self.init(number: number)
        shown = json["shown"]?.string
        label = json["label"]?.string
        title = json["title"]?.string
        commentsKnown = json["commentsKnown"]?.int
        judged = json["judged"]?.int
        comments = json["comments"]?.string ?? ""
        reviews = json["reviews"]?.string ?? ""
        seen = json["seen"]?.string
        isSure = json["sure"]?.bool ?? false
        reopens = json["reopens"]?.bool ?? false
        for item in json["remarks"]?.object?.members ?? [] {
            guard let id = item.value["id"]?.int, let print = item.value["print"]?.string else { continue }
            remarks[item.key] = GitHubMemory.Remark(id: id, print: print)
        }
        for item in json["statuses"]?.object?.members ?? [] {
            guard let sha = item.value["sha"]?.string, let state = item.value["state"]?.string else { continue }
            statuses[item.key] = GitHubMemory.Status(sha: sha, state: state, check: item.value["check"]?.int)
        }
    }
}

extension GitHubMemory.Report {
    var json: JSON { .object(["issue": .of(issue), "day": day.map { .string($0) }]) }

    init?(json: JSON) {
        guard let issue = json["issue"]?.int else { return nil }
        self.init(issue: issue, day: json["day"]?.string)
    }
}

extension Account {
    var remembered: JSON {
        .object(["login": .string(login), "id": id.map { .of($0) }, "bot": .bool(isBot)])
    }

    init?(remembered json: JSON) {
        guard let login = json["login"]?.string else { return nil }
        self.init(id: json["id"]?.int, login: login, isBot: json["bot"]?.bool ?? false)
    }
}

/// A fingerprint of a text: whether what was written is still what should stand there.
enum Print {
    /// FNV-1a with 64 bits.
    static func of(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
