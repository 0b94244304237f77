import FactoryCore
import FactoryFiles
import Glibc
import Testing

extension Trait where Self == ConditionTrait {
    /// A small file system of its own, which only root may mount.
    static var ownDisk: ConditionTrait { .enabled(if: canMount, "a small file system of its own takes root to mount") }

    private static var canMount: Bool {
        guard getuid() == 0, let place = try? TemporaryDirectory("factory-mount") else { return false }
        guard Glibc.mount("tmpfs", place.path, "tmpfs", 0, "size=64k") == 0 else { return false }
        umount2(place.path, 2)
        return true
    }
}

@Suite(.serialized) struct `Full disks` {
    /// Fills the disk that the lane is on, when the work is done already.
    private static let fill = "implement; finish; cat /dev/zero > \"$TORTURE/../factory/filler\" 2> /dev/null || :"

    @Test(.ownDisk, .timeLimit(.minutes(1)))
    func `work that could not be stored is stored by the next run`() async throws {
        let world = try await World.play(["implementer-1": Self.fill], disk: 8 << 10)
        let line = try await world.start()
        #expect(await line.code() == 1)
        #expect(line.errors.contains("disk is full") && line.errors.contains("free"), "\(line.errors)")
        try Files.remove(world.home + "/filler")
        try await world.expectLanding()
        #expect(try await world.saved("lib/1.txt") == "done\n")
        #expect(try world.starts(of: .implementer) == 2)
        await world.unmount()
    }

    @Test(.ownDisk, .timeLimit(.minutes(1)))
    func `submit and spec new say that the disk is full, and leave nothing half done`() async throws {
        let world = try await World.play(specs: [], disk: 8 << 10)
        let spec = Play.spec(1)
        try world.place(spec.text, at: spec.path)
        try await world.shell("cat /dev/zero > '\(world.home)/filler' 2> /dev/null || :")
        try await world.expectRefusal(["submit", spec.path], "disk is full")
        #expect(try await world.numbers() == [])
        try Files.remove(world.home + "/filler")
        try await world.factory("submit", spec.path)
        try await world.expectLanding()
        await world.unmount()
    }
}
