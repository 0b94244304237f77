import FactoryCore
import FactoryFiles
import Glibc

/// Lays a program's login files out for a session, and takes them back when the program has renewed them.
package struct LoginFiles {
    /// A file with what it held when it was laid out.
    struct LaidOut {
        let source: String
        let copy: String
        let bytes: [UInt8]
    }

    /// Bytes of a login file.
    private static let limit = 1 << 20

    /// The user's files of a profile, as far as they are there.
    static func present(_ profile: AgentProfile, home: String?) -> [(source: String, to: String)] {
        profile.login.compactMap { file in
            path(file.from, home: home).flatMap { Files.exists($0) ? ($0, file.to) : nil }
        }
    }

    /// The path of a login file; nil when it lies in a home that is not known.
    package static func path(_ path: String, home: String?) -> String? {
        guard path.hasPrefix("~/") else { return path }
        return home.map { Paths.join($0, String(path.dropFirst(2))) }
    }

    /// Copies them to where the session expects them.
    static func layOut(
        _ files: [(source: String, to: String)], filled: (String) -> String
    ) throws(SystemError) -> [LaidOut] {
        var laidOut: [LaidOut] = []
        for file in files {
            let copy = filled(file.to)
            let bytes = try Files.read(file.source, limit: limit)
            try Files.makeDirectory(Paths.parent(of: copy), mode: 0o700)
            try Files.write(bytes, to: copy)
            chmod(copy, 0o600)
            laidOut.append(LaidOut(source: file.source, copy: copy, bytes: bytes))
        }
        return laidOut
    }

    /// Copies back what the program has changed. Returns what was not taken, in words.
    ///
    /// The session could write to the copies, so one is taken only if it still looks like the original: a regular file, and
    /// where that was a JSON object, one with the same members. And only if nobody else has changed the original meanwhile.
    static func takeBack(_ files: [LaidOut]) -> [String] {
        var refused: [String] = []
        for file in files {
            do throws(SystemError) {
                let new = try Files.readUntrusted(file.copy, limit: limit)
                guard new != file.bytes else { continue }
                guard try Files.read(file.source, limit: limit) == file.bytes else {
                    refused.append("\(file.source) has changed meanwhile, so the session's renewed login is dropped")
                    continue
                }
                guard looksAlike(new, file.bytes) else {
                    refused.append("\(file.source) stays as it is: what the session left is no such login")
                    continue
                }
                try Files.write(new, to: file.source)
                chmod(file.source, 0o600)
            } catch {
                if !error.isMissing { refused.append("the login \(file.source) cannot be taken back: \(error)") }
            }
        }
        return refused
    }

    private static func looksAlike(_ new: [UInt8], _ old: [UInt8]) -> Bool {
        guard let before = (try? JSON(parsing: old))?.object else { return !new.isEmpty && new.count <= 4 * old.count }
        guard let after = (try? JSON(parsing: new))?.object else { return false }
        return Set(before.members.map(\.key)) == Set(after.members.map(\.key))
    }
}

/// Lets one session at a time use a login: two that renew it would lock each other out.
actor LoginDesk {
    private let directory: String
    private var held: [String: FileLock] = [:]
    private var queue: [String: [CheckedContinuation<Void, Never>]] = [:]

    /// `directory` is where lock files go.
    init(directory: String) { self.directory = directory }

    /// Waits until no other session of this process uses the login. False: another process does.
    func take(_ name: String) async throws(SystemError) -> Bool {
        while held[name] != nil {
            await withCheckedContinuation { queue[name, default: []].append($0) }
        }
        try Files.makeDirectory(directory)
        guard let lock = try FileLock(tryLocking: Paths.join(directory, "login-\(name).lock")) else { return false }
        held[name] = lock
        return true
    }

    func giveBack(_ name: String) {
        held[name] = nil
        if queue[name]?.isEmpty == false { queue[name]?.removeFirst().resume() }
    }

    /// A login as the name of a lock: two profiles may share one.
    static func name(of files: [(source: String, to: String)]) -> String {
        files.map(\.source).joined(separator: "+").map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
    }
}
