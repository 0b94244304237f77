/// Why the forge refuses: what is wrong, and what to do about it.
package enum ForgeError: Error, Hashable, CustomStringConvertible {
    case noRepository(String)
    case detachedHead
    case noCommit(branch: String)
    case unsupported(String, advice: String)
    case remoteTaken(url: String)
    case notInitialized
    case hubMissing(String)
    case notASpec(String)
    case numberTaken(Int, by: String)
    case specNotOnHub(String, branch: String)
    case branchHasNoSpec(String, found: [String])
    case noBranch(String)
    case diverged(remote: String, branch: String)
    case cycle([Int])
    case git([String], String)

    package var description: String {
        switch self {
        case .noRepository(let path): "\(path) is in no git repository: run `git init` and commit something first"
        case .detachedHead: "HEAD is detached: check out the branch that work should land on, then run init again"
        case .noCommit(let branch): "the branch \(branch) has no commit yet: commit something, then run init again"
        case .unsupported(let what, let advice): "\(what) is not supported: \(advice)"
        case .remoteTaken(let url):
            "the remote `factory` points to \(url), which is no hub of ours: rename it with "
                + "`git remote rename factory NAME`, then run init again"
        case .notInitialized: "this repository has no factory yet: run `factory init` in it"
        case .hubMissing(let path):
            "the hub \(path) is gone: restore it from a backup, or remove the remote with "
                + "`git remote remove factory` and run `factory init` to start anew"
        case .notASpec(let problem): problem
        case .numberTaken(let number, let other):
            "the number \(number) belongs to \(other): give the new spec another number"
        case .specNotOnHub(let path, let branch):
            "\(path) is committed on your \(branch), which the hub does not have yet: run `git push factory \(branch)`, "
                + "then submit again; otherwise `git pull factory \(branch)` would not go through tomorrow"
        case .branchHasNoSpec(let branch, let found):
            found.isEmpty
                ? "\(branch) adds no spec: commit one as specs/NNNN-name.md on it"
                : "\(branch) adds \(found.count) specs (\(found.joined(separator: ", "))): one branch carries one spec"
        case .noBranch(let name): "there is no branch \(name)"
        case .diverged(let remote, let branch):
            "\(branch) of the hub and of \(remote) have diverged: each has commits that the other lacks. Bring them "
                + "together by hand (fetch both, merge, push to both), then run again"
        case .cycle(let numbers):
            "the specs wait for each other: " + numbers.map { "#\($0)" }.joined(separator: " → ")
        case .git(let arguments, let errors): "git \(arguments.joined(separator: " ")) failed: \(errors)"
        }
    }
}
