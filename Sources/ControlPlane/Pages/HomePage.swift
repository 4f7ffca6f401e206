/// The front page: what listens here, and how to begin. It holds nothing that a key would guard.
enum HomePage {
    static let text = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>TokenRouter control plane</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #222; background: #fff; }
        pre { background: #f3f3f3; padding: 0.8rem; overflow-x: auto; }
        @media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818; } pre { background: #262626; } a { color: #8ab4f8; } }
        </style>
        </head>
        <body>
        <main>
        <h1>TokenRouter</h1>
        <p>One gateway in front of every model vendor. This is its <strong>control plane</strong>: the admin API and the metrics.
        Model requests go to the data plane (port 8080 unless configured otherwise). There is no web portal yet.</p>
        <ul>
        <li><a href="/openapi.json">/openapi.json</a>: every call of the admin API</li>
        <li><a href="/metrics">/metrics</a>: for Prometheus</li>
        <li><a href="/health">/health</a></li>
        </ul>
        <h2>First steps</h2>
        <p>The admin key was printed when the gateway first started. Make a user, then an API key for it:</p>
        <pre>curl -s http://127.0.0.1:8081/admin/users \\
          -H "Authorization: Bearer $ADMIN_KEY" \\
          -d '{"email": "ada@example.com", "name": "Ada", "plan": "pro"}'

        curl -s http://127.0.0.1:8081/admin/users/USER_ID/keys \\
          -H "Authorization: Bearer $ADMIN_KEY" -d '{"name": "laptop"}'</pre>
        <p>Then ask a model:</p>
        <pre>curl -s http://127.0.0.1:8080/v1/chat/completions \\
          -H "Authorization: Bearer $API_KEY" \\
          -d '{"model": "MODEL", "messages": [{"role": "user", "content": "Hello"}]}'</pre>
        </main>
        </body>
        </html>

        """
}
