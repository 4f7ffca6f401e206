import Glibc
import Synchronization

@testable import Stores

/// A server on loopback that says what a test wants, Redis' or not.
final class FakeRedisServer: Sendable {
    enum Reaction: Sendable {
        case says([UInt8])
        /// Says it and goes on saying it, until the client is gone.
        case floods([UInt8])
        case hangsUp
        case keepsSilent

        static func says(_ text: String) -> Reaction { .says(Array(text.utf8)) }
    }

    /// What to do about what was received, on the connection of that number; the first is 0.
    typealias Script = @Sendable (_ connection: Int, _ received: String) -> Reaction

    let port: UInt16
    private let listener: Int32
    private let script: Script
    private let open = Mutex<Set<Int32>>([])

    init(_ script: @escaping Script) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard isListening else { throw RedisError.noResources(errno: errno) }
        port = UInt16(bigEndian: address.sin_port)
        try BackgroundThread.start { [self] in accept() }
    }

    var url: RedisURL { get throws { try RedisURL("redis://127.0.0.1:\(port)") } }

    /// Closes everything.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for descriptor in open.withLock({ $0 }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        var number = 0
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            open.withLock { _ = $0.insert(descriptor) }
            let connection = number
            try? BackgroundThread.start { [self] in serve(descriptor, connection) }
            number += 1
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32, _ connection: Int) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        loop: while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            switch script(connection, String(decoding: buffer[..<count], as: UTF8.self)) {
            case .says(let bytes): _ = write(descriptor, bytes, bytes.count)
            case .floods(let bytes): while write(descriptor, bytes, bytes.count) > 0 {}
            case .hangsUp: break loop
            case .keepsSilent: continue
            }
        }
        open.withLock { _ = $0.remove(descriptor) }
        close(descriptor)
    }
}
