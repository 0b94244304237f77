import CGit2
package import FactoryCore

/// What became of a three-way merge of trees.
package enum MergeOutcome: Hashable, Sendable {
    case clean(TreeID)
    /// The paths that need a hand, sorted.
    ///
    /// In `marked` text conflicts stand between markers with the common ancestor in the middle; of a file removed on
    /// one side and changed on the other the changed one is kept, and of what cannot be merged as text, our side.
    case conflict(paths: [RepoPath], marked: TreeID)
}

extension Repository {
    /// Merges `theirs` into `ours`, given their common ancestor.
    ///
    /// Where both changed the same file the text is merged. The cost follows what was changed on both sides. `ours` and
    /// `theirs` in `labels` name the sides in the markers.
    package func merge(
        ancestor: TreeID, ours: TreeID, theirs: TreeID,
        labels: (ours: String, theirs: String) = ("main", "this change")
    ) throws(GitError) -> MergeOutcome {
        let sides = Sides(ancestor: try git_oid(ancestor), ours: try git_oid(ours), theirs: try git_oid(theirs))
        switch try mergedDirectory(sides) {
        case .tree(let id): return .clean(id.map { TreeID($0) } ?? .empty)
        case .needsContent:
            return try mergeContents(ancestor: ancestor, ours: ours, theirs: theirs, labels: labels)
        }
    }

    /// The same directory three times; nil where it is not there.
    private struct Sides {
        var ancestor: git_oid?
        var ours: git_oid?
        var theirs: git_oid?
    }

    private enum Merged {
        /// Nil: nothing is left.
        case tree(git_oid?)
        /// A path was changed on both sides.
        case needsContent
    }

    /// One name on the three sides.
    private struct Triple {
        var ancestor: RawTree.Entry?
        var ours: RawTree.Entry?
        var theirs: RawTree.Entry?

        /// The one that git sorts before the others; nil when there is none.
        var first: RawTree.Entry? { [ancestor, ours, theirs].compactMap { $0 }.min(by: RawTree.Entry.precedes) }
    }

    /// Takes for each name the side that changed it, and goes down where both did.
    private func mergedDirectory(_ sides: Sides) throws(GitError) -> Merged {
        var result = RawTree()
        let names = differing(
            try listed(sides.ancestor), try listed(sides.ours), try listed(sides.theirs), alike: &result.entries)
        for (name, triple) in names {
            if Self.same(triple.ancestor, triple.theirs) || Self.isSameChange(triple) {
                if let entry = triple.ours { result.entries.append(entry) }
            } else if Self.same(triple.ancestor, triple.ours) {
                if let entry = triple.theirs { result.entries.append(entry) }
            } else {
                guard let below = Self.directories(triple) else { return .needsContent }
                guard case .tree(let id) = try mergedDirectory(below) else { return .needsContent }
                if let id { result.entries.append(.init(name: name, mode: RawTree.directory, id: id)) }
            }
        }
        if result.entries.isEmpty { return .tree(nil) }
        return .tree(try write(result.encoded, as: GIT_OBJECT_TREE))
    }

    /// The names whose entries are not the same on all three sides; those that are, mostly nearly all, go into `alike`.
    private func differing(
        _ ancestor: [RawTree.Entry], _ ours: [RawTree.Entry], _ theirs: [RawTree.Entry],
        alike: inout [RawTree.Entry]
    ) -> [ArraySlice<UInt8>: Triple] {
        var names: [ArraySlice<UInt8>: Triple] = [:]
        var (a, b, c) = (0, 0, 0)
        while true {
            let triple = Triple(
                ancestor: a < ancestor.count ? ancestor[a] : nil, ours: b < ours.count ? ours[b] : nil,
                theirs: c < theirs.count ? theirs[c] : nil)
            guard let first = triple.first else { return names }
            if let one = triple.ancestor, let two = triple.ours, let three = triple.theirs, one == two, two == three {
                alike.append(one)
                (a, b, c) = (a + 1, b + 1, c + 1)
                continue
            }
            if let entry = triple.ancestor, RawTree.Entry.compare(entry, first) == 0 {
                names[entry.name, default: Triple()].ancestor = entry
                a += 1
            }
            if let entry = triple.ours, RawTree.Entry.compare(entry, first) == 0 {
                names[entry.name, default: Triple()].ours = entry
                b += 1
            }
            if let entry = triple.theirs, RawTree.Entry.compare(entry, first) == 0 {
                names[entry.name, default: Triple()].theirs = entry
                c += 1
            }
        }
    }

    private func listed(_ id: git_oid?) throws(GitError) -> [RawTree.Entry] {
        guard let id else { return [] }
        return try rawTree(id).entries
    }

    /// Whether both sides did the same to the name, and no file went with it: what both removed, one of them may have
    /// moved, and only who looks for renames sees that the two do not agree.
    private static func isSameChange(_ triple: Triple) -> Bool {
        guard same(triple.ours, triple.theirs) else { return false }
        guard let ancestor = triple.ancestor else { return true }
        return !ancestor.isTree && triple.ours?.isTree == false
    }

    private static func same(_ a: RawTree.Entry?, _ b: RawTree.Entry?) -> Bool {
        switch (a, b) {
        case (nil, nil): true
        case (let a?, let b?): a.mode == b.mode && a.id == b.id
        case (nil, _?), (_?, nil): false
        }
    }

    /// The name as a directory on both sides, and on the ancestor's too if it is there; nil when it is not.
    private static func directories(_ triple: Triple) -> Sides? {
        guard let ours = triple.ours, let theirs = triple.theirs, ours.isTree, theirs.isTree,
            triple.ancestor?.isTree != false
        else { return nil }
        return Sides(ancestor: triple.ancestor?.id, ours: ours.id, theirs: theirs.id)
    }
}
