import Hummingbird
import NIOCore

/// One request on its way to an answer: pace, faults, and who is told what.
struct Exchange: Sendable {
    /// Silence lasts this long if nobody leaves.
    private static var silence: Duration { .seconds(3600) }

    let engine: SimulatorEngine
    let directives: RequestDirectives
    let draw: SimulatorEngine.Draw
    let dialect: Dialect
    let reply: Reply
    let context: SimulatorContext

    private var fault: Fault? {
        switch directives.fault {
        case .drawn: draw.fault
        case .never: nil
        case .always(let fault): fault
        }
    }

    private var slowness: Int { fault == .slow ? 10 : 1 }

    private var latency: Duration {
        let latency = (directives.latency ?? draw.latency) * slowness
        return fault == .slow ? max(latency, .seconds(1)) : latency
    }

    private var interval: Duration {
        (directives.interval ?? engine.configuration.pace.tokenInterval) * slowness
    }

    func respond() async throws -> Response {
        let watch = await context.watch()
        let response =
            switch reply.content {
            case .whole(let tokens, let body): try await respondWhole(tokens, body, watch: watch)
            case .stream(let steps): try await respondStreaming(steps, watch: watch)
            }
        return dialect.stamped(response, draw.identifier)
    }

    private func failure(_ status: Int) -> Response { dialect.fault(status, identifier: draw.identifier) }

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

    private func respondWhole(
        _ tokens: Int, _ makeBody: () -> ByteBuffer, watch: ClientWatch
    ) async throws -> Response {
        try await waiting(.whole) {
            switch fault {
            case .reset: try await resetConnection()
            case .stall: try await watch.pauseUntilShutdown(Self.silence)
            default: try await watch.pause(latency + interval * max(0, tokens - 1))
            }
        }
        switch fault {
        case .status(let status): return ended(failure(status))
        case .streamError: return ended(failure(500))
        default: break
        }
        reply.begins()
        let body = makeBody()
        let half = body.getSlice(at: body.readerIndex, length: body.readableBytes / 2) ?? ByteBuffer()
        switch fault {
        case .garbage: return ended(response(.init(byteBuffer: half)))
        case .cut: return cut(half, of: body.readableBytes)
        default: return ended(response(.init(byteBuffer: body)))
        }
    }

    private func ended(_ response: Response) -> Response {
        engine.counts.end(.whole, .finished)
        return response
    }

    private func cut(_ half: ByteBuffer, of length: Int) -> Response {
        response(
            ResponseBody(contentLength: length) { writer in
                try await writer.write(half)
                engine.counts.end(.whole, .broken)
                throw BrokenOnPurpose()
            })
    }

    private func response(_ body: ResponseBody) -> Response {
        Response(status: .ok, headers: [.contentType: reply.type], body: body)
    }

    private func respondStreaming(_ makeSteps: () -> [StreamStep], watch: ClientWatch) async throws -> Response {
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
        reply.begins()
        let steps = makeSteps()
        var response = response(ResponseBody { writer in try await play(steps, to: &writer, watch: watch) })
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
        case .garbage where position == 1: try await writer.write(ByteBuffer(string: reply.garbage))
        case .streamError(after: position):
            try await writer.write(ByteBuffer(string: reply.streamError(position)))
            throw BrokenOnPurpose()
        default: break
        }
    }
}

/// A fault that was asked for: the connection is to be closed here.
struct BrokenOnPurpose: Error {}
