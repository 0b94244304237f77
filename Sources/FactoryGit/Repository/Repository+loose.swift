import FactoryFiles

// A power cut between an object and the ref that would have made it count can leave a file that is cut off, and so can a bad
// disk. libgit2 1.5 reads such a file for ever, and takes it for stored when the same content is written again.
extension Repository {
    /// The ids of loose objects that cannot be unpacked to their end. Borrowed ones are their owner's.
    package func brokenLooseObjects() throws(GitError) -> [String] {
        var broken: [String] = []
        do throws(SystemError) {
            for folder in try Files.list("\(path)/objects").sorted() where Self.isHex(folder, digits: 2) {
                for file in try Files.list("\(path)/objects/\(folder)").sorted() where Self.isHex(file, digits: 38) {
                    let isWhole: Bool
                    do throws(SystemError) {
                        isWhole = try LooseFile.isWhole("\(path)/objects/\(folder)/\(file)")
                    } catch  where error.isMissing {
                        // It has been packed since.
                        continue
                    }
                    if !isWhole { broken.append(folder + file) }
                }
            }
        } catch { throw GitError(error, "look through the objects of \(path)") }
        return broken
    }

    /// Moves broken loose objects out of the way, so that their content can be stored again and whoever needs one is told
    /// that it is missing, and gives the files that it made.
    package func setAsideBrokenObjects() throws(GitError) -> [String] {
        var kept: [String] = []
        for hex in try brokenLooseObjects() {
            let place = "\(path)/factory-broken/\(hex)"
            do throws(SystemError) {
                try Files.makeDirectory(Paths.parent(of: place))
                try Files.rename("\(path)/objects/\(hex.prefix(2))/\(hex.dropFirst(2))", to: place)
            } catch { throw GitError(error, "set the broken object \(hex) aside") }
            kept.append(place)
        }
        return kept
    }

    private static func isHex(_ name: String, digits: Int) -> Bool {
        name.utf8.count == digits && name.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
}
