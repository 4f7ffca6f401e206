import Settings
import Testing

@Suite struct SettingsBoxTests {
    @Test func swapsTheWholeValue() {
        let box = SettingsBox(LoadedConfiguration(configuration: Configuration()))
        let held = box.current
        var next = Configuration()
        next.server.maxConcurrency = 1
        let previous = box.replace(with: LoadedConfiguration(configuration: next))
        #expect(previous == held)
        #expect(box.current.configuration.server.maxConcurrency == 1)
        #expect(held.configuration.server.maxConcurrency == 20_000)
    }
}
