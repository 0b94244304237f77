/// Puts together what a language found in one source: tests, functions beside them, assertions and skip marks.
struct InventoryBuilder {
    private(set) var masked: MaskedSource
    private let blocks: SourceBlocks
    private var tests: [Found] = []
    private var helpers: [Found] = []
    private var skips: [SkipMark] = []
    /// Operators that find everything equal.
    private var equalities: [Assertion] = []
    /// Where skip marks stand that ask for nothing, and what those of whole suites silence.
    private var silent: [Int] = []
    private var silenced: [Range<Int>] = []

    private struct Found {
        var test: TestCase
        var body: Range<Int>
    }

    init(_ masked: MaskedSource, _ blocks: SourceBlocks) {
        self.masked = masked
        self.blocks = blocks
    }

    /// A test: its name, where it begins with all its attributes, where it is declared, and its statements.
    mutating func add(
        test name: String, from start: Int, at index: Int, body: Range<Int>?, isTable: Bool = false,
        isConditional: Bool = false
    ) {
        var test = masked.test(name, at: index, body: body)
        test.region = min(start, index)..<max(index, body?.upperBound ?? index)
        test.isTable = isTable
        test.isConditional = isConditional || blocks.isConditional(index, since: -1)
        tests.append(Found(test: test, body: body ?? index..<index))
    }

    /// A function that is no test.
    mutating func add(helper name: String, at index: Int, body: Range<Int>) {
        helpers.append(Found(test: TestCase(name: name, line: 0, body: nil), body: body))
        guard name == "__eq__" || name == "==", ["returnTrue", "returntrue", "true"].contains(masked.compact(body))
        else {
            return
        }
        equalities.append(
            Assertion(
                relation: "eq", subject: "everything", strength: .vacuous, flaw: "it makes everything equal",
                text: name, offset: masked.skipSpace(body.lowerBound)))
    }

    /// A mark; whether it asks for nothing, and the suite that it silences if it stands at one.
    mutating func add(skip mark: String, at index: Int, always: Bool, silencing suite: Range<Int>? = nil) {
        skips.append(masked.skip(mark, at: index))
        if always { silent.append(index) }
        if always, let suite, silenced.last.map({ $0.upperBound < suite.upperBound }) ?? true { silenced.append(suite) }
    }

    /// The inventory, with each assertion given to the innermost test or function that holds it.
    mutating func inventory(with assertions: [Assertion]) -> TestInventory {
        var inventory = TestInventory(skips: skips)
        let holders = (tests + helpers).sorted {
            ($0.body.lowerBound, $1.body.upperBound) < ($1.body.lowerBound, $0.body.upperBound)
        }
        let held = distribute((assertions + equalities).sorted { $0.offset < $1.offset }, among: holders)
        var claims: [Int: [Assertion]] = [:]
        for (index, holder) in holders.enumerated() { claims[holder.body.lowerBound, default: []] += held[index] }
        var called: Set<String> = []
        let own = Dictionary(helpers.map { ($0.test.name, claims[$0.body.lowerBound] ?? []) }, uniquingKeysWith: +)
        for found in tests {
            var test = found.test
            test.assertions = resolved(claims[found.body.lowerBound] ?? [], found, own, &called)
            test.isSkipped = isSkipped(test)
            inventory.tests.append(test)
        }
        for found in helpers where !called.contains(found.test.name) {
            guard let claims = claims[found.body.lowerBound], !claims.isEmpty else { continue }
            var unit = found.test
            unit.assertions = claims
            unit.line = claims[0].line
            unit.region = found.body
            inventory.helpers.append(unit)
        }
        return inventory
    }

    private func isSkipped(_ test: TestCase) -> Bool {
        let region = test.region
        if silenced.contains(where: { $0.contains(region.lowerBound) }) { return true }
        // Marks were added in their order, so those of the region stand together.
        var low = 0
        var high = silent.count
        while low < high {
            let middle = (low + high) / 2
            if silent[middle] < region.lowerBound { low = middle + 1 } else { high = middle }
        }
        let inside = silent[low...].prefix { $0 < region.upperBound }.prefix(20)
        return inside.contains { !blocks.isConditional($0, since: region.lowerBound) }
    }

    private mutating func distribute(_ assertions: [Assertion], among holders: [Found]) -> [[Assertion]] {
        var held = [[Assertion]](repeating: [], count: holders.count)
        var open: [Int] = []
        var next = 0
        for assertion in assertions where !blocks.isDead(assertion.offset) {
            while next < holders.count, holders[next].body.lowerBound <= assertion.offset {
                open.append(next)
                next += 1
            }
            while let last = open.last, holders[last].body.upperBound <= assertion.offset { open.removeLast() }
            guard let holder = open.last else { continue }
            held[holder].append(completed(assertion, in: holders[holder].body))
        }
        return held
    }

    private mutating func completed(_ assertion: Assertion, in body: Range<Int>) -> Assertion {
        var assertion = assertion
        assertion.line = masked.line(at: assertion.offset)
        assertion.isConditional = blocks.isConditional(assertion.offset, since: body.lowerBound)
        if blocks.isSwallowed(assertion.offset) {
            assertion.strength = .vacuous
            assertion.flaw = "its failure is swallowed"
        }
        return assertion
    }

    /// The claims of a test, with those of each function of the same source in place of its calls.
    private func resolved(
        _ claims: [Assertion], _ found: Found, _ own: [String: [Assertion]], _ called: inout Set<String>
    ) -> [Assertion] {
        var all = claims.filter { $0.relation != "own" || own[$0.subject] == nil }
        guard own.contains(where: { !$0.value.isEmpty }) else { return all }
        var index = found.body.lowerBound
        let end = min(found.body.upperBound, index + 20 * MaskedSource.reach)
        while let word = masked.word(from: index), word.upperBound <= end {
            index = word.upperBound
            guard masked.has("(", at: index), let inner = own[masked.codeText(word)], !inner.isEmpty else { continue }
            called.insert(masked.codeText(word))
            all += inner.map { claim in
                var claim = claim
                claim.isConditional =
                    claim.isConditional || blocks.isConditional(word.lowerBound, since: found.body.lowerBound)
                return claim
            }
        }
        return all
    }
}
