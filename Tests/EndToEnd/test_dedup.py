"""Requests that ask the same at one time share one call of the vendor (`pipeline.dedup`)."""
import http.client
import json
import threading
import urllib.request
from decimal import Decimal

import pytest
from gateway import Gateway, wait_until
from upstream import Upstream, answer, answered_well, error

N = 12
# How long the vendor takes where requests are to meet: long enough for all of them to arrive on a busy machine.
SLOW = 3.0


def configuration(vendor, simulator):
    own = f'kind: openai-compatible, base_url: "http://127.0.0.1:{vendor}/v1", allow_private: true, breaker: {{minimum_requests: 1000000000}}'
    models = {
        "full": "dedup: all",
        "split": "dedup: all, dedup_price: shared",
        "default": "cache: auto",
        "off": "dedup: off",
        "hasty": "dedup: all, dedup_wait: 300ms",
        "failing": "dedup: all",
        "refusing": "dedup: all",
        "leaving": "dedup: all",
        "deserted": "dedup: all",
    }
    listed = "\n".join(f"  - {{name: {name}, targets: [{{provider: own, model: {name}}}], pipeline: {{{dedup}}}}}" for name, dedup in models.items())
    return f"""providers:
  - {{name: own, {own}, keys: [{{id: main, value: sk-own}}]}}
  - {{name: sim, kind: openai-compatible, base_url: "http://127.0.0.1:{simulator}/v1", allow_private: true, keys: [{{id: main, value: sk-dedup-sim}}]}}
models:
{listed}
  - {{name: simulated, targets: [{{provider: sim, model: "gpt-4o-mini!latency={int(SLOW)}s"}}]}}
"""


@pytest.fixture(scope="module")
def vendor():
    upstream = Upstream()
    upstream.default = lambda received: slowly(received)
    yield upstream
    upstream.close()


def slowly(received, then=None):
    def reply(connection, request):
        threading.Event().wait(SLOW)
        connection.sendall(then or answered_well(request))

    return reply


@pytest.fixture(scope="module")
def dedup(binary, vendor, simulator, tmp_path_factory):
    process = Gateway(binary, tmp_path_factory.mktemp("dedup"), configuration(vendor.port, simulator.port))
    # 1 and 2 USD a million: GOOD's 10 prompt and 2 completion tokens cost 14,001 nano-USD with the odd rest.
    price = {"prompt": "1.0001", "completion": "2"}
    for model in ("full", "split", "default", "off", "hasty", "failing", "refusing", "leaving", "deserted"):
        status, body = process.admin("PUT", f"/admin/prices/{model}", price)
        assert status in (200, 201), body
    status, body = process.admin("PUT", f"/admin/prices/gpt-4o-mini%21latency%3D{int(SLOW)}s", price)
    assert status in (200, 201), body
    yield process
    assert process.stop() == 0, process.log.read_text()[-4000:]


WHOLE = Decimal("0.000014001")


def at_once(*calls):
    """What each of the calls gives, all made together."""
    results = [None] * len(calls)

    def run(index):
        results[index] = calls[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def asking(gateway, key, model, times=N, **fields):
    return at_once(*[lambda: gateway.ask(key, model=model, **fields)] * times)


def costs(gateway, user):
    return sorted(Decimal(row["cost_usd"]) for row in gateway.rows(user))


def roles(answers):
    return sorted(each.headers.get("x-tokenrouter-dedup", "none") for each in answers)


def sample(gateway, name, model):
    with urllib.request.urlopen(gateway.control + "/metrics", timeout=10) as response:
        for line in response.read().decode().splitlines():
            if line.startswith(f'{name}{{model="{model}"}}'):
                return int(line.split()[-1])
    return 0


def test_the_vendor_is_asked_once_and_everybody_pays_in_full(dedup, vendor):
    user, key = dedup.customer()
    answers = asking(dedup, key, "full")
    assert [each.status for each in answers] == [200] * N
    assert len(vendor.requests("full")) == 1
    assert roles(answers) == ["follower"] * (N - 1) + ["leader"]
    assert len({each.body for each in answers}) == 1
    assert len({each.headers["x-request-id"] for each in answers}) == N
    assert {each.headers["x-tokenrouter-provider"] for each in answers} == {"own"}
    assert costs(dedup, user) == [WHOLE] * N
    rows = dedup.rows(user)
    assert {row["id"] for row in rows} == {each.headers["x-request-id"] for each in answers}
    assert all(row["prompt_tokens"] == 10 and row["completion_tokens"] == 2 and row["status"] == "success" for row in rows)
    details = [dedup.admin("GET", f"/admin/requests/{row['id']}")[1] for row in rows]
    assert sorted(len(each["attempts"]) for each in details) == [0] * (N - 1) + [1]
    assert sample(dedup, "tokenrouter_dedup_hits_total", "full") == N - 1
    assert sample(dedup, "tokenrouter_dedup_wait_timeouts_total", "full") == 0


def test_a_shared_price_adds_up_to_one_call(dedup, vendor):
    user, key = dedup.customer(credit="1")
    answers = asking(dedup, key, "split")
    assert [each.status for each in answers] == [200] * N
    assert len(vendor.requests("split")) == 1
    paid = costs(dedup, user)
    assert len(paid) == N and sum(paid) == WHOLE
    assert max(paid) - min(paid) < Decimal(N) / 10**9
    status, balance = dedup.admin("GET", f"/admin/users/{user}/balance")
    assert status == 200 and Decimal(balance["balance_usd"]) == 1 - WHOLE and Decimal(balance["reserved_usd"]) == 0


def test_a_simulated_vendor_sees_one_request(dedup, simulator):
    _, key = dedup.customer()
    before = simulator.stats()["whole"]["started"]
    answers = asking(dedup, key, "simulated", temperature=0)
    assert [each.status for each in answers] == [200] * N
    assert roles(answers) == ["follower"] * (N - 1) + ["leader"]
    assert simulator.stats()["whole"]["started"] - before == 1


def test_only_what_can_be_expected_twice_is_joined_by_default(dedup, vendor):
    _, key = dedup.customer()
    answers = asking(dedup, key, "default", times=3, temperature=0)
    assert roles(answers) == ["follower", "follower", "leader"]
    assert len(vendor.requests("default")) == 1
    assert roles(asking(dedup, key, "default", times=3, temperature=0.5)) == ["none"] * 3
    assert len(vendor.requests("default")) == 4
    assert roles(asking(dedup, key, "default", times=2, temperature=0.5, seed=1)) == ["follower", "leader"]


def test_off_joins_nothing(dedup, vendor):
    _, key = dedup.customer()
    assert roles(asking(dedup, key, "off", times=3, temperature=0)) == ["none"] * 3
    assert len(vendor.requests("off")) == 3


def test_other_requests_and_other_users_are_not_joined(dedup, vendor):
    (_, first), (_, second) = dedup.customer(), dedup.customer()
    before = len(vendor.requests("full"))
    answers = at_once(
        lambda: dedup.ask(first, model="full", temperature=0),
        lambda: dedup.ask(first, model="full", temperature=1),
        lambda: dedup.ask(second, model="full", temperature=0),
    )
    assert roles(answers) == ["none"] * 3
    assert len(vendor.requests("full")) - before == 3


def test_streams_are_not_joined(dedup, vendor):
    _, key = dedup.customer()
    before = len(vendor.requests("full"))
    answers = asking(dedup, key, "full", times=3, stream=True, temperature=0)
    assert all(each.status == 200 and b"[DONE]" in each.body for each in answers)
    assert roles(answers) == ["none"] * 3
    assert len(vendor.requests("full")) - before == 3


def test_a_follower_waits_no_longer_than_it_may(dedup, vendor):
    _, key = dedup.customer()
    answers = asking(dedup, key, "hasty", times=4)
    assert [each.status for each in answers] == [200] * 4
    assert len(vendor.requests("hasty")) == 4
    assert roles(answers) == ["none"] * 4
    assert sample(dedup, "tokenrouter_dedup_wait_timeouts_total", "hasty") == 3
    assert sample(dedup, "tokenrouter_dedup_hits_total", "hasty") == 0


def test_a_failed_leader_frees_its_followers(dedup, vendor):
    user, key = dedup.customer()
    calls = []

    def reply(connection, request):
        calls.append(request)
        if len(calls) == 1:
            threading.Event().wait(SLOW)
            connection.sendall(error(500, "Out of order."))
        else:
            connection.sendall(answer())

    vendor.on("failing", reply)
    answers = asking(dedup, key, "failing", times=5)
    assert sorted(each.status for each in answers) == [200] * 4 + [502]
    assert len(calls) <= 5
    assert len(dedup.rows(user)) == 5


def test_a_refusal_of_the_request_itself_is_everybodys(dedup, vendor):
    user, key = dedup.customer()
    vendor.on("refusing", lambda connection, request: slowly(request, error(400, "No such field.", "bad_field"))(connection, request))
    answers = asking(dedup, key, "refusing", times=5)
    assert [each.error for each in answers] == [(400, "bad_field", None)] * 5
    assert len(vendor.requests("refusing")) == 1
    assert roles(answers) == ["follower"] * 4 + ["leader"]
    assert costs(dedup, user) == [0] * 5


def leader(gateway, key, model):
    """A request on a connection of its own, sent but not read."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=60)
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": "Hello"}]})
    connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {key}", "content-type": "application/json"})
    return connection


def test_a_leader_that_leaves_calls_on_for_its_followers(dedup, vendor):
    user, key = dedup.customer()
    gate = threading.Event()

    def reply(connection, request):
        gate.wait(60)
        connection.sendall(answer())

    vendor.on("leaving", reply)
    left = leader(dedup, key, "leaving")
    wait_until("the leader's call", lambda: vendor.requests("leaving"))
    timer = threading.Timer(SLOW, gate.set)
    closer = threading.Timer(SLOW / 2, left.close)
    timer.start()
    closer.start()
    answers = asking(dedup, key, "leaving", times=3)
    assert [each.status for each in answers] == [200] * 3
    assert len(vendor.requests("leaving")) == 1
    assert roles(answers) == ["follower"] * 3
    wait_until("four rows", lambda: len(dedup.rows(user)) == 4)
    assert sorted(row["status"] for row in dedup.rows(user)) == ["cancelled"] + ["success"] * 3
    assert costs(dedup, user) == [0] + [WHOLE] * 3


def test_a_leader_that_leaves_alone_is_cancelled_and_the_next_one_asks_anew(dedup, vendor):
    user, key = dedup.customer()
    hung = threading.Event()

    def reply(connection, request):
        if len(vendor.requests("deserted")) > 1:
            return connection.sendall(answer())
        connection.settimeout(30)
        if connection.recv(1) == b"":
            hung.set()

    vendor.on("deserted", reply)
    left = leader(dedup, key, "deserted")
    wait_until("the leader's call", lambda: vendor.requests("deserted"))
    left.close()
    assert hung.wait(30), "the vendor's call goes on for nobody"
    assert dedup.ask(key, model="deserted").status == 200
    assert len(vendor.requests("deserted")) == 2
    assert sorted(row["status"] for row in dedup.rows(user)) == ["cancelled", "success"]
