import FactoryCore
import FactoryFiles
import Testing

/// Whatever is altered in a certificate, or in what it rests on, `verify` fails and names it.
@Suite(.serialized) struct `Forged certificates` {
    /// A landing that a person approved twice: its plan, and its certificate.
    private func landed() async throws -> World {
        let world = try await World.play(configuration: "autonomy: gate\ngates: [{ before: implementation }]")
        try await world.expectParking()
        try await world.factory("approve", "1")
        try await world.expectParking()
        try await world.factory("approve", "1")
        try await world.expectLanding()
        return world
    }

    /// Each member, and a value that it does not have.
    private static let members: [(name: String, forged: JSON)] = [
        ("pr", .of(2)), ("head", .string(String(repeating: "1", count: 40))),
        ("base", .string(String(repeating: "1", count: 40))), ("tree", .string(String(repeating: "1", count: 40))),
        ("change", .string(String(repeating: "1", count: 40))), ("spec", .string(String(repeating: "1", count: 40))),
        ("plan", .string(String(repeating: "1", count: 40))), ("floor", .string("another")), ("checks", .array([])),
        ("reviews", .array([])), ("guards", .array([])),
        ("overrides", .array([.object(["rule": "diff-size", "by": "nobody"])])),
        ("approvedHead", .null), ("approvals", .array([])), ("human", .array([.string("D9: never asked")])),
        ("usage", .object(["costUSD": .double(0.5)])), ("invented", .bool(true)),
    ]

    @Test(.timeLimit(.minutes(4)))
    func `no member can be altered, with the certificate's id made to fit or not`() async throws {
        let world = try await landed()
        let whole = try await world.tip()
        for (name, forged) in Self.members {
            for sealed in [false, true] {
                try await world.forge { body in
                    guard var event = body["event"]?.object, event["kind"]?.string == "certified",
                        var certificate = event["certificate"]?.object
                    else { return }
                    certificate[name] = forged
                    event["certificate"] = .object(certificate)
                    body["event"] = .object(event)
                    if sealed { try await world.seal(&body, .object(certificate)) }
                }
                let verdict = try await world.ask(World.program, ["verify"])
                #expect(verdict.code == 1 && verdict.output.contains("\(name): "), "\(name): \(verdict.output)")
                if !sealed { #expect(verdict.output.contains("is not the one that was issued"), "\(name)") }
                try await world.reset(to: whole)
            }
        }
        try await world.expectWhole()
    }

    @Test(.timeLimit(.minutes(2)))
    func `nor can what it rests on`() async throws {
        let world = try await landed()
        let whole = try await world.tip()
        let forgeries: [(member: String, edit: @Sendable (inout JSON) -> Void)] = [
            (
                "reviews",
                {
                    $0.edit("verdict") { $0.replace("summary", .string("bad")) }; $0.review("bad")
                }
            ),
            ("checks", { $0.edit("checks", at: 0) { $0.replace("name", .string("other")) } }),
            ("approvals", { $0.replaceAll("by", .string("Ada Example"), .string("Eve")) }),
            ("squash", { $0.edit("author") { $0.replace("name", .string("Eve")) } }),
        ]
        for (member, edit) in forgeries {
            try await world.forge { body in
                var json = JSON.object(body)
                let certificate = body["event"]?["certificate"]
                edit(&json)
                body = json.object ?? body
                // Everything but the certificate itself is made to fit.
                if let certificate, var event = body["event"]?.object {
                    event["certificate"] = certificate
                    body["event"] = .object(event)
                }
            }
            let verdict = try await world.ask(World.program, ["verify"])
            #expect(verdict.code == 1 && verdict.output.contains("\(member): "), "\(member): \(verdict.output)")
            try await world.reset(to: whole)
        }
        try await world.expectWhole()
    }
}

extension JSON {
    fileprivate mutating func replace(_ key: String, _ value: JSON) {
        guard var object, object[key] != nil else { return }
        object[key] = value
        self = .object(object)
    }

    /// Edits each member of that name, wherever it stands.
    fileprivate mutating func edit(_ key: String, at index: Int? = nil, _ change: (inout JSON) -> Void) {
        if var object {
            for member in object.members {
                var value = member.value
                if member.key == key, let index, var items = value.array, items.indices.contains(index) {
                    change(&items[index])
                    value = .array(items)
                } else if member.key == key, index == nil {
                    change(&value)
                } else {
                    value.edit(key, at: index, change)
                }
                object[member.key] = value
            }
            self = .object(object)
        } else if var items = array {
            for position in items.indices { items[position].edit(key, at: index, change) }
            self = .array(items)
        }
    }

    fileprivate mutating func replaceAll(_ key: String, _ old: JSON, _ new: JSON) {
        edit(key) { if $0 == old { $0 = new } }
    }

    /// What the session of the code review said of it.
    fileprivate mutating func review(_ words: String) {
        guard var body = object, var event = body["event"]?.object, event["stage"]?.string == "code-review",
            event["summary"] != nil
        else { return }
        event["summary"] = .string(words)
        body["event"] = .object(event)
        self = .object(body)
    }
}

extension World {
    private static let ref = "refs/factory/pr/1"

    /// The newest entry of the first PR's journal.
    func tip() async throws -> String { try await git("rev-parse", Self.ref, in: journal) }

    func reset(to entry: String) async throws { try await git("update-ref", Self.ref, entry, in: journal) }

    /// Writes the journal of the first PR anew, with the body of each entry as `edit` leaves it.
    func forge(_ edit: (inout JSONObject) async throws -> Void) async throws {
        let entries = try await git("rev-list", "--first-parent", "--reverse", Self.ref, in: journal)
        var (last, old): (String?, String?) = (nil, nil)
        for entry in entries.split(separator: "\n").map(String.init) {
            let raw = try await ask("git", ["cat-file", "commit", entry], in: journal).output
            let parts = raw.split(separator: "\n\n", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, var body = try JSON(parsing: Array(parts[2].utf8)).object else {
                throw Failure("no entry: \(raw)")
            }
            try await edit(&body)
            var header = String(parts[0])
            if let old, let last {
                header = header.replacing("parent \(old)", with: "parent \(last)", maxReplacements: 1)
            }
            let text = "\(header)\n\n\(parts[1])\n\n\(JSON.object(body).text())"
            try Files.write(text, to: "\(control)/entry")
            last = try await git("hash-object", "-t", "commit", "-w", "\(control)/entry", in: journal)
            old = entry
        }
        if let last { try await reset(to: last) }
    }

    /// Makes the id of a certificate fit its bytes, in the entry and in the state that is stored with it.
    func seal(_ body: inout JSONObject, _ certificate: JSON) async throws {
        try Files.write(String(decoding: certificate.bytes(), as: UTF8.self), to: "\(control)/certificate")
        let id = JSON.string(try await git("hash-object", "\(control)/certificate", in: journal))
        for (place, member) in [("event", "certification"), ("state", "certificate")] {
            guard var outer = body[place]?.object, var inner = outer[member]?.object else { continue }
            inner["id"] = id
            outer[member] = .object(inner)
            body[place] = .object(outer)
        }
    }
}
