/// Python functions that do nothing, and `raise NotImplementedError`. What is abstract, a protocol or an overload is
/// meant to be like that.
enum PythonStubs {
    private struct Scope {
        var indent: Int
        var isAbstract: Bool
    }

    static func places(in masked: MaskedSource) -> [StubLanguage.Place] {
        let lines = PythonLine.all(in: masked)
        var places: [StubLanguage.Place] = []
        var scopes: [Scope] = []
        var isDecorated = false
        for (number, line) in lines.enumerated() {
            while let scope = scopes.last, scope.indent >= line.indent { scopes.removeLast() }
            if masked.has("@", at: line.start) {
                let decorator = masked.codeText(line.range)
                isDecorated = isDecorated || decorator.contains("abstract") || decorator.contains("overload")
                continue
            }
            let isAbstract = scopes.contains { $0.isAbstract }
            if let name = line.name(after: "def", in: masked) {
                let isMeant = isDecorated || isAbstract
                if !isMeant, !name.hasPrefix("__"), let body = emptyBody(of: number, lines, masked) {
                    places.append((body, "`\(name)` does nothing"))
                }
                scopes.append(Scope(indent: line.indent, isAbstract: isMeant))
                isDecorated = false
                continue
            }
            isDecorated = false
            if line.name(after: "class", in: masked) != nil {
                let head = masked.codeText(line.range)
                scopes.append(
                    Scope(
                        indent: line.indent, isAbstract: isAbstract || head.contains("ABC") || head.contains("Protocol")
                    ))
            } else if !isAbstract, masked.has("raise NotImplementedError", at: line.start) {
                places.append((line.start, "it raises NotImplementedError"))
            }
        }
        return places
    }

    /// Where the one statement of the function stands, when that is `pass` or `...`; else nil.
    private static func emptyBody(of number: Int, _ lines: [PythonLine], _ masked: MaskedSource) -> Int? {
        let head = lines[number]
        let body = lines[(number + 1)...].prefix { $0.indent > head.indent }
        let statements = body.filter { !isString($0, masked) }
        guard statements.count == 1, let only = statements.first else {
            let code = masked.codeText(head.range).trimmingSpace
            return body.isEmpty && (code.hasSuffix(": pass") || code.hasSuffix(": ...")) ? head.start : nil
        }
        let code = masked.codeText(only.range).trimmingSpace
        return code == "pass" || code == "..." ? only.start : nil
    }

    /// Whether the line is a text alone: documentation.
    private static func isString(_ line: PythonLine, _ masked: MaskedSource) -> Bool {
        let code = masked.codeText(line.range).filter { !$0.isWhitespace }
        return !code.isEmpty && code.allSatisfy { "\"'rRuUbB".contains($0) }
    }
}
