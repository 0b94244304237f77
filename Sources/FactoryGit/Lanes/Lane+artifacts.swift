package import FactoryCore
package import FactoryFiles
import Glibc

extension Lane {
    /// Copies the files that match to the same paths below a directory outside the lane, in the order of their names.
    ///
    /// Regular files only; no link is followed and no repository entered. What goes beyond the bounds, lies too deep or
    /// cannot be read is left out. Every directory of the lane is looked at. Throws when the copies cannot be written.
    package func copyOut(
        _ patterns: [Glob], to directory: String, within bounds: CopyBounds
    ) throws(SystemError) -> CopiedFiles {
        var copy = OutwardCopy(patterns: patterns, directory: directory, bounds: bounds, depth: limits.depth)
        try copy.walk(root, depth: 0)
        return copy.copied
    }
}

/// A walk over a lane that copies what matches.
private struct OutwardCopy {
    let patterns: [Glob]
    let directory: String
    let bounds: CopyBounds
    let depth: Int
    var copied = CopiedFiles()

    mutating func walk(_ place: OpenDirectory, depth: Int) throws(SystemError) {
        for name in try place.names().sorted() where !name.isGitDirectory {
            guard let info = try place.inspect(name) else { continue }
            switch FileStamp(info).kind {
            case .directory:
                if depth < self.depth, let below = try place.existingChild(name) { try walk(below, depth: depth + 1) }
            case .file:
                let path = place.path(of: name)
                if patterns.contains(where: { $0.matches(path) }) { try take(name, info, path, from: place) }
            case .link, .special: break
            }
        }
    }

    private mutating func take(
        _ name: EntryName, _ info: stat, _ path: RepoPath, from place: OpenDirectory
    ) throws(SystemError) {
        let size = Int(info.st_size)
        guard copied.files < bounds.files, copied.bytes + size <= bounds.bytes else { return copied.leftOut += 1 }
        try Files.makeDirectory(directory)
        var target = try OpenDirectory.open(root: directory)
        for part in path.entryNames.dropLast() { target = try target.makeChild(part).directory }
        do {
            try place.copyFile(name, info, to: target)
            copied.files += 1
            copied.bytes += size
        } catch  where error.code == EACCES {
            copied.leftOut += 1
        }
    }
}
