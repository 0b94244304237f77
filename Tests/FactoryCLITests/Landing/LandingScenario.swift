import FactoryCore
import FactoryTestSupport

/// Who does what in which order, as data: it can be made at random, told, and taken apart to the smallest that still
/// fails.
struct LandingScenario: CustomStringConvertible {
    typealias Edit = TaggedFiles.Edit

    enum Step: CustomStringConvertible {
        /// A pull request on the main branch as it was so many commits ago.
        case open(Int, back: Int, [Edit])
        /// Its checks run, and its code is reviewed.
        case approve(Int)
        /// Its head is brought onto the main branch, as before each writing stage, and worked on.
        case rework(Int, [Edit])
        /// Somebody pushes to its branch.
        case pushed(Int, [Edit])
        /// A person pushes to the main branch.
        case person([Edit])
        /// It lands, if it may. With `rival` a person pushes to the main branch when it is certified already.
        case land(Int, rival: [Edit]?)

        var description: String {
            switch self {
            case .open(let pr, let back, let edits): "open \(pr) on main~\(back): \(edits)"
            case .approve(let pr): "approve \(pr)"
            case .rework(let pr, let edits): "rework \(pr): \(edits)"
            case .pushed(let pr, let edits): "push to \(pr): \(edits)"
            case .person(let edits): "a person: \(edits)"
            case .land(let pr, let rival): "land \(pr)" + (rival.map { " while a person: \($0)" } ?? "")
            }
        }

        var edits: [Edit] {
            get {
                switch self {
                case .open(_, _, let edits), .rework(_, let edits), .pushed(_, let edits), .person(let edits): edits
                case .land(_, let rival): rival ?? []
                case .approve: []
                }
            }
            set {
                switch self {
                case .open(let pr, let back, _): self = .open(pr, back: back, newValue)
                case .rework(let pr, _): self = .rework(pr, newValue)
                case .pushed(let pr, _): self = .pushed(pr, newValue)
                case .person: self = .person(newValue)
                case .land(let pr, let rival): self = .land(pr, rival: rival == nil ? nil : newValue)
                case .approve: break
                }
            }
        }
    }

    /// How many lines the files have at the beginning.
    var files: [Int]
    var steps: [Step]

    var description: String {
        (["files of \(files) lines"] + steps.map(\.description)).joined(separator: "\n  ")
    }
}

extension LandingScenario {
    /// 2 to 10 pull requests, interleaved at random.
    static func random(_ seed: UInt64) -> LandingScenario {
        var random = SeededGenerator(seed: seed)
        let files = (0..<2 + random.below(4)).map { _ in 30 + random.below(30) }
        let count = 2 + (random.once(in: 4) ? random.below(9) : random.below(4))
        var waiting = Array(1...count)
        var open: [Int] = []
        var steps: [Step] = []
        while !waiting.isEmpty || !open.isEmpty {
            if !waiting.isEmpty, open.isEmpty || random.below(5) < 3 {
                let pr = waiting.removeFirst()
                steps.append(.open(pr, back: random.below(4), edits(&random, 4)))
                open.append(pr)
                continue
            }
            let place = random.below(open.count)
            let pr = open[place]
            switch random.below(12) {
            case 0: steps.append(.person(edits(&random, 2)))
            case 1: steps.append(.rework(pr, random.once(in: 2) ? edits(&random, 2) : []))
            case 2: steps.append(.pushed(pr, edits(&random, 2)))
            case 3, 4: steps.append(.approve(pr))
            default:
                open.remove(at: place)
                steps.append(.land(pr, rival: random.once(in: 5) ? edits(&random, 2) : nil))
            }
        }
        return LandingScenario(files: files, steps: steps)
    }

    /// Few lines of long files, so that a file that is moved is still known as the same: below half of it not even git
    /// knows it any more.
    private static func edits(_ random: inout SeededGenerator, _ most: Int) -> [Edit] {
        (0..<1 + random.below(most)).map { _ in
            let (file, line, directory) = (random.below(12), random.below(60), random.below(5))
            return switch random.below(16) {
            case 0...4: .insert(file: file, line: line, count: 1 + random.below(3))
            case 5...7: .replace(file: file, line: line, count: 1 + random.below(3))
            case 8...9: .delete(file: file, line: line, count: 1 + random.below(4))
            case 10: .move(file: file, directory: directory)
            case 11: .moveAndInsert(file: file, directory: directory, line: line)
            case 12: .remove(file: file)
            case 13: .mode(file: file)
            default: .add(directory: directory, count: 24 + random.below(12))
            }
        }
    }

    /// The scenarios that lack one thing of this one, the larger things first.
    var smaller: [LandingScenario] {
        var all: [LandingScenario] = []
        for index in steps.indices {
            var less = self
            less.steps.remove(at: index)
            all.append(less)
        }
        for (index, step) in steps.enumerated() where step.edits.count > 1 {
            for edit in step.edits.indices {
                var less = self
                less.steps[index].edits.remove(at: edit)
                all.append(less)
            }
        }
        if files.count > 1 { all.append(LandingScenario(files: Array(files.dropLast()), steps: steps)) }
        return all
    }

    /// The smallest found that still fails.
    func shrunk(_ fails: (LandingScenario) async throws -> Bool) async throws -> LandingScenario {
        var least = self
        while true {
            var found: LandingScenario?
            for less in least.smaller where try await fails(less) {
                found = less
                break
            }
            guard let found else { return least }
            least = found
        }
    }
}
