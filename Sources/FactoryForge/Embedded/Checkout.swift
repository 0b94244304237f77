import FactoryFiles
package import FactoryGit
package import FactoryProcess
import Glibc

/// A person's own checkout: read, never written, but for the remote `factory` and the index.
package struct Checkout: Sendable {
    package let clone: Clone
    /// The root of the working tree; absolute.
    package let root: String
    package let git: GitProgram

    /// Finds the checkout that a directory lies in. Throws `ForgeError` when there is none.
    package static func find(
        from directory: String, runner: ProcessRunner, environment: [String: String]
    ) async throws -> Checkout {
        guard let clone = Clone.find(from: directory) else { throw ForgeError.outside(directory) }
        let here = GitProgram(runner: runner, environment: environment, directory: directory)
        let inside = try await here.ask(["rev-parse", "--is-inside-git-dir"])
        if let name = unknownExtension(inside.errors) { throw ForgeError.unknownExtension(directory, name) }
        guard inside.text != "true" else { throw ForgeError.noWorkTree(directory) }
        let root = try await here.run(["rev-parse", "--show-toplevel"])
        return Checkout(
            clone: clone, root: root,
            git: GitProgram(runner: runner, environment: environment, directory: root))
    }

    /// The extension of the repository that git, being too old, has refused it for; nil when it has not.
    private static func unknownExtension(_ errors: String) -> String? {
        let lines = errors.split(separator: "\n")
        guard let first = lines.firstIndex(where: { $0.contains("unknown repository extension") }),
            let name = lines[lines.index(after: first)...].first
        else { return nil }
        return String(name.drop { $0.isWhitespace })
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
                "a repository with SHA-256 ids",
                advice: "git cannot convert one; work in a repository that was made with "
                    + "`git init --object-format=sha1`")
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

    /// Who the person is to git. Throws `ForgeError.noIdentity` when git does not know.
    package func identity() async throws -> (name: String, email: String) {
        let answer = try await git.ask(["var", "GIT_AUTHOR_IDENT"])
        guard answer.code == 0 else { throw ForgeError.noIdentity }
        let ident = answer.text
        let name = ident.prefix { $0 != "<" }
        let email = ident.dropFirst(name.count + 1).prefix { $0 != ">" }
        return (name.split(separator: " ").joined(separator: " "), String(email))
    }

    /// The path of a file relative to the root. Throws `ForgeError` when there is none, or when it lies elsewhere.
    package func relative(_ path: String, from directory: String) throws -> String {
        let full: String
        do throws(SystemError) {
            full = try Paths.resolve(Paths.join(directory, path))
        } catch {
            throw error.isMissing ? ForgeError.notASpec("there is no file \"\(path)\": look at its name") : error
        }
        let base = try Paths.resolve(root)
        guard full.hasPrefix(base + "/") else {
            throw ForgeError.notASpec("\(path) lies outside of the repository \(base): put it into its specs/")
        }
        return String(full.dropFirst(base.count + 1))
    }

    /// What a spec's file holds; `path` is relative to the root. Throws `ForgeError.notASpec` for what is no readable
    /// file of a sensible size.
    package func specText(_ path: String) throws -> [UInt8] {
        do throws(SystemError) {
            return try Files.readUntrusted(Paths.join(root, path), limit: 1 << 20)
        } catch {
            guard let problem = error.unreadable else { throw error }
            throw ForgeError.notASpec("\(path) \(problem): a spec is a short text in specs/NNNN-name.md")
        }
    }
}

extension SystemError {
    /// What is wrong with a file that was to be read, as the end of a sentence; nil where it is not the file's fault.
    fileprivate var unreadable: String? {
        if isMissing { return "is not there" }
        return switch code {
        case EFBIG: "is larger than 1 MiB"
        case EINVAL, EISDIR, ENXIO: "is no regular file"
        case EACCES: "may not be read by you"
        default: nil
        }
    }
}
