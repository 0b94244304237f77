import FactoryFiles
import Testing

@Suite struct FileLockTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/lock" }

    init() throws { directory = try TemporaryDirectory("locks") }

    @Test func `a lock has one holder, in one process as well`() throws {
        let first = try FileLock(tryLocking: path)
        #expect(first != nil)
        #expect(try FileLock(tryLocking: path) == nil)
        withExtendedLifetime(first) {}
    }

    @Test func `a lock that is released is free at once, whoever still has the object`() throws {
        let first = try #require(try FileLock(tryLocking: path))
        first.release()
        let second = try FileLock(tryLocking: path)
        #expect(second != nil)
        #expect(try FileLock(tryLocking: path) == nil)
        // It gives back what is its own, and that is nothing any more.
        first.release()
        #expect(try FileLock(tryLocking: path) == nil)
        withExtendedLifetime((first, second)) {}
    }

    @Test func `a lock ends with the last reference`() throws {
        do { _ = try FileLock(tryLocking: path) }
        #expect(try FileLock(tryLocking: path) != nil)
    }

    @Test func `a place where no lock can be is an error and no held lock`() {
        #expect(throws: SystemError.self) { try FileLock(tryLocking: directory.path + "/missing/lock") }
    }
}
