/// A real WAV: a short tone, 8000 samples of 16 bits a second, whose length follows from a text.
enum SampleSound {
    private static let rate: UInt32 = 8000

    static func wav(for text: String) -> [UInt8] {
        let samples = pcm(for: text)
        let length = UInt32(truncatingIfNeeded: samples.count)
        return Array("RIFF".utf8) + little(36 + length) + Array("WAVEfmt ".utf8) + little(16)
            + [1, 0, 1, 0] + little(rate) + little(rate * 2) + [2, 0, 16, 0]
            + Array("data".utf8) + little(length) + samples
    }

    /// The samples alone: a hundredth of a second for each token, half a second at most.
    static func pcm(for text: String) -> [UInt8] {
        let count = min(max(SimulatedTokenizer.count(text), 1), 50) * 80
        return (0..<count).flatMap { position -> [UInt8] in
            // A triangle of 200 Hz.
            let phase = position % 40
            let height = Int16(phase < 20 ? phase * 400 - 4000 : 12000 - phase * 400)
            return [UInt8(truncatingIfNeeded: height), UInt8(truncatingIfNeeded: height >> 8)]
        }
    }

    private static func little(_ number: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
