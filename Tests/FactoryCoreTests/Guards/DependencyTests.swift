import FactoryCore
import Testing

/// A manifest before and after, and the names that are new in it.
struct ManifestCase: Sendable, CustomTestStringConvertible {
    let path: String
    let before: String
    let after: String
    let new: [String]
    var testDescription: String { path }

    init(_ path: String, _ before: String, _ after: String, new: [String]) {
        self.path = path
        self.before = before
        self.after = after
        self.new = new
    }
}

@Suite struct DependencyTests {
    @Test(arguments: [
        ManifestCase(
            "Package.swift", "let package = Package(dependencies: [])\n",
            """
            let package = Package(dependencies: [
                .package(url: "https://github.com/apple/swift-log.git", from: "1.5.0"), .package(path: "../Own"),
                // .package(url: "https://example.org/comment", from: "1.0.0"),
                .package(id: "mona.LinkedList", .exact("1.0.0")),
            ])

            """, new: ["mona.LinkedList", "swift-log"]),
        ManifestCase(
            "web/package.json", #"{"dependencies":{"a":"^1"}}"#,
            #"{"dependencies":{"a":"^1","left-pad":"^1.3.0","own":"workspace:*"},"devDependencies":{"@types/node":"20"}}"#,
            new: ["@types/node", "left-pad"]),
        ManifestCase(
            "pyproject.toml", "[project]\ndependencies = [\"click>=8\"]\n",
            """
            [project]
            dependencies = [
              "click>=8",  # the command line
              "Requests[socks]>=2 ; python_version < '3.13'",
            ]
            [project.optional-dependencies]
            fast = ["orjson"]
            [tool.poetry.group.dev.dependencies]
            python = "^3.11"
            my_tool = "1"
            own = { path = "../own" }

            """, new: ["my-tool", "orjson", "requests"]),
        ManifestCase(
            "requirements-dev.txt", "click==8.1\n",
            "# tools\nclick==8.1\n-r base.txt\nruff>=0.5  # lint\n-e git+https://example.org/x#egg=Tool\n./own\n",
            new: ["ruff", "tool"]),
        ManifestCase(
            "Cargo.toml", "[dependencies]\nserde = \"1\"\n",
            """
            [dependencies]
            serde = "1"
            rand = { version = "0.8", features = ["std"] }
            own = { path = "crates/own" }
            log.workspace = true
            [dev-dependencies.proptest]
            version = "1"

            """, new: ["proptest", "rand"]),
        ManifestCase(
            "go.mod", "module x\nrequire a.org/a v1.0.0\n",
            "module x\nrequire (\n\ta.org/a v1.0.0\n\tb.org/b v1.2.0\n\tc.org/c v1.0.0 // indirect\n)\nreplace d.org/d => ./d\n",
            new: ["b.org/b"]),
        ManifestCase(
            "Gemfile", "gem 'rails', '7'\n",
            "gem 'rails', '7'\n# gem 'old'\ngem \"puma\", \"~> 6\"\ngem 'own', path: 'own'\n",
            new: ["puma"]),
        ManifestCase(
            "pom.xml", "<project/>",
            "<dependencies><dependency><groupId>org.x</groupId><artifactId>y</artifactId><version>1</version></dependency></dependencies>",
            new: ["org.x:y"]),
        ManifestCase(
            "app/build.gradle.kts", "dependencies {\n}\n",
            "dependencies {\n    implementation(\"org.x:y:1.0\")\n    testImplementation \"org.z:w:2\"\n    implementation(project(\":own\"))\n}\n",
            new: ["org.x:y", "org.z:w"]),
        ManifestCase(
            "composer.json", "{}", #"{"require":{"php":">=8","ext-json":"*","monolog/monolog":"^3"}}"#,
            new: ["monolog/monolog"]),
    ])
    func `a dependency that is added is named, and the manifest alone is none`(_ row: ManifestCase) {
        let found = NewDependency().objections(to: file(row.path, row.before, row.after))
        #expect(found.compactMap(\.subject).sorted() == row.new, "\(found)")
        #expect(found.allSatisfy { $0.path == RepoPath(row.path) && $0.rule == "new-dependency" })
        #expect(NewDependency().objections(to: file(row.path, row.after, row.after + "\n")) == [])
        #expect(NewDependency().objections(to: file(row.path, row.after, row.before)) == [])
    }

    @Test func `another requirement is a change and no new dependency`() {
        let bump = file("package.json", #"{"dependencies":{"a":"^1"}}"#, #"{"dependencies":{"a":"^2"}}"#)
        #expect(NewDependency().objections(to: bump) == [])
        let found = ChangedDependency().objections(to: bump)
        #expect(found.map(\.subject) == ["a"])
        #expect(found.first?.message == "package.json asks for `a` as ^2, before ^1")
    }

    @Test func `a dependency that moves from one manifest to another is neither new nor gone`() {
        let from = file("a/package.json", #"{"dependencies":{"x":"^1"}}"#, "{}")
        let to = file("b/package.json", "{}", #"{"dependencies":{"x":"^1"}}"#)
        #expect(NewDependency().objections(to: from, to) == [])
        #expect(ChangedDependency().objections(to: from, to) == [])
        #expect(ChangedDependency().objections(to: from).map(\.message) == ["a/package.json no longer names `x`"])
    }

    @Test(arguments: [
        ("Cargo.lock", "[[package]]\nname = \"a\"\n", "[[package]]\nname = \"a\"\n[[package]]\nname = \"evil\"\n"),
        ("package-lock.json", #"{"packages":{"":{}}}"#, #"{"packages":{"":{},"node_modules/evil":{}}}"#),
        ("Package.resolved", #"{"pins":[]}"#, #"{"pins":[{"identity":"evil"}]}"#),
        ("yarn.lock", "# v1\n", "# v1\n\n\"evil@^1.0.0\", evil@1:\n  version \"1.0.0\"\n"),
        ("Gemfile.lock", "GEM\n", "GEM\n  specs:\n    evil (1.0)\n      other (2)\n"),
        ("go.sum", "", "evil v1.0.0 h1:x=\n"),
    ])
    func `what a lock file brings along is told`(_ path: String, _ before: String, _ after: String) {
        let found = ChangedDependency().objections(to: file(path, before, after))
        #expect(found.map(\.message) == ["\(path) brings along `evil`"])
        #expect(ChangedDependency().objections(to: file(path, after, after + "\n")) == [])
    }

    @Test(.timeLimit(.minutes(1))) func `a manifest made to be slow is read all the same`() {
        for (path, piece) in [
            ("Package.swift", ".package("), ("Cargo.toml", "[[\"a='"), ("pom.xml", "<dependency><artifactId>"),
            ("package.json", "{\"dependencies\":"), ("go.mod", "require (\n"), ("requirements.txt", "a @ "),
        ] {
            let text = String(repeating: piece, count: (1 << 18) / piece.utf8.count)
            #expect(NewDependency().objections(to: file(path, nil, text)).count <= 1, "\(path)")
        }
        let calls = String(repeating: ".package(", count: 20_000) + String(repeating: ")", count: 20_000)
        #expect(NewDependency().objections(to: file("Package.swift", nil, calls)) == [])
        let make = String(repeating: "a: a b $(a) $(b)\n\t$(MAKE) a b\n", count: 8_000)
        var context = context
        context.checks = [Check(name: "test", run: "make a")]
        #expect(WeakenedConfiguration().objections(to: file("Makefile", make, make + "a: c\n"), in: context).count == 1)
        for name in ["a.py", "a.swift", "a.js"] {
            let code = String(repeating: "def a(:pass\n'\"/*(#//", count: 10_000)
            _ = Stub().objections(to: file(name, nil, code))
        }
    }

    @Test func `a manifest that is no such thing gives nothing`() {
        for text in ["", "{", "[", "]]]", "\"", "<dependency>", "require (", "=\n=\n", ".package("] {
            for path in [
                "Package.swift", "package.json", "Cargo.toml", "go.mod", "Gemfile", "pom.xml", "pyproject.toml",
            ] {
                #expect(NewDependency().objections(to: file(path, nil, text)) == [], "\(path) \(text)")
            }
        }
    }
}
