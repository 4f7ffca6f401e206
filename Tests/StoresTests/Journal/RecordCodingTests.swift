import Metering
import Testing

@testable import Stores

@Suite struct CRC32CTests {
    /// The check value of the catalogue of CRC parameters, and RFC 3720 B.4: 32 bytes of zeros, and of ones.
    @Test(
        arguments: [
            (Array("123456789".utf8), 0xE306_9283), ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), ([], 0),
        ] as [([UInt8], UInt32)])
    func knownValues(bytes: [UInt8], expected: UInt32) {
        #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == expected)
    }

    @Test func everyLengthAndAlignmentIsAsBitByBit() {
        var numbers = SeededGenerator(seed: 1)
        let bytes = (0..<110).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }
        for start in 0..<8 {
            for length in 0...100 {
                let part = Array(bytes[start..<(start + length)])
                let fast = bytes.withUnsafeBytes {
                    CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[start..<(start + length)]))
                }
                #expect(fast == bitByBit(part), "start \(start), length \(length)")
            }
        }
    }

    private func bitByBit(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc % 2 == 1 ? crc / 2 ^ 0x82F6_3B78 : crc / 2 }
        }
        return ~crc
    }
}

@Suite struct RecordCodingTests {
    @Test(arguments: [11, 12, 13] as [UInt64])
    func anyRecordComesBackAsItWasButForWhatIsCut(seed: UInt64) throws {
        var numbers = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let attempts = round < 66 ? round : Int(numbers.next() % 5)
            let record = numbers.record(attempts: attempts)
            let bytes = record.frame
            guard case .record(let read, let next) = RecordCoding.frame(in: bytes) else {
                Issue.record("seed \(seed), round \(round): not read")
                continue
            }
            #expect(read == record.cut, "seed \(seed), round \(round)")
            // Texts that Swift holds for equal may differ in their bytes.
            #expect(read.frame == bytes, "seed \(seed), round \(round)")
            #expect(next == bytes.count, "seed \(seed), round \(round)")
        }
    }

    @Test func theLargestRecordIsReadAgain() throws {
        var numbers = SeededGenerator(seed: 2)
        var record = numbers.record(attempts: 100)
        let long = String(repeating: "令", count: 10_000)
        record.model = long
        record.provider = long
        record.upstreamModel = long
        record.clientRequestID = long
        record.errorCode = long
        record.vendorUsage = long
        for index in record.attempts.indices {
            record.attempts[index].provider = long
            record.attempts[index].upstreamModel = long
            record.attempts[index].providerKeyID = long
            record.attempts[index].errorType = long
        }
        let bytes = record.frame
        #expect(bytes.count <= RecordCoding.frameHeaderBytes + RecordCoding.maximumPayloadBytes)
        guard case .record(let read, _) = RecordCoding.frame(in: bytes) else {
            Issue.record("not read")
            return
        }
        #expect(read == record.cut)
        #expect(read.attempts.count == 64)
    }

    @Test func aRecordOfTheVersionBeforeIsReadWithoutItsCache() throws {
        var numbers = SeededGenerator(seed: 5)
        var record = numbers.record(attempts: 2)
        record.cacheSaved = .zero
        record.cacheMiss = nil
        // What version 2 adds stands at the end: a number and a zero.
        var payload = Array(record.frame.dropFirst(RecordCoding.frameHeaderBytes).dropLast(9))
        payload[0] = 1
        let length = withUnsafeBytes(of: UInt32(payload.count).littleEndian, Array.init)
        let checksum = payload.withUnsafeBytes { CRC32C.checksum($0) }
        let bytes = length + withUnsafeBytes(of: checksum.littleEndian, Array.init) + payload
        guard case .record(let read, _) = RecordCoding.frame(in: bytes) else {
            Issue.record("not read")
            return
        }
        #expect(read == record.cut)
    }

    @Test func framesFollowOneAnother() {
        var numbers = SeededGenerator(seed: 3)
        let records = (0..<20).map { numbers.record(attempts: $0 % 4) }
        var bytes: [UInt8] = []
        for record in records { RecordCoding.append(record, to: &bytes) }
        var at = 0
        for record in records {
            guard case .record(let read, let next) = RecordCoding.frame(at: at, in: bytes) else {
                Issue.record("nothing at \(at)")
                return
            }
            #expect(read == record.cut)
            at = next
        }
        #expect(at == bytes.count)
    }

    @Test func aFrameCutAnywhereIsIncomplete() {
        var numbers = SeededGenerator(seed: 4)
        for attempts in [0, 2] {
            let bytes = numbers.record(attempts: attempts).frame
            for end in 0..<bytes.count {
                guard case .incomplete = RecordCoding.frame(in: Array(bytes[..<end])) else {
                    Issue.record("cut at \(end) of \(bytes.count)")
                    return
                }
            }
        }
    }

    @Test func anyByteChangedIsDamage() {
        var numbers = SeededGenerator(seed: 5)
        let bytes = numbers.plainRecord().frame
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= UInt8(1 + numbers.next() % 255)
            guard case .damaged = RecordCoding.frame(in: damaged) else {
                Issue.record("byte \(place)")
                continue
            }
        }
    }

    @Test(
        arguments: [
            ("a start below zero", -1, [UInt8](repeating: 1, count: 100)), ("a start behind the end", 101, []),
            ("nothing", 0, []), ("zeros to the end", 0, [UInt8](repeating: 0, count: 5_000)),
        ] as [(String, Int, [UInt8])])
    func noFrameIsIncomplete(name: String, start: Int, bytes: [UInt8]) {
        guard case .incomplete = RecordCoding.frame(at: start, in: bytes) else {
            Issue.record("\(name)")
            return
        }
    }

    @Test func aLengthOfZeroBeforeOtherBytesIsDamage() {
        guard case .damaged(nil) = RecordCoding.frame(in: [UInt8](repeating: 0, count: 50) + [1]) else {
            Issue.record("not damage")
            return
        }
    }

    /// A checksum that fits proves nothing about the payload: it may be from a later version.
    @Test(arguments: [[2], [1], [1] + [UInt8](repeating: 255, count: 300)] as [[UInt8]])
    func aPayloadThatIsNoRecordIsDamage(payload: [UInt8]) {
        var bytes = withUnsafeBytes(of: UInt32(payload.count).littleEndian, Array.init)
        bytes += withUnsafeBytes(of: payload.withUnsafeBytes { CRC32C.checksum($0) }.littleEndian, Array.init)
        guard case .damaged(let next) = RecordCoding.frame(in: bytes + payload) else {
            Issue.record("not damage")
            return
        }
        #expect(next == bytes.count + payload.count)
    }

    @Test(arguments: [21, 22] as [UInt64])
    func noiseIsNeverARecord(seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            var bytes = (0..<Int(numbers.next() % 400)).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }
            // A length that can be believed, so that the payload is looked at.
            if bytes.count > 8, round % 2 == 0 {
                bytes.replaceSubrange(0..<4, with: [UInt8(numbers.next() % 250), 0, 0, 0])
            }
            if case .record = RecordCoding.frame(in: bytes) { Issue.record("seed \(seed), round \(round)") }
        }
    }
}
