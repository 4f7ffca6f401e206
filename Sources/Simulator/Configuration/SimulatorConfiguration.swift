/// What the simulator is told at its start.
package struct SimulatorConfiguration: Sendable {
    /// An address or a name to listen on.
    package var host = "127.0.0.1"
    /// 0: any free port, told to `onServerRunning`.
    package var port = 0
    /// How fast it answers; requests may say otherwise.
    package var pace = Pace()
    /// How often it fails; requests may say otherwise.
    package var faults = FaultRules.none
    /// Where latencies, faults and ids are drawn from: the same seed and order of requests give the same answers.
    package var seed: UInt64 = 1
    /// Whose rules hold on the OpenAI-shaped paths; nil: by each model's name.
    package var vendor: SimulatedVendor?
    /// The keys that are let in; empty: every key that is not empty.
    package var acceptedKeys: Set<String> = []
    /// False: a request without a key is let in too, as a gateway without a key for this provider sends it.
    package var requiresKey = true
    /// What `GET /models` lists. Every other name is answered too.
    package var models = ["simulator-model", "simulator-small", "simulator-embedding"]
    /// Bytes of the largest request; past it 413.
    package var maxRequestBytes = 67_108_864

    /// A simulator on a free loopback port that answers at once and never fails.
    package init() {}
}
