package import FactoryCore

/// A person's word about the whole line.
package struct LineControl: Sendable {
    private let ports: LinePorts

    package init(_ ports: LinePorts) { self.ports = ports }

    /// How a start ended.
    package enum Start: Sendable {
        /// It goes on; this is what had stopped it.
        case started([Standing.Stop])
        case notStopped
        /// The main branch still is red, so it stays stopped.
        case stillRed(Standing.Probe)
        case cancelled
    }

    /// Lets the line go on. One that stopped because the main branch was red goes on when it is green by now; with
    /// `anyway` it goes on from the main branch as it is.
    package func start(note: String, by person: String, anyway: Bool) async throws -> Start {
        while !Task.isCancelled {
            let tip = try await ports.standing.standing()
            guard tip.standing.isStopped else { return .notStopped }
            let main = try await ports.hub.mainTip()
            if tip.standing.isMainRed, !anyway {
                switch try await MainProbe(ports: ports).ask(main, anew: true) {
                case .green: break
                case .red(let probe): return .stillRed(probe)
                case .cancelled: return .cancelled
                case .busy:
                    await ports.clock.sleep(seconds: 0.5)
                    continue
                }
            }
            let accepted = tip.standing.isMainRed && anyway ? main : nil
            let event = StandingEvent(.started(note: note, accepted: accepted), at: ports.clock.now(), by: person)
            do {
                // What the probe has written since is no reason to look again; another stop is.
                let newest = try await ports.standing.standing()
                guard newest.standing.stops == tip.standing.stops else { continue }
                _ = try await ports.standing.append(event, to: newest, artifacts: [])
                return .started(tip.standing.stops)
            } catch is StandingConflict {}
        }
        return .cancelled
    }
}

extension StandingBook {
    /// Stops the line for a person, and gives the standing. Whoever stops it again without another word, and without
    /// ending at once what still ran, changes nothing.
    package func stop(note: String, by person: String, urgent: Bool, at now: Timestamp) async throws -> Standing {
        var stop = Standing.Stop(.person, note, at: now, by: person)
        stop.isUrgent = urgent
        return try await append { standing in
            let event = StandingEvent(.stopped(stop), at: now, by: person)
            return (try? standing.applying(event)) == nil ? nil : event
        }.standing
    }
}
