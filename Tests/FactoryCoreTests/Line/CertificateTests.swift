import FactoryCore
import FactoryTestSupport
import Testing

/// A certificate is what it was judged by, no more and no less.
struct CertificateTests {
    private static let pr = {
        var pr = PullRequest.sample(in: .merge)
        pr.overrides = [Override(rule: "diff-size", by: "ann")]
        pr.approvedHead = pr.head
        pr.approvals = [Approval(of: .certificate(.numbered(0x15)), by: "ann")]
        pr.usage = Usage(inputTokens: 10, outputTokens: 20, costUSD: 1.5)
        return pr
    }()

    private static func certificate(_ pr: PullRequest = pr) -> Certificate {
        Certificate(
            pr: pr, base: .numbered(0x11), tree: .numbered(0x12), change: .numbered(0x16),
            plan: ApprovedPlan(spec: .numbered(0x13), plan: .numbered(0x14)), floor: "floor-1",
            checks: [CheckResult(name: "test", exit: 0, seconds: 2)],
            reviews: [
                Certificate.Review(role: .planReviewer, summary: "sound"),
                Certificate.Review(role: .codeReviewer, summary: "clean"),
            ],
            guards: [
                GuardVerdict(
                    rule: "watched-path", level: .warn, verdict: .warned,
                    objections: [Violation(rule: "watched-path", message: "README.md is changed")]),
                GuardVerdict(rule: "stub", level: .park, verdict: .allowed, allowedBy: ["stub"]),
            ], human: ["D2: it reads well"])
    }

    @Test func `the same facts give the same bytes`() {
        #expect(Self.certificate().json.bytes() == Self.certificate().json.bytes())
    }

    struct Difference: CustomStringConvertible, Sendable {
        let description: String
        let make: @Sendable (inout Certificate) -> Void

        init(_ what: String, _ make: @escaping @Sendable (inout Certificate) -> Void) {
            description = what
            self.make = make
        }
    }

    static let differences = [
        Difference("number") { $0.number = PRNumber(8) },
        Difference("head") { $0.head = .numbered(9) },
        Difference("base") { $0.base = .numbered(9) },
        Difference("tree") { $0.tree = .numbered(9) },
        Difference("change") { $0.change = .numbered(9) },
        Difference("spec") { $0.spec = .numbered(9) },
        Difference("plan") { $0.plan = .numbered(9) },
        Difference("floor") { $0.floor = "floor-2" },
        Difference("name of a check") { $0.checks[0].name = "lint" },
        Difference("end of a check") { $0.checks[0].exit = nil },
        Difference("one more check") { $0.checks += $0.checks },
        Difference("no check") { $0.checks = [] },
        Difference("the main branch's tests") { $0.baseTests = BaseTestResult(tree: .numbered(9), checks: []) },
        Difference("holdouts") { $0.holdouts = [HoldoutResult(id: "H1", hash: .numbered(9), passed: true)] },
        Difference("role of a review") { $0.reviews[0].role = .codeReviewer },
        Difference("words of a review") { $0.reviews[1].summary = "clean!" },
        Difference("one review less") { $0.reviews.removeLast() },
        Difference("guards") { $0.guards.removeLast() },
        Difference("level of a guard") { $0.guards[0].level = .park },
        Difference("verdict of a guard") { $0.guards[0].verdict = .passed },
        Difference("objections of a guard") { $0.guards[0].objections = [] },
        Difference("what allowed") { $0.guards[1].allowedBy = ["stub:x"] },
        Difference("head of an override") { $0.overrides[0].head = .numbered(9) },
        Difference("rule of an override") { $0.overrides[0].rule = "secrets" },
        Difference("who overrode") { $0.overrides[0].by = "bea" },
        Difference("no override") { $0.overrides = [] },
        Difference("approval") { $0.approvedHead = nil },
        Difference("approved certificate") { $0.approvals[0].of = .certificate(.numbered(9)) },
        Difference("approved plan") {
            $0.approvals[0].of = .plan(ApprovedPlan(spec: .numbered(0x13), plan: .numbered(0x14)))
        },
        Difference("who approved") { $0.approvals[0].by = "bea" },
        Difference("items for a person") { $0.human = [] },
        Difference("tokens in") { $0.usage.inputTokens = 11 },
        Difference("tokens out") { $0.usage.outputTokens = 21 },
        Difference("cost") { $0.usage.costUSD = nil },
    ]

    @Test func `every fact makes a certificate of its own`() {
        let all = Self.differences.map { difference in
            var certificate = Self.certificate()
            difference.make(&certificate)
            return certificate.json.bytes()
        }
        #expect(Set(all + [Self.certificate().json.bytes()]).count == Self.differences.count + 1)
        let members = Mirror(reflecting: Self.certificate()).children.compactMap(\.label)
        #expect(members.count == 18, "a fact that was added needs a difference above: \(members)")
    }

    @Test func `a certificate takes its facts from the PR`() {
        let certificate = Self.certificate()
        #expect(certificate.number == PRNumber(7))
        #expect(certificate.head == Self.pr.head)
        #expect(certificate.spec == .numbered(0x13))
        #expect(certificate.plan == .numbered(0x14))
        #expect(certificate.overrides == Self.pr.overrides)
        #expect(certificate.approvedHead == Self.pr.approvedHead)
        #expect(certificate.usage == Self.pr.usage)
    }

    @Test func `its warnings can be read back, and one of version 1 has none`() {
        let json = Self.certificate().json
        #expect(Certificate.guards(of: json) == Self.certificate().guards)
        #expect(Certificate.warnings(of: json).map(\.message) == ["README.md is changed"])
        let old: JSON = .object(["v": 1, "guards": .of(["diff-size", "secret"])])
        #expect(Certificate.guards(of: old) == [] && Certificate.warnings(of: old) == [])
    }

    @Test func `what does not entitle to land is no part of it`() {
        var later = Self.pr
        later.updatedAt = .noon + 99
        later.title = "Another title"
        later.active = Session(token: "x", stage: .merge, attempt: 1, startedAt: .noon)
        #expect(Self.certificate(later) == Self.certificate())
    }

    // MARK: What an approval covers

    private static func moved(
        _ terms: ApprovalTerms = .certificate, _ change: (inout Certificate) -> Void
    ) -> Int {
        var later = certificate()
        change(&later)
        return Certificate.moved(from: certificate().json, to: later.json, under: terms).count
    }

    @Test(arguments: ApprovalTerms.allCases)
    func `an approval covers the same landing, whenever it is certified`(_ terms: ApprovalTerms) {
        #expect(Self.moved(terms) { $0.checks[0].seconds = 9 } == 0)
        #expect(Self.moved(terms) { $0.usage.costUSD = 9 } == 0)
        #expect(Self.moved(terms) { $0.approvals = [] } == 0)
    }

    @Test(arguments: ApprovalTerms.allCases)
    func `an approval covers no other head, spec, plan, floor or item for a person`(_ terms: ApprovalTerms) {
        #expect(Self.moved(terms) { $0.head = .numbered(9) } == 1)
        #expect(Self.moved(terms) { $0.spec = .numbered(9) } == 1)
        #expect(Self.moved(terms) { $0.plan = .numbered(9) } == 1)
        #expect(Self.moved(terms) { $0.floor = "floor-2" } == 1)
        #expect(Self.moved(terms) { $0.human = [] } == 1)
    }

    @Test func `another tree voids an approval of the certificate, another change one of the change`() {
        #expect(Self.moved(.certificate) { $0.tree = .numbered(9) } == 1)
        #expect(Self.moved(.change) { $0.tree = .numbered(9) } == 0)
        #expect(Self.moved(.change) { $0.change = .numbered(9) } == 1)
    }
}
