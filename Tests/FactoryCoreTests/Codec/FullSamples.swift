package import FactoryCore
import FactoryTestSupport

// Values with every member set, so that one that the codec forgets is missed.

let hostileText = "line\nline\r\n\ttab \"quoted\" back\\slash / \u{1}\u{7F} \u{2028} é \u{1F3A8} </script>"

let fullVerdict = Verdict(
    decision: .requestChanges, summary: hostileText,
    findings: [
        Finding(code: "missing-test", severity: "blocker", path: "Sources/a.swift", line: 12, message: hostileText),
        Finding(code: "style", message: ""),
    ],
    criteria: [
        Criterion(id: "D1", met: .yes, evidence: "a test"), Criterion(id: "D2", met: .no, evidence: ""),
        Criterion(id: "D3", met: .human, evidence: "look at it"),
    ])

let fullReason = Reason(
    kind: .guard, rule: "diff-size, secrets", message: hostileText,
    evidence: [
        Violation(rule: "diff-size", message: "3,000 lines"),
        Violation(rule: "secrets", message: "a key", path: RepoPath("src/key é.txt"), line: 3, subject: "key"),
    ],
    stage: .codeReview)

private let unsteady = {
    var result = CheckResult(name: "unsteady", exit: 0, seconds: 2)
    result.first = CheckResult.Run(exit: 7, seconds: 1.5)
    return result
}()

private let quarantined = {
    var result = CheckResult(name: "quarantined", exit: 1, seconds: 2)
    result.first = CheckResult.Run(exit: nil, seconds: 3)
    result.quarantine = Day("2026-12-24")
    return result
}()

let fullTested = {
    var tested = Tested(
        tree: .numbered(0x31), floor: .numbered(0x32),
        checks: [
            CheckResult(name: "test", exit: 0, seconds: 1.25), CheckResult(name: "lint", exit: 137, seconds: 0),
            CheckResult(name: "slow", exit: nil, seconds: 1200), unsteady, quarantined,
        ])
    tested.baseTests = BaseTestResult(tree: .numbered(0x33), checks: [CheckResult(name: "test", exit: 1, seconds: 2)])
    tested.holdouts = [
        HoldoutResult(id: "H1", hash: .numbered(0x34), passed: true),
        HoldoutResult(id: "H2", hash: .numbered(0x35), passed: false),
    ]
    return tested
}()

let fullCertification = {
    var certification = Certification(id: .numbered(0x41), squash: .numbered(0x42), base: .numbered(0x43))
    certification.route = .api
    certification.holdouts = .numbered(0x44)
    return certification
}()

let fullOpening = {
    var opening = Opening.sample(42, title: hostileText, priority: -3, dependsOn: [3, 41])
    opening.kind = "floor"
    opening.stream = hostileText
    return opening
}()

let fullStart = {
    var start = Start(
        stage: .implementation, attempt: 3, token: "7-implementation-3", head: .numbered(0x51), base: .numbered(0x52),
        floor: .numbered(0x53))
    start.plan = .numbered(0x54)
    return start
}()

let fullFinish = {
    var finish = Finish(
        token: "7-implementation-3", stage: .implementation, attempt: 3, outcome: .delivered,
        move: Move(to: .needsAttention, reason: fullReason, resume: .plan, notBefore: .noon + 0.5))
    finish.head = .numbered(0x61)
    finish.base = .numbered(0x62)
    finish.approvedPlan = ApprovedPlan(spec: .numbered(0x63), plan: .numbered(0x64))
    finish.plannedFiles = ["lib/a.txt", hostileText]
    finish.tested = fullTested
    finish.verdict = fullVerdict
    finish.checks = fullTested.checks
    finish.warnings = fullReason.evidence
    finish.summary = hostileText
    finish.usage = Usage(inputTokens: 1200, outputTokens: 34, costUSD: 0.125)
    finish.charge = Charge(
        Amount(micros: 1_234_567, tokens: 1234, milliseconds: 12_345), basis: .reported, note: hostileText)
    finish.seconds = 12.345
    finish.rescue = .numbered(0x65)
    return finish
}()

let fullOverride = {
    var override = Override(rule: "secret", by: "bea", head: .numbered(0x88))
    var shown = Override.Objection(
        Violation(rule: "secret", message: "", path: RepoPath("a/b"), subject: hostileText))
    shown.content = .numbered(0x89)
    override.objections = [shown, Override.Objection(Violation(rule: "secret", message: ""))]
    override.isPartial = true
    return override
}()

let fullEvents: [Event] =
    [
        .opened(fullOpening), .amended(.sample()),
        .pushed(head: .numbered(0x71), base: .numbered(0xBA), to: .implementationCI),
        .started(fullStart), .started(.next(.plan, of: .sample())), .finished(fullFinish),
        .certified(token: "7-merge-1", fullCertification, certificate: ["v": 1, "nested": ["a": [1, .null]]]),
        .certified(token: "7-merge-1", fullCertification, certificate: ["v": 2], tested: fullTested),
        .approved(overrides: [], head: .numbered(0x75), of: .certificate(.numbered(0x76))),
        .approved(
            overrides: [], head: .numbered(0x77), of: .plan(ApprovedPlan(spec: .numbered(0x78), plan: .numbered(0x79)))),
        .resumed(to: .merge, note: hostileText),
        .reverting(fullCertification, certificate: ["v": 1], note: hostileText), .reverted(.numbered(0x75)),
        .landed(.numbered(0x72)), .approved(overrides: ["diff-size", "secrets"], head: .numbered(0x73)),
        .approved(overrides: ["secret"], head: .numbered(0x73), seeing: fullOverride.objections),
        .approved(overrides: [], head: .numbered(0x74)), .answered(hostileText), .retried(to: .plan, note: hostileText),
        .retried(to: .queued, note: ""), .parked(note: "wait"), .parked(note: ""), .closed(note: "no"),
        .closed(note: ""), .noted(hostileText), .noted(""),
        .unknown(kind: "sung", ["kind": "sung", "song": ["verse": 1]]),
    ]
    + Outcome.oneOfEachKind.map { outcome in
        .finished(Finish(token: "t", stage: .merge, attempt: 1, outcome: outcome, move: Move(to: .merge)))
    }

let fullPullRequest = {
    var pr = PullRequest(fullOpening, number: PRNumber(42), at: .noon)
    pr.state = .needsAttention
    pr.updatedAt = .noon + 1.234
    for (index, stage) in Stage.allCases.enumerated() {
        var counts = Counts()
        counts.attempts = index + 1
        counts.returns = index
        counts.failures = index * 2
        counts.interruptions = index % 2
        pr.counts[stage] = counts
    }
    pr.active = Session(token: "7-merge-6", stage: .merge, attempt: 6, startedAt: .noon + 1)
    pr.reason = fullReason
    pr.resume = .implementation
    pr.notBefore = .noon + 60
    pr.waiting = Waiting(since: .noon, count: 4, costUSD: 0.75)
    pr.contendedSince = .noon + 2
    pr.approvedPlan = ApprovedPlan(spec: .numbered(0x81), plan: .numbered(0x82))
    pr.plannedFiles = ["src/**"]
    pr.tested = fullTested
    pr.reviewedHead = .numbered(0x83)
    pr.certificate = fullCertification
    pr.overrides = [
        Override(rule: "diff-size", by: "ann"), Override(rule: "secrets", by: "", head: .numbered(0x87)),
        fullOverride,
    ]
    pr.withheldBase = .numbered(0x8A)
    pr.warnings = fullReason.evidence
    pr.approvedHead = .numbered(0x84)
    pr.approvals = [
        Approval(of: .plan(ApprovedPlan(spec: .numbered(0x87), plan: .numbered(0x88))), by: "ann"),
        Approval(of: .certificate(.numbered(0x89)), by: ""),
    ]
    pr.proposal = Proposal(fullCertification, isShadow: true)
    pr.withheld = .numbered(0x85)
    pr.landed = .numbered(0x86)
    pr.revert = fullCertification
    pr.reverted = .numbered(0x87)
    pr.usage = Usage(inputTokens: 5, outputTokens: 6, costUSD: 7)
    pr.extra = ["mood": "sunny", "nested": ["deep": [1, 2.5, .null, false]]]
    return pr
}()

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON: ExpressibleByFloatLiteral {
    package init(floatLiteral value: Double) { self = .double(value) }
}
