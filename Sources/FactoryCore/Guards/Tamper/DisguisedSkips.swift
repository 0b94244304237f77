/// Skip marks whose letters only look like those of the real ones.
enum DisguisedSkips {
    static func findings(in change: Change) -> [Weakening] {
        change.files.flatMap { file -> [Weakening] in
            guard file.before?.blob != file.after?.blob, let after = file.after?.content,
                after.contains(where: { $0 >= 0x80 }),
                let language = TestLanguages.all.first(where: { $0.covers(file.path) || $0.supports(file.path) })
            else { return [] }
            let new = disguised(after, language)
            if new.isEmpty { return [] }
            let old = Set(disguised(file.before?.content ?? [], language).map(\.text))
            return new.filter { !old.contains($0.text) }.map { skip in
                Weakening(
                    signal: .disguisedSkip,
                    message: "\(file.path) spells `\(skip.mark)` with letters that only look like it", path: file.path,
                    line: skip.line)
            }
        }
    }

    private static func disguised(_ source: [UInt8], _ language: any TestLanguage) -> [SkipMark] {
        let masked = language.masked(source)
        guard masked.code.contains(where: { $0 >= 0x80 }), let folded = Confusables.folded(masked) else { return [] }
        let plain = language.inventory(in: masked).skips.map(\.line)
        return language.inventory(of: folded).skips.filter { skip in !plain.contains(skip.line) }
    }
}

/// Letters that look like those of ASCII.
enum Confusables {
    /// The source with such letters of its code replaced by the plain ones; nil when there are none.
    static func folded(_ masked: MaskedSource) -> [UInt8]? {
        var bytes: [UInt8] = []
        var changed = false
        var index = 0
        while index < masked.text.count {
            let length = length(masked.code[index])
            let end = min(index + length, masked.text.count)
            let scalar =
                length > 1 ? String(decoding: masked.code[index..<end], as: UTF8.self).unicodeScalars.first : nil
            if let scalar, scalar.properties.isDefaultIgnorableCodePoint {
                changed = true
            } else if let scalar, let plain = plain(scalar) {
                bytes.append(plain)
                changed = true
            } else {
                bytes += masked.text[index..<end]
            }
            index = end
        }
        return changed ? bytes : nil
    }

    private static func length(_ byte: UInt8) -> Int {
        byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    private static func plain(_ scalar: UnicodeScalar) -> UInt8? {
        switch scalar.value {
        case 0xFF21...0xFF5A: return UInt8(scalar.value - 0xFEE0)
        case 0x1D400...0x1D6A3:
            // Mathematical alphabets, each of 26 capital and 26 small letters.
            let letter = (scalar.value - 0x1D400) % 52
            return UInt8(letter < 26 ? 0x41 + letter : 0x61 + letter - 26)
        default: return lookalikes[scalar]
        }
    }

    /// Each letter behind the one that looks like it.
    private static let pairs: [String] = [
        "\u{131}i\u{17F}s\u{212A}K\u{261}g\u{430}a\u{501}d\u{435}e\u{4BB}h\u{456}i\u{458}j",
        "\u{43A}k\u{51B}q\u{455}s\u{441}c\u{43E}o\u{440}p\u{445}x\u{443}y\u{461}w\u{3B1}a",
        "\u{3B5}e\u{3B9}i\u{3BA}k\u{3BD}v\u{3BF}o\u{3C1}p\u{3C4}t\u{3C5}u\u{3C7}x\u{410}A",
        "\u{412}B\u{415}E\u{41A}K\u{41C}M\u{41D}H\u{41E}O\u{420}P\u{421}C\u{422}T\u{425}X",
        "\u{405}S\u{406}I\u{408}J\u{391}A\u{392}B\u{395}E\u{397}H\u{399}I\u{39A}K\u{39C}M",
        "\u{39D}N\u{39F}O\u{3A1}P\u{3A4}T\u{3A5}Y\u{3A7}X\u{578}n\u{585}o\u{57D}u\u{269}i",
        "\u{26A}i\u{2113}l\u{2170}i\u{217C}l\u{217E}d\u{51D}w\u{442}t\u{43F}n\u{475}v\u{51F}k",
    ]

    private static let lookalikes: [UnicodeScalar: UInt8] = {
        var table: [UnicodeScalar: UInt8] = [:]
        let scalars = pairs.flatMap(\.unicodeScalars)
        for index in stride(from: 0, to: scalars.count - 1, by: 2) {
            table[scalars[index]] = UInt8(ascii: scalars[index + 1])
        }
        return table
    }()
}
