package import Logging

/// Chooses how the whole process logs.
package enum LogSetup {
    /// Sets up swift-log for the process; it traps when called a second time, so only the command line calls it.
    ///
    /// - Parameter level: a level's name in any case; any other text stands for `info`.
    package static func bootstrap(level: String, isJSON: Bool) {
        let level = Logger.Level(rawValue: level.lowercased()) ?? .info
        LoggingSystem.bootstrap { label in handler(label: label, level: level, isJSON: isJSON) }
    }

    /// The handler that `bootstrap` installs.
    package static func handler(label: String, level: Logger.Level, isJSON: Bool) -> any LogHandler {
        isJSON ? JSONLogHandler(label: label, level: level) : TextLogHandler(label: label, level: level)
    }
}
