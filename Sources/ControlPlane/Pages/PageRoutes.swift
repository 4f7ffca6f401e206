internal import Telemetry

/// What needs no key: metrics, health, the front page.
struct PageRoutes: Sendable {
    let ports: ControlPlanePorts

    var routes: [Route] {
        [
            Route(.get, "/metrics", RouteDescription(summary: "Metrics in Prometheus' text format"), handler: metrics),
            Route(
                .get, "/health",
                RouteDescription(summary: "The process lives; 'ready' says whether it serves", answer: "Health"),
                handler: health),
            Route(.get, "/", RouteDescription(summary: "A page for people"), handler: home),
        ]
    }

    private func metrics(_: Call) async throws(APIError) -> Answer {
        Answer(contentType: "text/plain; version=0.0.4; charset=utf-8", text: ports.metrics.render())
    }

    private func health(_: Call) async throws(APIError) -> Answer {
        .json(["status": "ok", "ready": .bool(await ports.operations.isReady())])
    }

    private func home(_: Call) async throws(APIError) -> Answer {
        Answer(contentType: "text/html; charset=utf-8", text: HomePage.text, isPage: true)
    }
}
