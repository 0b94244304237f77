/// Claims that arrived in tests, so that a claim which moved from one test to another is not taken for lost.
struct Claims {
    private var exact: [String: Int] = [:]
    /// By what stays when the thing that is looked at gets another name; of new tests only.
    private var loose: [String: Int] = [:]

    /// What arrived in a test that is there on both sides.
    mutating func add(_ before: [Assertion], _ after: [Assertion]) {
        for claim in Self.different(before, after).1 where claim.strength > .vacuous {
            exact[claim.key, default: 0] += 1
        }
    }

    /// What a new test claims.
    mutating func add(new claims: [Assertion]) {
        for claim in claims where claim.strength > .vacuous {
            exact[claim.key, default: 0] += 1
            if let key = claim.looseKey { loose[key, default: 0] += 1 }
        }
    }

    /// Whether a claim is among them; it is taken out.
    mutating func take(_ claim: Assertion) -> Bool {
        let key = claim.looseKey ?? ""
        let isExact = (exact[claim.key] ?? 0) > 0
        guard isExact || (loose[key] ?? 0) > 0 else { return false }
        if isExact { exact[claim.key, default: 0] -= 1 }
        if (loose[key] ?? 0) > 0 { loose[key, default: 0] -= 1 }
        return true
    }

    /// The claims of each side that the other lacks, in order.
    static func different(_ before: [Assertion], _ after: [Assertion]) -> ([Assertion], [Assertion]) {
        var counts: [String: Int] = [:]
        for claim in before { counts[claim.key, default: 0] += 1 }
        let new = after.filter { claim in
            guard let count = counts[claim.key], count > 0 else { return true }
            counts[claim.key] = count - 1
            return false
        }
        let old = before.reversed().filter { claim in
            guard let count = counts[claim.key], count > 0 else { return false }
            counts[claim.key] = count - 1
            return true
        }
        return (old.reversed(), new)
    }
}

extension Assertion {
    /// What stays of a claim when what it looks at gets another name; nil where too little stays to tell.
    var looseKey: String? { literals.isEmpty ? nil : "\(relation)|\(expected)|\(strength.rawValue)" }
}
