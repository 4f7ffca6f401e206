/// Calls whose names are fixed and whose work is not built: they answer 501, so that nobody takes them for done.
enum PlannedRoutes {
    static let routes: [Route] = [
        planned(.put, "/admin/models/{name}", "Changing models through the API"),
        planned(.put, "/admin/routes", "Changing routes through the API"),
        planned(.get, "/admin/audit", "The audit log"),
        planned(.post, "/admin/keys/{id}/subkeys", "Making sub-keys"),
        planned(.post, "/auth/register", "Registering at the portal"),
        planned(.post, "/auth/login", "Signing in at the portal"),
        planned(.post, "/auth/refresh", "Refreshing a session"),
        planned(.post, "/auth/logout", "Signing out of the portal"),
    ]

    private static func planned(_ method: Verb, _ path: String, _ what: String) -> Route {
        Route(method, path, RouteDescription(summary: "\(what) (not built yet)", status: 501)) {
            (_) throws(APIError) in throw .notBuilt(what)
        }
    }
}
