import Hummingbird
import NIOCore

/// One chat request on its way to an answer: pace, faults, and who is told what.
struct Exchange<Form: AnswerForm>: Sendable {
    /// Silence lasts this long if nobody leaves.
    private static var silence: Duration { .seconds(3600) }

    let engine: SimulatorEngine
    let request: SimulatedRequest
    let draw: SimulatorEngine.Draw
    let reading: CacheReading
    let form: Form
    /// Made from a status, in the form's words.
    let failure: @Sendable (Int) -> Response
    let context: SimulatorContext

    private var fault: Fault? {
        switch request.directives.fault {
        case .drawn: draw.fault
        case .never: nil
        case .always(let fault): fault
        }
    }

    private var slowness: Int { fault == .slow ? 10 : 1 }

    private var latency: Duration {
        let latency = (request.directives.latency ?? draw.latency) * slowness
        return fault == .slow ? max(latency, .seconds(1)) : latency
    }

    private var interval: Duration {
        (request.directives.interval ?? engine.configuration.pace.tokenInterval) * slowness
    }

    func respond(with answer: SimulatedAnswer) async throws -> Response {
        let watch = await context.watch()
        return request.streams
            ? try await respondStreaming(answer, watch: watch) : try await respondWhole(answer, watch: watch)
    }

    /// Runs the part before the answer's head; a client that leaves in it is counted.
    private func waiting(_ kind: ActivityCounts.Kind, _ body: () async throws -> Void) async throws {
        engine.counts.start(kind)
        do {
            try await body()
        } catch {
            engine.counts.end(kind, error is ClientLeft || error is CancellationError ? .cancelled : .broken)
            throw error
        }
    }

    private func resetConnection() async throws {
        await context.reset()
        throw BrokenOnPurpose()
    }

    private func respondWhole(_ answer: SimulatedAnswer, watch: ClientWatch) async throws -> Response {
        try await waiting(.whole) {
            switch fault {
            case .reset: try await resetConnection()
            case .stall: try await watch.pauseUntilShutdown(Self.silence)
            default: try await watch.pause(latency + interval * max(0, answer.tokens - 1))
            }
        }
        switch fault {
        case .status(let status): return ended(failure(status))
        case .streamError: return ended(failure(500))
        default: break
        }
        engine.store(reading)
        let text = form.body(of: answer).compactText
        let half = String(text.prefix(text.count / 2))
        switch fault {
        case .garbage: return ended(Self.response(.init(byteBuffer: ByteBuffer(string: half))))
        case .cut: return cut(half, of: text.utf8.count)
        default: return ended(Self.response(.init(byteBuffer: ByteBuffer(string: text))))
        }
    }

    private func ended(_ response: Response) -> Response {
        engine.counts.end(.whole, .finished)
        return response
    }

    private func cut(_ half: String, of length: Int) -> Response {
        Self.response(
            ResponseBody(contentLength: length) { writer in
                try await writer.write(ByteBuffer(string: half))
                engine.counts.end(.whole, .broken)
                throw BrokenOnPurpose()
            })
    }

    private static func response(_ body: ResponseBody, type: String = "application/json") -> Response {
        Response(status: .ok, headers: [.contentType: type], body: body)
    }

    private func respondStreaming(_ answer: SimulatedAnswer, watch: ClientWatch) async throws -> Response {
        if case .status(let status) = fault {
            try await watch.pause(latency)
            return failure(status)
        }
        try await waiting(.stream) {
            switch fault {
            case .reset: try await resetConnection()
            case .stall(after: nil): try await watch.pauseUntilShutdown(Self.silence)
            default: try await watch.pause(latency)
            }
        }
        engine.store(reading)
        let steps = form.stream(of: answer)
        var response = Self.response(
            ResponseBody { writer in try await play(steps, to: &writer, watch: watch) }, type: "text/event-stream")
        response.headers[.cacheControl] = "no-cache"
        return response
    }

    private func play(
        _ steps: [StreamStep], to writer: inout any ResponseBodyWriter, watch: ClientWatch
    ) async throws {
        do {
            var isFirstToken = true
            for (position, step) in steps.enumerated() {
                try await fail(at: position, writer: &writer, watch: watch)
                // The first token's time is the latency.
                let pauses = isFirstToken ? step.tokens - 1 : step.tokens
                if step.tokens > 0 { isFirstToken = false }
                try await watch.pause(interval * max(0, pauses))
                try await writer.write(ByteBuffer(string: step.text))
            }
            try await fail(at: steps.count, writer: &writer, watch: watch)
            try await writer.finish(nil)
            engine.counts.end(.stream, .finished)
        } catch {
            engine.counts.end(.stream, error is BrokenOnPurpose ? .broken : .cancelled)
            throw error
        }
    }

    /// The fault that is due before the event at that position; one that asks for more events than there are comes
    /// after the last one.
    private func fail(
        at position: Int, writer: inout any ResponseBodyWriter, watch: ClientWatch
    ) async throws {
        switch fault {
        case .stall(after: position?): try await watch.pauseUntilShutdown(Self.silence)
        case .cut(after: position): throw BrokenOnPurpose()
        case .garbage where position == 1: try await writer.write(ByteBuffer(string: form.garbage))
        case .streamError(after: position):
            try await writer.write(ByteBuffer(string: form.streamError))
            throw BrokenOnPurpose()
        default: break
        }
    }
}

/// A fault that was asked for: the connection is to be closed here.
struct BrokenOnPurpose: Error {}
