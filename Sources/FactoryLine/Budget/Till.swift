import FactoryCore

/// The line's hand on the ledger: reserves before sessions, settles after them.
///
/// What has ended is settled in the same entry that reserves for the next session, so a session costs one append. Until
/// then the ledger holds more than was used, never less, and a crash loses nothing: the PR's journal knows the charge.
actor Till {
    private let executor: any SerialExecutor
    private let book: any LedgerBook
    private let journal: any Journal
    private let clock: any WallClock
    /// Sessions that have ended, and whose settling waits for the next entry.
    private var pending: [Settlement] = []
    /// Specs that have landed, whose accounts go with the next entry: the ledger must not grow with what is done.
    private var landed: Set<PRNumber> = []
    /// Sessions of this process that have not ended.
    private var running: Set<SessionName> = []
    /// What this process has charged, by session.
    private var charged: [SessionName: Charge] = [:]

    init(_ ports: LinePorts, executor: any SerialExecutor) {
        self.executor = executor
        book = ports.ledger
        journal = ports.journal
        clock = ports.clock
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Puts aside what the session may use. Once it is granted it stands in the ledger.
    func reserve(_ session: SessionName, _ configuration: Configuration) async throws -> BudgetAnswer {
        while true {
            let waiting = pending
            let tip = try await book.ledger()
            let request = request(session, configuration)
            let answer = try tip.ledger.answer(to: request, settling: waiting)
            guard case .granted(let grant, var event?) = answer else {
                if case .granted = answer { running.insert(session) }
                return answer
            }
            event.forgotten =
                event.opened == nil
                ? closable(tip.ledger, after: event.settled)
                : try await finished(among: tip.ledger, but: session.pr)
            if try await append(event, to: tip, settling: waiting) {
                running.insert(session)
                return .granted(grant, event)
            }
        }
    }

    private func request(_ session: SessionName, _ configuration: Configuration) -> BudgetRequest {
        let now = clock.now()
        return BudgetRequest(
            session: session, caps: configuration.budget, wall: configuration.limits.stage, now: now,
            nightEnds: ends(configuration, now))
    }

    /// When a night ends that is opened now.
    private func ends(_ configuration: Configuration, _ now: Timestamp) -> Timestamp {
        Night.ends(openedAt: now, window: configuration.night, minuteOfDay: clock.minuteOfDay())
    }

    /// The session has ended, or never began.
    func settle(_ session: SessionName, _ charge: Charge) {
        running.remove(session)
        charged[session] = charge
        pending.append(Settlement(session: session, charge: charge))
    }

    /// The spec has landed and cannot come back.
    func close(_ number: PRNumber) { landed.insert(number) }

    /// Writes what waits to be settled.
    func flush() async throws { try await flush { _ in nil } }

    /// Begins a night, whatever the last one has left.
    func beginNight(_ configuration: Configuration) async throws {
        let now = clock.now()
        let until = ends(configuration, now)
        try await flush { Night(id: ($0.night?.id ?? 0) + 1, openedAt: now, until: until) }
    }

    private func flush(opening night: (Ledger) -> Night?) async throws {
        while true {
            let waiting = pending
            let tip = try await book.ledger()
            var event = LedgerEvent(at: clock.now())
            event.settled = waiting.filter { tip.ledger.reservation(of: $0.session) != nil }
            event.opened = night(tip.ledger)
            event.forgotten =
                event.opened == nil
                ? closable(tip.ledger, after: event.settled) : try await finished(among: tip.ledger)
            if event.isEmpty { return pending.removeAll { waiting.contains($0) } }
            if try await append(event, to: tip, settling: waiting) { return }
        }
    }

    /// False: somebody else was faster. What was waiting and is not in the event was settled by whoever took the PR over.
    private func append(_ event: LedgerEvent, to tip: LedgerTip, settling waiting: [Settlement]) async throws -> Bool {
        do { _ = try await book.append(event, to: tip) } catch is LedgerConflict { return false }
        pending.removeAll { waiting.contains($0) }
        landed.subtract(event.forgotten)
        return true
    }

    /// Those that have landed, as far as all of their sessions are settled by then.
    private func closable(_ ledger: Ledger, after settled: [Settlement]) -> [PRNumber] {
        guard !landed.isEmpty else { return [] }
        let ended = Set(settled.map(\.session))
        let busy = Set(ledger.reservations.map(\.session).filter { !ended.contains($0) }.map(\.pr))
        let known = landed.filter { number in
            ledger.specs[number] != nil || ended.contains { $0.pr == number }
        }
        landed.formIntersection(known)
        return known.subtracting(busy).sorted()
    }

    /// The specs whose accounts nobody needs any more: a landed or closed one comes back only by a person's submission.
    private func finished(among ledger: Ledger, but number: PRNumber? = nil) async throws -> [PRNumber] {
        let open = Set(try await journal.list().filter { !$0.pr.state.isFinal }.map(\.pr.number))
        let busy = Set(ledger.reservations.map(\.session.pr))
        return ledger.specs.keys.filter { !open.contains($0) && !busy.contains($0) && $0 != number }.sorted()
    }
}

extension Till {
    /// The night's cap that is spent, and when the night ends; nil while there is room.
    func nightShortage(_ configuration: Configuration) async throws -> (shortage: Shortage, until: Timestamp)? {
        guard !configuration.budget.night.limits.isEmpty else { return nil }
        let ledger = try await ledger()
        let now = clock.now()
        guard let shortage = ledger.nightShortage(configuration.budget, at: now) else { return nil }
        // A cap of nothing is spent before a night is opened.
        if let night = ledger.night, !ledger.needsNight(at: now) { return (shortage, night.until) }
        return (shortage, ends(configuration, now))
    }

    /// What a spec was charged so far, by stage.
    func spent(by number: PRNumber) async throws -> [(stage: Stage, amount: Amount)] {
        (try await ledger().specs[number] ?? [:]).sorted { $0.key < $1.key }.map { (stage: $0.key, amount: $0.value) }
    }

    /// The ledger with what waits to be settled.
    private func ledger() async throws -> Ledger {
        let ledger = try await book.ledger().ledger
        var event = LedgerEvent(at: clock.now())
        event.settled = pending.filter { ledger.reservation(of: $0.session) != nil }
        return event.isEmpty ? ledger : try ledger.applying(event)
    }

    /// PRs with something put aside for sessions that this process does not run: a line that died has left them, or
    /// another line works them.
    func foreign() async throws -> Set<PRNumber> {
        Set(try await book.ledger().ledger.reservations.map(\.session).filter { !isOwn($0) }.map(\.pr))
    }

    private func isOwn(_ session: SessionName) -> Bool {
        running.contains(session) || pending.contains { $0.session == session }
    }

    /// What a session is charged whose end the journal does not tell: what this process has charged it, else all that
    /// stands put aside, because nobody knows; nil when nothing does. The ledger says the same.
    func charge(ofUntold session: SessionName) async throws -> Charge? {
        if let charge = charged[session] { return charge }
        return try await book.ledger().ledger.reservation(of: session).map { .worst(of: $0) }
    }

    /// Settles what dead sessions of a PR, whose lease the caller holds, have left: at what its journal says that they
    /// were charged, at nothing when they never started, else at the worst.
    func recover(_ number: PRNumber) async throws {
        let left = try await book.ledger().ledger.reservations.filter { $0.session.pr == number && !isOwn($0.session) }
        guard !left.isEmpty else { return }
        let history = try await journal.history(of: number)
        for reservation in left { settle(reservation.session, Self.charge(reservation, by: history)) }
        try await flush()
    }

    private static func charge(_ reservation: Reservation, by history: [RecordedEntry]) -> Charge {
        let (stage, attempt) = (reservation.session.stage, reservation.session.attempt)
        var started = false
        for item in history {
            switch item.entry.event {
            case .started(let start): started = started || (start.stage == stage && start.attempt == attempt)
            case .finished(let finish) where finish.stage == stage && finish.attempt == attempt:
                return finish.charge ?? .worst(of: reservation)
            case .opened, .amended, .pushed, .finished, .certified, .landed, .reverting, .reverted, .approved,
                .answered, .retried, .resumed, .parked, .closed, .noted, .unknown:
                continue
            }
        }
        return started ? .worst(of: reservation) : .nothing
    }
}
