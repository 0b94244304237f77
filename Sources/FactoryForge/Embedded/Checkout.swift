import FactoryFiles
package import FactoryGit
package import FactoryProcess

/// A person's own checkout: read, never written, but for the remote `factory` and the index.
package struct Checkout: Sendable {
    package let clone: Clone
    /// The root of the working tree; absolute.
    package let root: String
    package let git: GitProgram

    /// Finds the checkout that a directory lies in. Throws `ForgeError.noRepository` when there is none.
    package static func find(
        from directory: String, runner: ProcessRunner, environment: [String: String]
    ) async throws -> Checkout {
        guard let clone = Clone.find(from: directory) else { throw ForgeError.noRepository(directory) }
        let here = GitProgram(runner: runner, environment: environment, directory: directory)
        let root = try await here.run(["rev-parse", "--show-toplevel"])
        return Checkout(
            clone: clone, root: root,
            git: GitProgram(runner: runner, environment: environment, directory: root))
    }

    /// The branch that HEAD names. Throws when HEAD is detached or the branch has no commit.
    package func currentBranch() async throws -> String {
        let head = try await git.ask(["symbolic-ref", "-q", "--short", "HEAD"])
        guard head.code == 0 else { throw ForgeError.detachedHead }
        guard try await git.ask(["rev-parse", "-q", "--verify", "HEAD^{commit}"]).code == 0 else {
            throw ForgeError.noCommit(branch: head.text)
        }
        return head.text
    }

    /// Throws `ForgeError.unsupported` for what no hub can be made of.
    package func requireWhole() async throws {
        if try await git.run(["rev-parse", "--show-object-format"]) != "sha1" {
            throw ForgeError.unsupported(
                "a repository with SHA-256 ids", advice: "the hub keeps SHA-1 ids; work in a SHA-1 clone")
        }
        if try await git.run(["rev-parse", "--is-shallow-repository"]) == "true" {
            throw ForgeError.unsupported(
                "a shallow clone", advice: "get the whole history with `git fetch --unshallow`")
        }
        let partial = try await git.ask(["config", "--get-regexp", #"^remote\..*\.(promisor|partialclonefilter)$"#])
        if partial.code == 0 {
            throw ForgeError.unsupported(
                "a partial clone", advice: "the hub needs every object; make a full clone with `git clone`")
        }
    }

    /// Who the person is to git.
    package func identity() async throws -> (name: String, email: String) {
        let ident = try await git.run(["var", "GIT_AUTHOR_IDENT"])
        let name = ident.prefix { $0 != "<" }
        let email = ident.dropFirst(name.count + 1).prefix { $0 != ">" }
        return (name.split(separator: " ").joined(separator: " "), String(email))
    }

    /// The path of a file relative to the root. Throws when it lies elsewhere.
    package func relative(_ path: String, from directory: String) throws -> String {
        let full = try Paths.resolve(Paths.join(directory, path))
        let base = try Paths.resolve(root)
        guard full.hasPrefix(base + "/") else { throw ForgeError.notASpec("\(path) lies outside of this repository") }
        return String(full.dropFirst(base.count + 1))
    }
}
