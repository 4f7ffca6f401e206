"""The control plane: who may ask, what it shows, and that what it changes is in force at once."""
import json

import pytest
from gateway import answers, call

PATHS = ["/admin", "/admin/", "/admin/users", "/admin/nothing", "/admin/users/x/y/z", "/admin/config", "/admin/%75sers", "/admin//users"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT", "PATCH"])
def test_every_admin_path_is_401_without_the_key(own, method, path):
    for key in (None, "", "wrong", "sk-tr-wrong"):
        status, answer = own.admin(method, path, key=key)
        assert status == 401 and answer["error"]["code"] == "invalid_api_key", (key, answer)


def test_a_customers_key_opens_no_admin_path(own):
    _, key = own.customer()
    assert own.admin("GET", "/admin/users", key=key)[0] == 401


def test_an_unknown_admin_path_is_404_with_the_key(own):
    status, answer = own.admin("GET", "/admin/nothing")
    assert status == 404 and answer["error"]["message"]


@pytest.mark.parametrize("path", ["/health", "/metrics", "/openapi.json", "/"])
def test_open_pages_need_no_key(own, path):
    assert answers(own.control + path)


def test_the_data_planes_probes_need_no_key(own):
    assert answers(own.base + "/health") and answers(own.base + "/ready")


def test_the_configuration_is_shown_without_its_secrets(own):
    status, shown = own.admin("GET", "/admin/config")
    text = json.dumps(shown)
    assert status == 200 and "own/literal" in text
    for secret in ("sk-upstream-secret-1", "sk-upstream-secret-2", "sk-header-secret", "tr-admin-end-to-end"):
        assert secret not in text


def test_prices_are_in_force_at_once(own):
    user, key = own.customer()
    for price, cost in [("1", "0.000012"), ("3", "0.000036"), ("0", "0"), ("0.01", "0.00000012")]:
        status, _ = own.admin("PUT", "/admin/prices/repriced", {"prompt": price, "completion": price})
        assert status in (200, 201)
        assert own.ask(key, "own/repriced").status == 200
        assert own.rows(user)[0]["cost_usd"] == cost
    assert own.admin("PUT", "/admin/prices/own%2Frepriced", {"prompt": "100", "completion": "100"})[0] in (200, 201)
    assert own.ask(key, "own/repriced").status == 200
    assert own.rows(user)[0]["cost_usd"] == "0.0012"
    assert own.ask(key, "hasty/repriced").status == 200
    assert own.rows(user)[0]["cost_usd"] == "0.00000012"


def test_a_drained_provider_gets_nothing_new(own):
    _, key = own.customer()
    try:
        assert own.admin("POST", "/admin/providers/hasty/drain")[0] == 200
        assert own.ask(key, "hasty/x").error == (503, "upstream_unavailable", None)
    finally:
        assert own.admin("POST", "/admin/providers/hasty/drain", {"draining": False})[0] == 200
    assert own.ask(key, "hasty/x").status == 200


def test_requests_are_paged_newest_first_and_found_by_every_filter(own):
    user, key = own.customer()
    ids = [own.ask(key, f"own/page-{number % 2}").headers["x-request-id"] for number in range(7)]
    own.ask(key, "hasty/page")
    seen, after = [], ""
    while True:
        status, page = own.admin("GET", f"/admin/requests?user={user}&limit=3{after}")
        assert status == 200 and len(page["data"]) <= 3
        seen += [row["id"] for row in page["data"]]
        if not page["next"]:
            break
        after = f"&after={page['next']}"
    assert seen[1:] == ids[::-1]
    for query, count in [("model=own/page-0", 4), ("provider=hasty", 1), ("status=error", 0), ("status=success", 8)]:
        assert len(own.admin("GET", f"/admin/requests?user={user}&{query}")[1]["data"]) == count, query
    assert own.admin("GET", "/admin/requests?limit=0")[0] == 400
    assert own.admin("GET", "/admin/requests?limit=1001")[0] == 400
    assert own.admin("GET", "/admin/requests?status=nope")[0] == 400


METRICS = [
    "requests_total", "request_duration_seconds", "tokens_total", "cache_hits_total", "cache_misses_total", "cost_usd_total",
    "active_streams", "provider_errors_total", "quota_usage_percent", "dedup_hits_total", "dedup_wait_timeouts_total",
    "overhead_seconds", "time_to_first_token_seconds",
]  # fmt: skip


def test_the_metrics_are_there_and_count(own):
    _, before = call("GET", own.control + "/metrics")
    own.ask(own.customer()[1], "good")
    _, page = call("GET", own.control + "/metrics")
    for name in METRICS:
        assert f"# TYPE tokenrouter_{name} " in page, name

    def count(text):
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("tokenrouter_requests_total{") and 'model="good"' in line)

    assert count(page) == count(before) + 1


def test_the_log_is_json_without_secrets_and_without_a_line_per_request(own):
    _, key = own.customer()
    size = own.log.stat().st_size
    for _ in range(20):
        own.ask(key, "good")
    text = own.log.read_text()
    assert own.log.stat().st_size == size, text[size:]
    for line in text.splitlines():
        if not line.startswith(("Gateway:", "Control plane:")):
            json.loads(line)
    for secret in ("sk-upstream", "sk-tr-", "tr-admin", "sk-header-secret"):
        assert secret not in text
