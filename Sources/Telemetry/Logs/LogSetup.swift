package import Logging

/// Chooses how the whole process logs.
package enum LogSetup {
    /// Sets up swift-log for the process; it traps when called a second time, so only the command line calls it.
    package static func bootstrap(level: Logger.Level, isJSON: Bool) {
        LoggingSystem.bootstrap { label in handler(label: label, level: level, isJSON: isJSON) }
    }

    /// The handler that `bootstrap` installs.
    package static func handler(label: String, level: Logger.Level, isJSON: Bool) -> any LogHandler {
        isJSON ? JSONLogHandler(label: label, level: level) : TextLogHandler(label: label, level: level)
    }
}
