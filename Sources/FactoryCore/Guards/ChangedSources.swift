/// The sources of a change in the languages that are known, each side read once.
struct ChangedSources {
    /// One side of a file.
    struct Side {
        var source: MaskedSource
        var inventory: TestInventory
    }

    /// A file that tests stand in, or that serves them.
    struct TestFile {
        var path: RepoPath
        var language: String
        var before: Side
        var after: Side

        func entries(_ tests: [TestCase], _ side: Side) -> [TestDelta.Entry] {
            tests.map { TestDelta.Entry(path: path, language: language, test: $0, source: side.source) }
        }
    }

    /// A file of the product.
    struct ProductFile {
        var path: RepoPath
        var language: any TestLanguage
        var before: [UInt8]
        var after: [UInt8]
    }

    private(set) var tests: [TestFile] = []
    private(set) var product: [ProductFile] = []
    /// Files of the product in other languages.
    private var others = 0

    init(of change: Change) {
        for file in change.files where file.before?.blob != file.after?.blob {
            let before = file.before?.content ?? []
            let after = file.after?.content ?? []
            let language = TestLanguages.all.first { $0.writes(file.path) }
            guard let language else {
                others += TestPaths.isProduct(file.path) ? 1 : 0
                continue
            }
            let isCovered = language.covers(file.path)
            if isCovered || language.supports(file.path) {
                let sides = (
                    Self.side(before, language, isCovered: isCovered), Self.side(after, language, isCovered: isCovered)
                )
                if isCovered || TestPaths.isTest(file.path) || !sides.0.inventory.tests.isEmpty {
                    tests.append(
                        TestFile(path: file.path, language: language.name, before: sides.0, after: sides.1))
                }
            }
            if TestPaths.isProduct(file.path) {
                product.append(
                    ProductFile(path: file.path, language: language, before: before, after: after))
            }
        }
    }

    private static func side(_ source: [UInt8], _ language: any TestLanguage, isCovered: Bool) -> Side {
        guard language.mayHoldTests(source) else { return Side(source: MaskedSource([]), inventory: TestInventory()) }
        let masked = language.masked(source)
        var inventory = language.inventory(in: masked)
        if !isCovered {
            // No runner looks for tests here, but those of others call what stands here.
            inventory.helpers += inventory.tests
            inventory.tests = []
        }
        return Side(source: masked, inventory: inventory)
    }

    /// Whether the change does something to the product that is more than comments and white space.
    var changesProduct: Bool {
        others > 0
            || product.contains { file in
                let before = file.language.masked(file.before)
                let after = file.language.masked(file.after)
                return before.squeezed(0..<before.text.count) != after.squeezed(0..<after.text.count)
                    || before.text.count > 4000 && !before.text.elementsEqual(after.text)
            }
    }

    /// The names that the product declared before and no longer does, if more of them went than came.
    var goneNames: Set<String> {
        var before: Set<String> = []
        var after: Set<String> = []
        for file in product {
            before.formUnion(file.language.declarations(in: file.language.masked(file.before)))
            after.formUnion(file.language.declarations(in: file.language.masked(file.after)))
        }
        let gone = before.subtracting(after).filter { $0.count > 2 }
        return gone.count > after.subtracting(before).count ? gone : []
    }
}
