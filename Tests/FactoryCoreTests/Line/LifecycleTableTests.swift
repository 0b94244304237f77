import FactoryCore
import FactoryTestSupport
import Testing

/// What the table says of one outcome in one stage.
enum Expectation: Hashable {
    /// The outcome does not belong to the stage.
    case never
    case to(State)
    /// The same stage, at once.
    case again
    /// The same stage, not before the time that the outcome states.
    case later
    /// Parked for this kind of reason; `retry` and `answer` go on in `resume`, by default in the stage that parked.
    case park(Reason.Kind, resume: State? = nil)
}

/// The arrows of the line as the design draws them, outcome by outcome, for a PR within all its bounds.
struct Row: CustomStringConvertible {
    let outcome: Outcome
    /// In the order of the line.
    let cells: [Expectation]

    init(_ outcome: Outcome, _ cells: Expectation...) {
        self.outcome = outcome
        self.cells = cells
    }

    var description: String { outcome.name }

    /// Nothing ends where nothing is worked.
    func expectation(in state: State) -> Expectation {
        switch state {
        case .plan: cells[0]
        case .planReview: cells[1]
        case .implementation: cells[2]
        case .implementationCI: cells[3]
        case .codeReview: cells[4]
        case .merge: cells[5]
        case .queued, .needsAttention, .merged, .closed: .never
        }
    }

    private static let no = Expectation.never
    private static let (plan, planReview) = (Expectation.to(.plan), Expectation.to(.planReview))
    private static let (code, checks) = (Expectation.to(.implementation), Expectation.to(.implementationCI))
    private static let (review, merge) = (Expectation.to(.codeReview), Expectation.to(.merge))
    private static let (again, later) = (Expectation.again, Expectation.later)
    private static let (asks, trips) = (Expectation.park(.question), Expectation.park(.guard))
    private static let broke = Expectation.park(.budget)
    private static let keyless = Expectation.park(.agent)
    private static let lost = Expectation.park(.baseLost, resume: .queued)
    private static let empty = Expectation.park(.contained, resume: .plan)
    private static let tripsLate = Expectation.park(.guard, resume: .implementation)

    static let until = Timestamp.noon + 600
    private static let quota = Deferral(kind: .quota, until: until, message: "the quota is used up")
    private static let stopped = Deferral(kind: .stopped, until: .noon, message: "the line was stopped")
    private static let spent = [Violation(rule: "spec-usd", message: "the spec's cap is spent")]
    private static let large = [Violation(rule: "diff-size", message: "3,000 lines")]

    // swift-format-ignore
    static let table: [Row] = [
        //                            plan        plan-review  implementation  implementation-ci  code-review  merge
        Row(.delivered,               planReview, no,          checks,         no,                no,          no),
        Row(.approved,                no,         code,        no,             no,                merge,       no),
        Row(.green,                   no,         no,          no,             review,            no,          no),
        Row(.changesRequested,        no,         plan,        no,             no,                code,        no),
        Row(.red,                     no,         no,          no,             code,              no,          no),
        Row(.conflict([]),            no,         no,          no,             no,                no,          code),
        Row(.redCandidate,            no,         no,          no,             no,                no,          code),
        Row(.failed(.timeout, "..."), again,      again,       again,          again,             again,       again),
        Row(.failed(.authentication, "..."), keyless, keyless, keyless, keyless,           keyless,     keyless),
        Row(.failed(.modelUnknown, "..."), keyless, keyless,   keyless,         keyless,           keyless,     keyless),
        Row(.failed(.refusal, "..."), again,      again,       again,          again,             again,       again),
        Row(.deferred(quota),         later,      later,       later,          later,             later,       later),
        Row(.deferred(stopped),       again,      again,       again,          again,             again,       again),
        Row(.interrupted,             again,      again,       again,          again,             again,       again),
        Row(.lostSwap,                no,         no,          no,             no,                no,          again),
        Row(.alreadyContained,        no,         no,          no,             no,                no,          empty),
        Row(.baseLost,                lost,       lost,        lost,           lost,              lost,        lost),
        Row(.question("which?"),      asks,       asks,        asks,           no,                asks,        no),
        Row(.blocked("no way"),       asks,       asks,        asks,           no,                asks,        asks),
        Row(.guardTripped(large),     trips,      trips,       trips,          tripsLate,         trips,       tripsLate),
        Row(.budgetSpent(spent),      broke,      broke,       broke,          no,                broke,       no),
        Row(.approvalNeeded("ask"),   no,         no,          no,             no,                no,          .park(.approval)),
        Row(.wouldLand("it may not"), no,         no,          no,             no,                no,          .park(.shadow)),
        Row(.landed(.numbered(1)),    no,         no,          no,             no,                no,          .to(.merged)),
        Row(.redHoldouts(["H2"]),     no,         no,          no,             no,                no,          code),
    ]
}

struct LifecycleTableTests {
    @Test(arguments: Row.table)
    func `every outcome leads from every state where the design says`(_ row: Row) {
        for state in State.allCases {
            let pr = PullRequest.sample(in: state)
            let actual = Result { () throws(IllegalMove) -> Move in
                try Lifecycle.move(pr, on: row.outcome, policy: Policy(), now: .noon)
            }
            switch (row.expectation(in: state), actual) {
            case (.never, .failure(let error)):
                #expect(error == IllegalMove(state: state, what: row.outcome.name))
            case (.to(let next), .success(let move)): #expect(move == Move(to: next), "from \(state)")
            case (.again, .success(let move)): #expect(move == Move(to: state), "from \(state)")
            case (.later, .success(let move)):
                #expect(move == Move(to: state, notBefore: Row.until), "from \(state)")
            case (.park(let kind, let resume), .success(let move)):
                #expect(move.to == .needsAttention, "from \(state)")
                #expect(move.reason?.kind == kind, "from \(state)")
                #expect(move.reason?.stage == state.stage, "from \(state)")
                #expect(move.resume == resume ?? state, "from \(state)")
                #expect(move.notBefore == nil, "from \(state)")
            case (let expectation, let actual):
                Issue.record("in \(state) the table says \(expectation), the line does \(actual)")
            }
        }
    }

    @Test func `the table speaks of every kind of outcome`() {
        let told = Set(Row.table.map { Self.place($0.outcome) })
        #expect(told == Set(0..<21))
        #expect(Outcome.oneOfEachKind.map(Self.place) == Array(0..<21))
    }

    @Test(arguments: Row.table)
    func `the journal accepts exactly the ends that the table knows`(_ row: Row) throws {
        for stage in Stage.allCases {
            let expectation = row.expectation(in: stage.state)
            // Landing has an entry of its own, because it moves two branches.
            if case .landed = row.outcome { continue }
            for target in State.allCases {
                let pr = try PullRequest.sample(in: stage.state).after(.started(.next(stage, of: .sample())))
                var move = Move(to: target)
                if target == .needsAttention {
                    move.reason = Reason(kind: .returns, rule: "a bound", message: "it is reached")
                    move.resume = .plan
                }
                let finish = Finish(
                    token: "\(stage.rawValue)-1", stage: stage, attempt: 1, outcome: row.outcome, move: move)
                let accepted = (try? pr.after(.finished(finish)))?.state
                // A person may want to read an approved plan first.
                let mayWait = row.outcome == .approved && stage == .planReview && target == .needsAttention
                let may = mayWait || Self.mayEnd(expectation, stage, in: target)
                #expect(accepted == (may ? target : nil), "\(stage) \(target)")
            }
        }
    }

    /// What sends back, and what is tried again, has a bound at which it parks.
    private static func mayEnd(_ expectation: Expectation, _ stage: Stage, in target: State) -> Bool {
        switch expectation {
        case .never: false
        case .to(let next): target == next || (target == .needsAttention && next.stage.map { $0 < stage } == true)
        case .again, .later: target == stage.state || target == .needsAttention
        case .park: target == .needsAttention
        }
    }

    /// Every kind has a place here, or this does not compile.
    private static func place(_ outcome: Outcome) -> Int {
        switch outcome {
        case .delivered: 0
        case .approved: 1
        case .green: 2
        case .changesRequested: 3
        case .red: 4
        case .conflict: 5
        case .redCandidate: 6
        case .failed: 7
        case .deferred: 8
        case .interrupted: 9
        case .lostSwap: 10
        case .alreadyContained: 11
        case .baseLost: 12
        case .question: 13
        case .blocked: 14
        case .guardTripped: 15
        case .budgetSpent: 16
        case .approvalNeeded: 17
        case .wouldLand: 18
        case .landed: 19
        case .redHoldouts: 20
        }
    }
}
