import FactoryCore
import FactoryFiles
import FactoryForge
import Testing

@Suite struct FileLeasesTests {
    @Test func `a pull request has one worker, and is free for the next once it is released`() throws {
        let directory = try TemporaryDirectory("leases")
        let leases = FileLeases(directory: directory.path)
        let lease = try #require(try leases.take(PRNumber(1)))
        #expect(try leases.take(PRNumber(1)) == nil)
        #expect(try leases.take(PRNumber(2)) != nil)
        lease.release()
        #expect(try leases.take(PRNumber(1)) != nil)
        withExtendedLifetime(lease) {}
    }
}
