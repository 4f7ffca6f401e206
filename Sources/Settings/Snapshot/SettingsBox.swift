import Synchronization

/// Holds the configuration in force. Readers take the whole value and keep it; a reload swaps it.
package final class SettingsBox: Sendable {
    private let loaded: Mutex<LoadedConfiguration>

    package init(_ loaded: LoadedConfiguration) {
        self.loaded = Mutex(loaded)
    }

    /// The configuration in force now, with its warnings.
    package var current: LoadedConfiguration {
        loaded.withLock { $0 }
    }

    /// - Returns: the one that was in force until now.
    @discardableResult
    package func replace(with new: LoadedConfiguration) -> LoadedConfiguration {
        loaded.withLock { current in
            defer { current = new }
            return current
        }
    }
}
