import FactoryCore
import FactoryFiles
import FactoryGit
import FactoryTestSupport
import Glibc
import Testing

/// What a power cut leaves of an object.
struct LooseObjectTests {
    let directory: TemporaryDirectory
    let repository: Repository

    init() throws {
        directory = try TemporaryDirectory("factory-git")
        repository = try Repository.createBare(at: directory.path + "/a.git")
    }

    private func file(_ id: BlobID) -> String {
        "\(repository.path)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
    }

    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    @Test func `whole objects of every size and kind are whole`() throws {
        for count in [0, 1, 65_530, 65_536, 200_000] {
            _ = try repository.write(blob: noise(count))
            _ = try repository.write(blob: [UInt8](repeating: 7, count: count))
        }
        _ = try Git.run("hash-object", "-w", "-t", "tree", "/dev/null", in: repository.path)
        #expect(try repository.brokenLooseObjects() == [])
    }

    @Test(arguments: [0, 100, 65_536, 200_000])
    func `an object that is cut off anywhere is found`(_ count: Int) throws {
        let id = try repository.write(blob: noise(count))
        let whole = try Files.read(file(id))
        chmod(file(id), 0o644)
        for length in Set([0, 1, 2, 9, whole.count / 2, whole.count - 5, whole.count - 1]).sorted() {
            try Files.write(Array(whole.prefix(length)), to: file(id))
            #expect(try repository.brokenLooseObjects() == [id.hex], "\(length) of \(whole.count)")
        }
        try Files.write(whole, to: file(id))
        #expect(try repository.brokenLooseObjects() == [])
    }

    @Test func `what is no object at all is found`() throws {
        let id = try repository.write(blob: [1, 2, 3])
        chmod(file(id), 0o644)
        try Files.write("this was never packed", to: file(id))
        #expect(try repository.brokenLooseObjects() == [id.hex])
    }

    @Test(.timeLimit(.minutes(1)))
    func `it is moved aside, and can be stored again`() throws {
        let bytes = noise(5000)
        let id = try repository.write(blob: bytes)
        chmod(file(id), 0o644)
        guard truncate(file(id), 100) == 0 else { throw SystemError("truncate", file(id)) }
        #expect(try repository.setAsideBrokenObjects() == ["\(repository.path)/factory-broken/\(id.hex)"])
        let again = try Repository.open(repository.path)
        #expect(try again.write(blob: bytes) == id && again.read(id, limit: 5000) == bytes)
        #expect(try repository.setAsideBrokenObjects() == [])
    }
}
