import FactoryCore
import FactoryFiles
import Glibc

/// The files of one session, beside the lane: its prompt, the directory it may write its result to, its transcript.
struct SessionFolder {
    let path: String

    var prompt: String { Paths.join(path, "prompt.md") }
    /// The one directory outside the lane that the agent may write to.
    var out: String { Paths.join(path, "out") }
    var result: String { Paths.join(out, "result.json") }
    var transcript: String { Paths.join(path, "transcript.log") }
    /// The JSON schema of the result, for programs that take one.
    var schema: String { Paths.join(path, "schema.json") }
    /// Two directories for a known program's own files, gone with the session. A login may lie in the first.
    var state: String { Paths.join(path, "state") }
    var tmp: String { Paths.join(path, "tmp") }

    /// Lays out the prompt and an empty directory for the result: an older session's result must not count.
    func prepare(prompt text: String) throws(SystemError) {
        try Files.makeDirectory(path)
        try Files.remove(out)
        try Files.makeDirectory(out)
        try Files.write(text, to: prompt)
    }

    /// Lays out what a known program needs beside that.
    func prepare(_ files: [(path: String, text: String)], schema text: String) throws(SystemError) {
        try clear()
        for directory in [state, tmp] { try Files.makeDirectory(directory, mode: 0o700) }
        try Files.write(text, to: schema)
        for file in files {
            try Files.makeDirectory(Paths.parent(of: file.path))
            try Files.write(file.text, to: file.path)
        }
    }

    /// Removes a known program's own files.
    func clear() throws(SystemError) {
        for directory in [state, tmp] { try Files.remove(directory) }
    }

    /// What a session left as its result.
    enum Left {
        case nothing
        case document(ResultDocument)
        case unusable(InvalidResult)
    }

    /// Reads the result as what it is, a file that a stranger prepared. Credentials in it are taken out, of the file as
    /// well.
    func readResult(without redaction: Redaction) -> Left {
        guard isOwnDirectory(out) else {
            return .unusable(InvalidResult("the directory of FACTORY_RESULT was removed or replaced"))
        }
        do throws(SystemError) {
            let found = try Files.readUntrusted(result, limit: ResultDocument.limit)
            let bytes = redaction.clean(found)
            if bytes != found { try Files.write(bytes, to: result) }
            do throws(InvalidResult) { return .document(try ResultDocument(bytes)) } catch { return .unusable(error) }
        } catch {
            return error.isMissing ? .nothing : .unusable(InvalidResult(Self.fault(error)))
        }
    }

    /// A link in place of the directory would lead to a file of somebody else.
    private func isOwnDirectory(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    private static func fault(_ error: SystemError) -> String {
        switch error.code {
        case ELOOP: "the result file is a symbolic link; write a regular file"
        case EINVAL, ENXIO: "the result file is no regular file"
        case EFBIG: "the result file is larger than \(ResultDocument.limit) bytes"
        default: "the result file cannot be read (\(String(cString: strerror(error.code))))"
        }
    }
}
