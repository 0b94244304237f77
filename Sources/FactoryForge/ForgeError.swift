import FactoryCore
import FactoryFiles

/// Why the forge refuses: what is wrong, and what to do about it.
package enum ForgeError: PassingError, Hashable, CustomStringConvertible {
    case noRepository(String)
    case noWorkTree(String)
    case detachedHead
    case noCommit(branch: String)
    case noIdentity
    case unsupported(String, advice: String)
    case unknownExtension(String, String)
    case remoteTaken(url: String)
    case notInitialized
    case hubMissing(String)
    case journalMissing(String)
    case placeTaken(String)
    case foreignHome(String)
    case inTheWay(String, of: String)
    case notASpec(String)
    case numberTaken(Int, by: String)
    case landed(String, commit: String)
    case ignored([String])
    case specNotOnHub(String, branch: String)
    case branchHasNoSpec(String, found: [String])
    case noBranch(String)
    case diverged(remote: String, branch: String)
    case cycle([Int])
    case refusedByRemote(String, String)
    /// A remote that fails however often it is asked.
    case away(remote: String, String)
    case git([String], String)

    /// Why a directory that lies in no checkout cannot be worked in.
    package static func outside(_ directory: String) -> ForgeError {
        let isBare = Files.exists(directory + "/HEAD") && Files.isDirectory(directory + "/objects")
        return isBare ? .noWorkTree(directory) : .noRepository(directory)
    }

    package var passes: Bool { if case .away = self { true } else { false } }

    package var description: String {
        switch self {
        case .noRepository(let path): "\(path) is in no git repository: run `git init` and commit something first"
        case .noWorkTree(let path):
            "\(path) is a git directory without files to work on: go to a checkout, such as one made by `git clone`"
        case .detachedHead: "HEAD is detached: check out the branch that work should land on, then run init again"
        case .noCommit(let branch): "the branch \(branch) has no commit yet: commit something, then run init again"
        case .noIdentity:
            "git does not know who you are, and the record needs a name: run `git config --global user.name \"Your "
                + "Name\"` and `git config --global user.email you@example.com`, then try again"
        case .unsupported(let what, let advice): "\(what) is not supported: \(advice)"
        case .unknownExtension(let path, let name):
            "git cannot read the repository at \(path), because it does not know the extension \(name): install a git "
                + "that does, or work in a clone that was made without it"
        case .remoteTaken(let url):
            "the remote `factory` points to \(url), which is no hub of ours: rename it with "
                + "`git remote rename factory NAME`, then run init again"
        case .notInitialized: "this repository has no factory yet: run `factory init` in it"
        case .hubMissing(let path): Self.gone("the hub \(path)", beside: path)
        case .journalMissing(let path): Self.gone("the journal \(path), the record of all work,", beside: path)
        case .placeTaken(let path):
            "\(path) cannot become a factory: something else is there; name a new or empty directory with --at"
        case .foreignHome(let path):
            "\(path) is the factory of another repository: name a directory of this one's own with --at"
        case .inTheWay(let path, let wanted):
            "init would write \(wanted), but \(path) is no directory: rename it, then run init again; nothing was made"
        case .notASpec(let problem): problem
        case .numberTaken(let number, let other):
            "the number \(number) belongs to \(other): give the new spec another number"
        case .landed(let path, let commit): Self.landed(path, commit)
        case .ignored(let paths): Self.ignored(paths)
        case .specNotOnHub(let path, let branch):
            "\(path) is committed on your \(branch), which the hub does not have yet: run `git push factory \(branch)`, "
                + "then submit again; otherwise `git pull factory \(branch)` would not go through tomorrow"
        case .branchHasNoSpec(let branch, let found):
            found.isEmpty
                ? "\(branch) adds no spec: commit one as specs/NNNN-name.md on it"
                : "\(branch) adds \(found.count) specs (\(found.joined(separator: ", "))): one branch carries one spec"
        case .noBranch(let name): "there is no branch \"\(name)\" here: `git branch` lists them"
        case .diverged(let remote, let branch):
            "\(branch) of the hub and of \(remote) have diverged: each has commits that the other lacks. Bring them "
                + "together by hand (fetch both, merge, push to both), then run again"
        case .cycle(let numbers):
            "the specs wait for each other: " + numbers.map { "#\($0)" }.joined(separator: " → ")
                + "; take one number out of a depends-on"
        case .refusedByRemote(let ref, let reason):
            "the remote does not take \(ref): \(reason). `factory doctor` says which rules stand in the way"
        case .away(let remote, let why): "\(remote) cannot be reached: \(why)"
        case .git(let arguments, let errors):
            "git \(arguments.joined(separator: " ")) failed: " + errors.split(separator: "\n").joined(separator: "\n")
        }
    }

    private static func gone(_ what: String, beside path: String) -> String {
        "\(what) is gone, or is no git repository any more: restore it from a backup; to start anew without it, move "
            + "\(Paths.parent(of: path)) away, then run `git remote remove factory` and `factory init`"
    }

    private static func landed(_ path: String, _ commit: String) -> String {
        "\(path) has landed as \(commit), and what has landed is not started over: write what is still missing as a "
            + "spec of its own, with `factory spec new \"TITLE\"`"
    }

    private static func ignored(_ paths: [String]) -> String {
        "git ignores \(paths.joined(separator: " and ")), but a spec lands together with its plan: take that rule away "
            + "(`git check-ignore -v \(paths.first ?? "")` shows it), then submit again"
    }
}
