"""What configuration bounds: time, size, connections, trust; and what holds when the store or a vendor does not."""
import concurrent.futures
import json
import sqlite3
import threading

import pytest
from conftest import own_configuration
from gateway import wait_until
from test_process import all_rows, start  # noqa: F401  (a fixture)
from upstream import DONE, GOOD, STREAM_HEAD, Upstream, answer, chunk, error, event


def test_the_whole_exchange_is_bound_by_request_timeout(start, upstream):
    gateway = start(server=", request_timeout: 500ms")
    user, key = gateway.customer()

    def drips(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b" ")
            threading.Event().wait(0.05)

    upstream.on("drips-slowly", drips)
    assert gateway.ask(key, "own/drips-slowly").error == (504, "upstream_timeout", None)
    assert gateway.rows(user)[0]["status"] == "error"


def test_large_bodies_pass_both_ways_unchanged(start, upstream):
    gateway = start()
    user, key = gateway.customer()
    text = "0123456789abcdef" * (20 << 16)
    upstream.on("large", lambda connection, request: connection.sendall(answer({**GOOD, "echo": len(request.body), "text": text})))
    body = json.dumps({"model": "own/large", "messages": [{"role": "user", "content": text}]}).encode()
    got = gateway.ask(key, raw=body)
    assert got.status == 200 and got.json["text"] == text
    assert upstream.requests("large")[-1].json["messages"][0]["content"] == text
    assert got.json["echo"] == len(body) - len("own/")
    upstream.received.clear()


def test_a_trusted_proxys_word_about_the_client_counts_and_no_one_elses(start):
    gateway = start(server=', trusted_proxies: ["127.0.0.0/8"]')
    _, key = gateway.customer(allow_ips=["10.0.0.0/8"])
    for forwarded, status in [
        (None, 403),
        ("10.1.2.3", 200),
        ("10.1.2.3, 127.0.0.9", 200),
        ("10.1.2.3, 192.0.2.1", 403),
        ("192.0.2.1, 10.1.2.3", 200),
        ("nonsense", 403),
        ("", 403),
    ]:
        headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
        assert gateway.ask(key, "good", headers=headers).status == status, forwarded


def test_a_pools_cap_holds_and_nobody_is_lost(start, binary, tmp_path):
    vendor = Upstream()
    gateway = start(configuration=own_configuration(vendor.port).replace("headers: {x-team", "pool: {max_connections: 1}, headers: {x-team"))
    _, key = gateway.customer()
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        statuses = list(pool.map(lambda _: gateway.ask(key, "good").status, range(200)))
    assert statuses == [200] * 200
    assert vendor.connections <= 64  # one an event loop
    vendor.close()


def test_an_open_breaker_refuses_at_once_and_closes_again(start, upstream):
    breaker = "{minimum_requests: 5, failure_ratio: 0.5, open_for: 300ms, open_for_max: 300ms, half_open_successes: 1}"
    gateway = start(configuration=own_configuration(upstream.port).replace("{minimum_requests: 1000000000}", breaker))
    _, key = gateway.customer()
    upstream.on("down", error(500))
    wait_until("the breaker opens", lambda: gateway.ask(key, "own/down").status == 503, seconds=10)
    before = len(upstream.requests("good"))
    refused = gateway.ask(key, "good")
    assert refused.error == (503, "upstream_unavailable", None) and int(refused.headers["retry-after"]) >= 1
    assert len(upstream.requests("good")) == before
    _, providers = gateway.admin("GET", "/admin/providers")
    assert {each["name"]: each["breaker"] for each in providers["data"]}["own"] != "closed"
    wait_until("it answers again", lambda: gateway.ask(key, "good").status == 200, seconds=10)
    wait_until("it is closed", lambda: gateway.ask(key, "good").status == 200 and breaker_of(gateway) == "closed", seconds=10)


def breaker_of(gateway):
    _, providers = gateway.admin("GET", "/admin/providers")
    return {each["name"]: each["breaker"] for each in providers["data"]}["own"]


def test_a_store_that_takes_no_writes_stops_nobody_and_loses_nothing(start):
    gateway = start()
    user, key = gateway.customer()
    assert gateway.ask(key, "good").status == 200
    lock = sqlite3.connect(gateway.folder / "gateway.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    answers = [gateway.ask(key, "good") for _ in range(20)]
    assert [each.status for each in answers] == [200] * 20
    lock.execute("ROLLBACK")
    lock.close()
    ids = {each.headers["x-request-id"] for each in answers}
    wait_until("the rows arrive", lambda: ids <= {row["id"] for row in gateway.rows(user)}, seconds=20)
    assert len(all_rows(gateway, user)) == 21


def test_with_sync_durability_the_row_is_in_the_store_before_the_answer_ends(start, upstream):
    text = own_configuration(upstream.port).replace("billing: {", "billing: {durability: sync, ")
    gateway = start(configuration=text)
    _, key = gateway.customer()
    store = sqlite3.connect(f"file:{gateway.folder}/gateway.db?mode=ro", uri=True)
    for number in range(1, 11):
        got = gateway.ask(key, "good", stream=number % 2 == 0)
        assert got.status == 200
        assert store.execute("select count(*) from requests").fetchone() == (number,)
    store.close()


def test_bytes_behind_a_vendors_answer_never_reach_another_client(own, upstream):
    _, key = own.customer()
    upstream.on("says-more", answer() + answer({**GOOD, "id": "smuggled"}))
    upstream.on("streams-more", STREAM_HEAD + chunk(event("Hi", "stop")) + chunk(DONE) + chunk(event("smuggled")) + chunk(b"") + answer({**GOOD, "id": "smuggled"}))
    for _ in range(20):
        assert own.ask(key, "own/says-more").status == 200
        assert own.ask(key, "good").json["id"] == "chatcmpl-1"
        streamed = own.ask(key, "own/streams-more", stream=True)
        assert streamed.body.endswith(DONE) and b"smuggled" not in streamed.body
        assert own.ask(key, "good").json["id"] == "chatcmpl-1"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_spelling_of_an_event_stream_is_read(own, upstream, newline):
    user, key = own.customer()
    data = event("Hi", "stop")[6:].decode().strip()
    lines = ["\ufeffid: 1", "event: message", "retry: 5", ": note", "data:" + data, "", "data", "", "data: [DONE]", "", ""]
    sent = newline.join(lines).encode()
    upstream.on("spelling", STREAM_HEAD + b"".join(chunk(bytes([byte])) for byte in sent) + chunk(b""))
    got = own.ask(key, "own/spelling", stream=True)
    assert got.status == 200 and data.encode() in got.body and b"[DONE]" in got.body and b'"error"' not in got.body
    assert own.rows(user)[0]["status"] == "success"
