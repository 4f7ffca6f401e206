import CAllocator
import DataPlane
import ServiceLifecycle

/// Gives memory back to the kernel after a burst: the allocator keeps freed pages until it is asked.
struct MemoryTrimmer: Service {
    let shared: DataPlaneShared

    private static let interval = Duration.seconds(4)
    /// Fewer exchanges than this free too little to be worth asking.
    private static let burst = 64

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var peak = 0
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                let current = shared.inFlight
                if peak >= Self.burst, current < peak / 2 {
                    malloc_trim(0)
                    if current == 0 { peak = peak / 2 }
                } else {
                    peak = max(peak, current)
                }
            }
        }
    }
}
