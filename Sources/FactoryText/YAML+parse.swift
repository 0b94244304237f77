extension YAML {
    /// In bytes.
    package static let maximumSize = 1 << 20
    package static let maximumDepth = 64
    /// Values after every alias has been replaced by what it stands for: a bound for "billion laughs".
    package static let maximumValues = 100_000

    /// Reads one document. A text without one is an unquoted null. Errors beside bad syntax: a key that stands twice, a
    /// key that is no text, tags, a second document, and more than the bounds above allow.
    /// `firstLine` is the number of the text's first line, for a part of a larger file.
    package static func parse(_ bytes: [UInt8], firstLine: Int = 1) throws(YAMLError) -> YAML {
        var source = YAMLSource(bytes: bytes, firstLine: firstLine)
        guard bytes.count <= maximumSize else {
            throw source.error("the text has \(bytes.count) bytes, more than \(maximumSize)", atByte: 0)
        }
        do throws(InvalidUTF8) {
            source = YAMLSource(bytes: Array(try UTF8Text.decode(bytes).utf8), firstLine: firstLine)
        } catch {
            throw source.error("byte \(error.offset) is no UTF-8", atByte: error.offset)
        }
        if let offset = source.bytes.firstIndex(where: isForbidden) {
            let code = String(source.bytes[offset], radix: 16, uppercase: true)
            throw source.error("the control character 0x\(code) cannot stand in YAML", atByte: offset)
        }
        return try source.bytes.withUnsafeBufferPointer { buffer throws(YAMLError) in
            var composer = YAMLComposer(source: source, events: YAMLEvents(source, buffer: buffer))
            return try composer.document()
        }
    }

    /// Reads one document from a text.
    package static func parse(_ text: String, firstLine: Int = 1) throws(YAMLError) -> YAML {
        try parse(Array(text.utf8), firstLine: firstLine)
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte == 0x7F || byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D
    }
}

/// Builds the tree from the events.
private struct YAMLComposer {
    let source: YAMLSource
    let events: YAMLEvents
    var values = 0
    var anchors: [String: (value: YAML, size: Int)] = [:]

    mutating func document() throws(YAMLError) -> YAML {
        var root: YAML?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd:
                let nothing = YAML.Scalar(text: "", isQuoted: false)
                return root ?? YAML(content: .scalar(nothing), position: source.position(line: 0, column: 0))
            case .documentStart:
                guard root == nil else { throw source.error("a second document; one is enough", at: event.position) }
                root = try value(from: try events.next(), depth: 1)
            case .scalar, .alias, .listStart, .mappingStart, .end, .other: continue
            }
        }
    }

    private mutating func value(from event: YAMLEvent, depth: Int) throws(YAMLError) -> YAML {
        guard depth <= YAML.maximumDepth else {
            throw source.error("nested deeper than \(YAML.maximumDepth) levels", at: event.position)
        }
        if let tag = event.tag {
            throw source.error("the tag \"\(tag)\" is not supported; write the value without it", at: event.position)
        }
        if case .alias(let name) = event.kind { return try expand(name, at: event.position) }
        let before = values
        try count(1, at: event.position)
        if let anchor = event.anchor { anchors[anchor] = nil }
        let result = YAML(content: try content(of: event, depth: depth), position: event.position)
        if let anchor = event.anchor { anchors[anchor] = (result, values - before) }
        return result
    }

    private mutating func content(of event: YAMLEvent, depth: Int) throws(YAMLError) -> YAML.Content {
        switch event.kind {
        case .scalar(let scalar):
            guard !scalar.text.utf8.contains(0) else { throw source.error("a zero byte in a text", at: event.position) }
            return .scalar(scalar)
        case .listStart: return .list(try items(depth: depth))
        case .mappingStart: return .mapping(try members(depth: depth))
        case .documentStart, .alias, .end, .streamEnd, .other:
            throw source.error("a value was expected", at: event.position)
        }
    }

    private mutating func items(depth: Int) throws(YAMLError) -> [YAML] {
        var items: [YAML] = []
        while true {
            let event = try events.next()
            if case .end = event.kind { return items }
            items.append(try value(from: event, depth: depth + 1))
        }
    }

    private mutating func members(depth: Int) throws(YAMLError) -> [YAML.Member] {
        var members: [YAML.Member] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try events.next()
            if case .end = event.kind { return members }
            let key = try value(from: event, depth: depth + 1)
            guard case .scalar(let scalar) = key.content else {
                throw source.error("a key must be text, not \(key.kind)", at: event.position)
            }
            if let line = lines[scalar.text] {
                throw source.error(
                    "the key \"\(scalar.text)\" stands twice; the first is in line \(line)", at: event.position)
            }
            lines[scalar.text] = event.position.line
            let value = try value(from: try events.next(), depth: depth + 1)
            members.append(YAML.Member(key: scalar.text, position: event.position, value: value))
        }
    }

    /// The anchored value, with the place where it is used.
    private mutating func expand(_ name: String, at position: YAML.Position) throws(YAMLError) -> YAML {
        guard let (value, size) = anchors[name] else {
            throw source.error("*\(name) stands for nothing: there is no complete &\(name) before it", at: position)
        }
        try count(size, at: position)
        return YAML(content: value.content, position: position)
    }

    private mutating func count(_ more: Int, at position: YAML.Position) throws(YAMLError) {
        values += more
        guard values <= YAML.maximumValues else {
            throw source.error("more than \(YAML.maximumValues) values", at: position)
        }
    }
}
