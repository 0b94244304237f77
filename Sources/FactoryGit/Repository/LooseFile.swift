import CZlib
import FactoryFiles
import Glibc

/// The file of one object that is in no pack: compressed, `<kind> <size>` and a zero byte before the content.
enum LooseFile {
    private static let chunk = 1 << 16

    /// Whether the file unpacks to the end, to as many bytes as it says itself.
    static func isWhole(_ path: String) throws(SystemError) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw SystemError("open", path) }
        defer { close(file) }
        // zlib keeps a pointer to it.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw SystemError("inflateInit", path, code: ENOMEM)
        }
        defer { inflateEnd(stream) }
        return try unpack(file, path, stream)
    }

    private static func unpack(
        _ file: Int32, _ path: String, _ stream: UnsafeMutablePointer<z_stream>
    ) throws(SystemError) -> Bool {
        var packed = [UInt8](repeating: 0, count: chunk)
        var plain = [UInt8](repeating: 0, count: chunk)
        var expected: UInt?
        while true {
            let count = read(file, &packed, chunk)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read", path) }
            // The file is at its end and the content is not.
            guard count > 0 else { return false }
            let code = packed.withUnsafeMutableBufferPointer { input in
                plain.withUnsafeMutableBufferPointer { output in
                    inflate(input, count, into: output, stream) { expected = expected ?? size(of: $0) }
                }
            }
            switch code {
            case Z_STREAM_END: return expected.map { $0 == stream.pointee.total_out } ?? false
            case Z_OK, Z_BUF_ERROR: continue
            default: return false
            }
        }
    }

    /// Unpacks what was read; what comes out is looked at once and written over.
    private static func inflate(
        _ input: UnsafeMutableBufferPointer<UInt8>, _ count: Int, into output: UnsafeMutableBufferPointer<UInt8>,
        _ stream: UnsafeMutablePointer<z_stream>, _ look: (UnsafeBufferPointer<UInt8>) -> Void
    ) -> Int32 {
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(count)
        while true {
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            look(UnsafeBufferPointer(rebasing: output[..<(output.count - Int(stream.pointee.avail_out))]))
            guard code == Z_OK, stream.pointee.avail_out == 0 else { return code }
        }
    }

    /// How many bytes there are, header and all, as the header says.
    private static func size(of start: UnsafeBufferPointer<UInt8>) -> UInt? {
        guard let end = start.prefix(64).firstIndex(of: 0), let space = start[..<end].firstIndex(of: 0x20),
            let size = UInt(String(decoding: start[(space + 1)..<end], as: UTF8.self))
        else { return nil }
        return size + UInt(end) + 1
    }
}
