package import FactoryCore
import FactoryText

/// Reads specs from Markdown files.
package enum SpecFile {
    /// In bytes. A longer text is no task for one PR.
    package static let maximumSize = 64 << 10

    /// Reads a spec, or throws all that is wrong with it. `path` is the file in the repository; its name gives the number.
    package static func parse(_ bytes: [UInt8], path: RepoPath) throws(SpecError) -> Spec {
        func refused(_ message: String, line: Int? = nil) -> SpecError {
            SpecError(path: path, findings: [SpecFinding(line: line, message: message)])
        }
        guard bytes.count <= maximumSize else {
            throw refused("it has \(bytes.count) bytes, more than \(maximumSize); split it, or move material to files")
        }
        if let zero = bytes.firstIndex(of: 0) { throw refused("byte \(zero) is zero; a spec is plain text") }
        let text: String
        do throws(InvalidUTF8) {
            text = try UTF8Text.decode(bytes)
        } catch {
            throw refused("byte \(error.offset) is no UTF-8; save the file as UTF-8", line: error.line)
        }
        return try read(text, path: path)
    }

    /// Reads a spec from a text, likewise.
    package static func parse(_ text: String, path: RepoPath) throws(SpecError) -> Spec {
        try parse(Array(text.utf8), path: path)
    }

    private static func read(_ text: String, path: RepoPath) throws(SpecError) -> Spec {
        var reader = SpecReader(sections: MarkdownSections(text, labels: SpecSection.labels))
        let spec = reader.read(path: path)
        guard let spec, reader.findings.isEmpty else {
            throw SpecError(path: path, findings: reader.findings.sorted { $0.line ?? 0 < $1.line ?? 0 })
        }
        return spec
    }
}

/// The four sections of a spec, and by which names people call them.
enum SpecSection: CaseIterable {
    case problem, reproduce, done, context

    var names: [String] {
        switch self {
        case .problem: ["Problem", "Summary", "Motivation", "What happens"]
        case .reproduce: ["Reproduce", "Steps to reproduce"]
        case .done: ["Done", "Done when", "Acceptance criteria", "Expected"]
        case .context: ["Context", "Constraints", "Out of scope"]
        }
    }

    static var labels: [String] { allCases.flatMap(\.names) }
}
