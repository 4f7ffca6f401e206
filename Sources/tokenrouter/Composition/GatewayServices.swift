import DataPlane
import Glibc
import Logging
import NIOPosix
import ServiceLifecycle
import Settings
import Stores

/// Lets one service wait for another's start.
struct ReadySignal: Sendable {
    private let stream: AsyncStream<Int>
    private let continuation: AsyncStream<Int>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// - Parameter port: where the service listens.
    func ready(port: Int) {
        continuation.yield(port)
        continuation.finish()
    }

    /// The port; nil when the service ended before it was ready. To be awaited once.
    func wait() async -> Int? {
        for await port in stream { return port }
        return nil
    }
}

/// The data plane's place in the process: starts when the control plane listens, drains on SIGTERM.
struct DataPlaneService: Service {
    let shared: DataPlaneShared
    let journal: Journal
    let controlPlaneReady: ReadySignal
    let simulatorReady: ReadySignal?
    /// Called with the simulator's port, before the listener opens.
    let simulatorStarted: @Sendable (Int) -> Void
    /// Called with both ports once requests are taken.
    let started: @Sendable (_ dataPort: Int, _ controlPort: Int) async throws -> Void

    func run() async throws {
        if let simulatorReady, let port = await simulatorReady.wait() { simulatorStarted(port) }
        guard let controlPort = await controlPlaneReady.wait() else { return }
        let group = MultiThreadedEventLoopGroup.singleton
        let journal = journal
        let dataPlane = try await DataPlaneServer.start(
            shared: shared, group: group, makeJournalWriter: { journal.makeWriter() })
        try await started(dataPlane.localPort, controlPort)
        try? await gracefulShutdown()
        await dataPlane.drain()
    }
}

/// Ships journalled usage to the store until the end, and then what is left.
struct ShipperService: Service {
    let shipper: Shipper
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await shipper.run() }
        do {
            try await shipper.drain()
        } catch {
            logger.error("usage stays in the journal for the next start", metadata: ["store.error": "\(error)"])
        }
    }
}

/// Reloads the configuration when its file changes or SIGHUP comes.
struct ConfigurationWatcher: Service {
    let path: String?
    let runtime: GatewayRuntime

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await reloadOnHangUp() }
                if let path { group.addTask { await reloadOnChange(of: path) } }
                await group.waitForAll()
            }
        }
    }

    private func reloadOnHangUp() async {
        for await _ in HangUpSignal.stream() { _ = await runtime.reload() }
    }

    /// Looks twice a second: editors replace files in ways that file events miss.
    private func reloadOnChange(of path: String) async {
        var known = FileStamp(path: path)
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            let current = FileStamp(path: path)
            guard current != known else { continue }
            known = current
            if current != nil { _ = await runtime.reload() }
        }
    }
}

/// What tells one content of a file from another without reading it.
struct FileStamp: Equatable {
    private let inode: UInt64
    private let bytes: Int64
    private let seconds: Int64
    private let nanoseconds: Int64

    /// nil: there is no such file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        bytes = Int64(status.st_size)
        seconds = Int64(status.st_mtim.tv_sec)
        nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
}
