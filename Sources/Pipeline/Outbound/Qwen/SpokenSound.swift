import NIOCore

/// Sound as DashScope sends it: a file of the format that was asked for, or, of models that do not know the wish, bare samples:
/// 16 bits, little-endian, 24,000 a second, one channel (alibabacloud.com, Qwen-TTS API reference, read 2026-11).
enum SpokenSound {
    static let samplesPerSecond: UInt32 = 24_000

    /// The whole sound as the client is given it, and its media type.
    ///
    /// - Parameter wantsSamples: bare samples were asked for (`pcm`). Nobody who did not could tell what they are: they are
    ///   made a WAV.
    static func whole(_ bytes: ByteBuffer, wantsSamples: Bool) -> (bytes: ByteBuffer, mediaType: String) {
        if wantsSamples { return (samples(of: bytes), "audio/pcm") }
        if let mediaType = mediaType(of: bytes) { return (bytes, mediaType) }
        return (wave(bytes, sampleBytes: UInt32(clamping: bytes.readableBytes)), "audio/wav")
    }

    /// The first piece of a stream as the client is given it; the others follow as they come.
    static func beginning(_ bytes: ByteBuffer, wantsSamples: Bool) -> ByteBuffer {
        if wantsSamples { return samples(of: bytes) }
        return mediaType(of: bytes) == nil ? wave(bytes, sampleBytes: .max) : bytes
    }

    /// By its first bytes; nil: they are no format's, but samples.
    private static func mediaType(of bytes: ByteBuffer) -> String? {
        let first = Array(bytes.readableBytesView.prefix(4))
        guard first.count == 4 else { return nil }
        if first.elementsEqual("RIFF".utf8) { return "audio/wav" }
        if first.elementsEqual("OggS".utf8) { return "audio/ogg" }
        if first.starts(with: "ID3".utf8) || isLayerThree(first) { return "audio/mpeg" }
        return nil
    }

    /// The head of an MPEG frame of layer III whose rates exist (ISO 11172-3, 2.4.1.3): quiet samples, `FF FF`, are none.
    private static func isLayerThree(_ first: [UInt8]) -> Bool {
        first[0] == 0xFF && first[1] & 0xE6 == 0xE2 && first[1] & 0x18 != 0x08 && (0x10..<0xF0).contains(first[2])
            && first[2] & 0x0C != 0x0C
    }

    /// Without the head of a WAV, if there is one.
    private static func samples(of bytes: ByteBuffer) -> ByteBuffer {
        guard bytes.readableBytesView.starts(with: "RIFF".utf8) else { return bytes }
        var rest = bytes
        rest.moveReaderIndex(forwardBy: min(12, rest.readableBytes))
        while let name = rest.readString(length: 4), let length = rest.readInteger(endianness: .little, as: UInt32.self)
        {
            if name == "data" { return rest }
            guard rest.readSlice(length: Int(length)) != nil else { break }
        }
        return bytes
    }

    /// - Parameter sampleBytes: how long the samples will be; the largest number there is: nobody knows yet.
    private static func wave(_ samples: ByteBuffer, sampleBytes: UInt32) -> ByteBuffer {
        var wave = ByteBuffer()
        wave.reserveCapacity(samples.readableBytes &+ 44)
        func number(_ value: UInt32) { wave.writeInteger(value, endianness: .little) }
        wave.writeStaticString("RIFF")
        number(sampleBytes > .max - 36 ? .max : sampleBytes + 36)
        wave.writeStaticString("WAVEfmt ")
        number(16)
        wave.writeMultipleIntegers(UInt16(1), UInt16(1), endianness: .little)
        number(samplesPerSecond)
        number(samplesPerSecond * 2)
        wave.writeMultipleIntegers(UInt16(2), UInt16(16), endianness: .little)
        wave.writeStaticString("data")
        number(sampleBytes)
        wave.writeImmutableBuffer(samples)
        return wave
    }
}
