import CYAML

/// What libyaml reports about a text, one after the other.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case scalar(YAML.Scalar)
        case alias(String)
        case listStart
        case mappingStart
        /// The end of a list or a mapping.
        case end
        case streamEnd
        /// What we need not know about.
        case other
    }
    let kind: Kind
    let position: YAML.Position
    let anchor: String?
    let tag: String?
}

/// Walks through a text with libyaml's parser. The parser points into itself and into the bytes, so both stay where they
/// are for the life of this object.
final class YAMLEvents {
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let source: YAMLSource

    /// The buffer must hold the source's bytes and outlive this object.
    init(_ source: YAMLSource, buffer: UnsafeBufferPointer<UInt8>) {
        self.source = source
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event. After `streamEnd` or an error there is none.
    func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return translate(event)
    }

    private func translate(_ event: yaml_event_t) -> YAMLEvent {
        let mark = event.start_mark
        let position = source.position(line: mark.line, column: mark.column)
        func made(_ kind: YAMLEvent.Kind, _ anchor: UnsafePointer<UInt8>?, _ tag: UnsafePointer<UInt8>?) -> YAMLEvent {
            YAMLEvent(kind: kind, position: position, anchor: text(anchor), tag: text(tag))
        }
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return made(.documentStart, nil, nil)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let value = YAML.Scalar(
                text: String(decoding: bytes, as: UTF8.self), isQuoted: scalar.style != YAML_PLAIN_SCALAR_STYLE)
            return made(.scalar(value), scalar.anchor, scalar.tag)
        case YAML_ALIAS_EVENT: return made(.alias(text(event.data.alias.anchor) ?? ""), nil, nil)
        case YAML_SEQUENCE_START_EVENT:
            return made(.listStart, event.data.sequence_start.anchor, event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            return made(.mappingStart, event.data.mapping_start.anchor, event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return made(.end, nil, nil)
        case YAML_STREAM_END_EVENT: return made(.streamEnd, nil, nil)
        default: return made(.other, nil, nil)
        }
    }

    private func text(_ pointer: UnsafePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func failure() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
        if parser.pointee.error == YAML_READER_ERROR {
            return source.error(problem, atByte: parser.pointee.problem_offset)
        }
        let mark = parser.pointee.problem_mark
        if source.line(mark.line)?.dropFirst(mark.column).first == "\t" {
            return source.error(
                "a tab cannot stand here; indent with spaces", at: source.position(line: mark.line, column: mark.column)
            )
        }
        return source.error(context(of: mark) + problem, at: source.position(line: mark.line, column: mark.column))
    }

    /// What was being read, and where that starts if it is another line.
    private func context(of problem: yaml_mark_t) -> String {
        guard let context = parser.pointee.context.map({ String(cString: $0) }) else { return "" }
        let start = parser.pointee.context_mark.line
        return context + (start == problem.line ? "" : " that starts in line \(start + source.firstLine)") + ": "
    }
}
