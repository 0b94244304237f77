import FactoryCore
import FactoryGit
import FactoryTestSupport
import Synchronization
import Testing

@testable import FactoryLine

/// The whole loop over a remote that does not take everything.
struct `A remote that refuses` {
    private let seven = PRNumber(7)
    private let eight = PRNumber(8)

    @Test(.timeLimit(.minutes(1)))
    func `a pull request of which nothing can be recorded is left alone, and the others go on`() async throws {
        let bare = try BareLine()
        let remote = Remote(bare.store)
        await bare.store.publish(by: remote, withArtifacts: false)
        var source = TaggedFiles.Source()
        let (base, files) = try bare.found(&source)
        for number in [seven, eight] { try await bare.open(number, on: base, files) }
        let before = try await bare.tip(seven)
        remote.answer { $0 == JournalStore.ref(PRNumber(7)) ? "not this one" : nil }
        let said = Mutex<[String]>([])
        var ports = bare.ports
        ports.observe = { event in
            if case .warning(let text) = event { said.withLock { $0.append(text) } }
        }
        try await Line(ports, executor: bare.store.executor).run()
        #expect(try await bare.tip(seven) == before)
        #expect(try await bare.tip(eight).pr.state != .implementationCI)
        let left = said.withLock { $0.filter { $0.contains("#7 is left alone") } }
        #expect(left.count == 1 && left[0].contains("not this one"), "\(left)")
    }
}
