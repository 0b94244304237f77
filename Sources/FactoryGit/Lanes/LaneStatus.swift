package import FactoryCore

/// How the files of a lane differ from the tree it was last known to hold.
package struct LaneStatus: Hashable, Sendable {
    /// What a snapshot would deliver, sorted by path.
    package internal(set) var changes: [LaneChange] = []
    /// Untracked and ignored, or declared as a cache: the uppermost paths.
    package internal(set) var ignored: [RepoPath] = []
    /// Declared caches among the files; they stay when the lane is reset.
    package internal(set) var caches: [RepoPath] = []
    /// What git does not know, but a reset removes: empty directories, sockets, other repositories.
    package internal(set) var leftovers: [RepoPath] = []
    /// Tracked paths with the right content and strange permissions.
    package internal(set) var misfits: [RepoPath] = []
    /// What cannot be delivered as it is, or must be looked at.
    package internal(set) var problems: [LaneProblem] = []

    package init() {}

    /// Nothing was touched: no reset is needed, and there is nothing to deliver.
    package var isPristine: Bool {
        changes.isEmpty && ignored.isEmpty && leftovers.isEmpty && misfits.isEmpty && problems.isEmpty
    }

    /// The problems that forbid a snapshot.
    package var obstacles: [LaneProblem] { problems.filter(\.forbidsSnapshot) }
}

/// One path that differs.
package struct LaneChange: Hashable, Sendable {
    /// In which way it differs.
    package enum Kind: Hashable, Sendable { case added, modified, deleted, modeChanged }
    package let path: RepoPath
    package let kind: Kind
    /// The version on the disk: nil when deleted.
    package let after: Version?

    /// A file or link as it was when it was looked at.
    package struct Version: Hashable, Sendable {
        package let mode: FileVersion.Mode
        /// The id that the content has, or will have, in git.
        package let blob: BlobID
        /// In bytes.
        package var size: Int { Int(stamp.size) }
        let stamp: FileStamp
    }
}

/// Something in a lane that git cannot take, or that a person should see.
package struct LaneProblem: Hashable, Sendable, CustomStringConvertible {
    /// What is the matter.
    package enum Kind: Hashable, Sendable {
        /// A repository below the root, of which nothing is delivered, or a name that git keeps for one.
        case nestedRepository
        /// A FIFO, socket or device.
        case specialFile
        /// A link with an absolute target, or one that leaves the tree.
        case escapingLink(target: [UInt8])
        /// A new name that differs from another one in the same directory by case only.
        case caseClash(with: RepoPath)
        /// More bytes than the limit; `allocated` is what it takes on the disk, far less for a sparse file.
        case tooLarge(size: Int, allocated: Int)
        /// All changed files together have more bytes, or are more, than the limit.
        case tooMuch
        /// The operating system refuses to show it, with its `errno`.
        case unreadable(code: Int32)
        /// Directories nested beyond the limit.
        case tooDeep
        /// A submodule's directory was filled, replaced or removed.
        case submodule
    }
    package let path: RepoPath
    package let kind: Kind
    /// The tree would not be what the files are, so no snapshot may be taken.
    package let forbidsSnapshot: Bool

    package var description: String {
        switch kind {
        case .nestedRepository: "\(path) is, or holds, a git repository of its own: remove its .git, the files may stay"
        case .specialFile: "\(path) is a FIFO, socket or device, which git cannot hold"
        case .escapingLink(let target): "\(path) is a link out of the tree, to \(RepoPath(bytes: target))"
        case .caseClash(let other): "\(path) and \(other) differ by case only: rename one"
        case .tooLarge(let size, let allocated):
            "\(path) has \(size) bytes (\(allocated) on the disk), more than the limit"
        case .tooMuch: "\(path) and what comes after it are more than the limit for one change"
        case .unreadable(let code): "\(path) cannot be read (error \(code)): give its owner permission"
        case .tooDeep: "\(path) lies deeper than the limit"
        case .submodule: "\(path) is a submodule, which must stay as it is"
        }
    }

    /// What a salvage does not save of it; nil when all of it is saved.
    package var loss: String? {
        switch kind {
        case .nestedRepository: "its .git is not saved"
        case .specialFile, .tooLarge, .unreadable, .tooDeep: "it is not saved"
        case .tooMuch: "the rest is not saved"
        case .submodule: "what was put there is not saved"
        case .escapingLink, .caseClash: nil
        }
    }
}

/// What a snapshot may hold; more is a problem, told and not delivered.
package struct LaneLimits: Hashable, Sendable {
    /// Bytes of one changed file.
    package var fileBytes = 20 << 20
    /// Bytes of all changed files.
    package var totalBytes = 200 << 20
    /// Names in untracked directories.
    package var names = 20_000
    /// Directories within directories.
    package var depth = 100

    package init() {}
}
