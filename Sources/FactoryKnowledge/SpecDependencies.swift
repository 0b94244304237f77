package import FactoryCore

/// What specs wait for among themselves.
package enum SpecDependencies {
    /// A circle of specs that wait for one another, or nil. Each waits for the next, and the last for the first; the
    /// circle starts with its lowest number. Numbers that no spec here bears are left out of account.
    package static func cycle(in specs: [Spec]) -> [SpecID]? {
        let byNumber = Dictionary(specs.map { ($0.id.number, $0) }) { first, _ in first }
        var finished: Set<Int> = []
        for start in byNumber.keys.sorted() where !finished.contains(start) {
            if let circle = circle(from: start, byNumber, &finished) {
                return rotated(circle.compactMap { byNumber[$0]?.id })
            }
        }
        return nil
    }

    /// Walks depth first with a stack of its own, so that a long chain cannot exhaust the thread's.
    private static func circle(from start: Int, _ specs: [Int: Spec], _ finished: inout Set<Int>) -> [Int]? {
        var path = [(number: start, next: 0)]
        var onPath: Set<Int> = [start]
        while let (number, next) = path.last {
            let waitsFor = specs[number]?.dependsOn ?? []
            guard next < waitsFor.count else {
                path.removeLast()
                onPath.remove(number)
                finished.insert(number)
                continue
            }
            path[path.count - 1].next += 1
            let target = waitsFor[next]
            if onPath.contains(target) { return path.map(\.number).drop { $0 != target }.map { $0 } }
            if specs[target] != nil, !finished.contains(target) {
                path.append((target, 0))
                onPath.insert(target)
            }
        }
        return nil
    }

    private static func rotated(_ circle: [SpecID]) -> [SpecID] {
        guard let lowest = circle.min(), let index = circle.firstIndex(of: lowest) else { return circle }
        return Array(circle[index...] + circle[..<index])
    }
}
