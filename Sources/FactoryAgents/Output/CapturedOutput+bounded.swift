import FactoryProcess

extension CapturedOutput {
    /// Head and tail in at most about `limit` bytes, with a line between them that says how much is missing.
    func bounded(to limit: Int) -> [UInt8] {
        let kept = bytes
        guard dropped > 0 || kept.count > limit else { return kept }
        let half = min(limit, kept.count) / 2
        let missing = total - 2 * half
        return kept.prefix(half) + Array("\n[… \(missing) bytes left out …]\n".utf8) + kept.suffix(half)
    }
}
