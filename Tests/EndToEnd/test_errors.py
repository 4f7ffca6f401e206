"""The rows of the contract's error table, each by status, code and `param`; after each the process lives."""
import http.client
import json
import threading
import time

import pytest
from gateway import Gateway, wait_until
from upstream import GOOD, STREAM_HEAD, answer, chunk, error, head


@pytest.fixture(scope="module")
def key(own):
    return own.customer()[1]


@pytest.fixture(autouse=True)
def lives_on(own):
    yield
    assert own.process.poll() is None, own.log.read_text()[-4000:]
    assert own.ask(own.customer()[1], "good").status == 200


# Who is it


def test_no_key_is_401(own):
    assert own.ask(None, "good").error == (401, "invalid_api_key", None)


WRONG_KEYS = [
    ("an unknown key", {"authorization": "Bearer sk-tr-unknown"}),
    ("an empty key", {"authorization": "Bearer "}),
    ("another scheme", {"authorization": "Basic dXNlcjpwYXNz"}),
    ("an unknown x-api-key", {"x-api-key": "sk-tr-unknown"}),
    ("a key of 16 KB", {"authorization": "Bearer " + "k" * 16000}),
    ("a key that is no text", {"authorization": "Bearer \xff\xfe"}),
]


@pytest.mark.parametrize("name,headers", WRONG_KEYS, ids=[case[0] for case in WRONG_KEYS])
def test_a_wrong_key_is_401(own, name, headers):
    assert own.ask(None, "good", headers=headers).error == (401, "invalid_api_key", None)


def test_two_different_keys_are_401_and_one_key_twice_is_not(own, key):
    other = own.customer()[1]
    assert own.ask(key, "good", headers={"x-api-key": other}).error == (401, "invalid_api_key", None)
    assert own.ask(key, "good", headers={"x-goog-api-key": other}).error == (401, "invalid_api_key", None)
    assert own.ask(key, "good", headers={"x-api-key": key}).status == 200
    assert own.ask(None, "good", headers={"x-api-key": key}).status == 200
    assert own.ask(None, "good", headers={"x-goog-api-key": key}).status == 200


def test_a_revoked_and_a_deleted_users_key_are_401(own):
    user, key = own.customer()
    assert own.ask(key, "good").status == 200
    _, keys = own.admin("GET", f"/admin/keys?user={user}")
    assert own.admin("DELETE", f"/admin/keys/{keys['data'][0]['id']}")[0] == 200
    assert own.ask(key, "good").error == (401, "invalid_api_key", None)
    user, key = own.customer()
    assert own.ask(key, "good").status == 200
    assert own.admin("DELETE", f"/admin/users/{user}")[0] in (200, 204)
    assert own.ask(key, "good").error == (401, "invalid_api_key", None)


def test_an_expired_key_is_401(own):
    expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
    _, key = own.customer(expires_at=expiry)
    assert own.ask(key, "good").status == 200
    wait_until("the key expires", lambda: own.ask(key, "good").status == 401, seconds=10)
    assert own.ask(key, "good").error == (401, "invalid_api_key", None)


# May they


def test_a_model_outside_the_keys_list_is_403(own):
    _, key = own.customer(models=["own/*"])
    assert own.ask(key, "good").error == (403, "permission_denied", "model")
    assert own.ask(key, "own/anything").status == 200


def test_an_address_outside_the_keys_list_is_403(own):
    _, key = own.customer(allow_ips=["10.0.0.0/8"])
    assert own.ask(key, "good").error == (403, "permission_denied", None)
    assert own.ask(key, "good", headers={"x-forwarded-for": "10.1.1.1"}).error == (403, "permission_denied", None)
    _, key = own.customer(allow_ips=["127.0.0.0/8"])
    assert own.ask(key, "good").status == 200


def test_an_unknown_model_is_404(own, key):
    assert own.ask(key, "nothing").error == (404, "model_not_found", "model")
    assert own.ask(key, "\ud800").error == (404, "model_not_found", "model")
    assert own.ask(key, path="/v1/models/nothing", method="GET", raw=b"").error == (404, "model_not_found", "model")


PATHS = [
    ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
    ("POST", "/v1/models", 405, "method_not_allowed"),
    ("GET", "/v1/nothing", 404, "not_found"),
    ("POST", "/v1/batches", 501, "not_implemented"),
]


@pytest.mark.parametrize("method,path,status,code", PATHS)
def test_paths_that_do_not_answer_say_why(own, key, method, path, status, code):
    assert own.ask(key, path=path, method=method, raw=b"").error == (status, code, None)


# What is asked

USER = '"messages":[{"role":"user","content":"Hi"}]'
BAD_BODIES = [
    ("nothing", "", None),
    ("no JSON", "hello", None),
    ("cut JSON", '{"model":"good","messages":[', None),
    ("two values", '{"model":"good",' + USER + "} {}", None),
    ("a trailing comma", '{"model":"good",' + USER + ",}", None),
    ("an array", "[]", None),
    ("a string", '"good"', None),
    ("broken UTF-8", b'{"model":"good","messages":[{"role":"user","content":"\xff\xfe"}]}', None),
    ("deep nesting", '{"model":"good",' + USER + ',"x":' + "[" * 20000 + "]" * 20000 + "}", None),
    ("a duplicate model", '{"model":"good",' + USER + ',"model":"good"}', "model"),
    ("a duplicate key nobody knows", '{"model":"good",' + USER + ',"zz":1,"zz":2}', "zz"),
    ("a duplicate key spelt with an escape", '{"model":"good",' + USER + ',"m\\u006fdel":"own/x"}', "model"),
    ("no model", "{" + USER + "}", "model"),
    ("a null model", '{"model":null,' + USER + "}", "model"),
    ("an empty model", '{"model":"",' + USER + "}", "model"),
    ("a number as the model", '{"model":7,' + USER + "}", "model"),
    ("no messages", '{"model":"good"}', "messages"),
    ("empty messages", '{"model":"good","messages":[]}', "messages"),
    ("messages as an object", '{"model":"good","messages":{}}', "messages"),
    ("a message that is a string", '{"model":"good","messages":["Hi"]}', "messages[0]"),
    ("a message without a role", '{"model":"good","messages":[{"content":"Hi"}]}', "messages[0].role"),
    ("a role that is a number", '{"model":"good","messages":[{"role":1,"content":"Hi"}]}', "messages[0].role"),
    ("content that is a number", '{"model":"good","messages":[{"role":"user","content":1}]}', "messages[0].content"),
    ("stream as a string", '{"model":"good",' + USER + ',"stream":"yes"}', "stream"),
    ("stream_options as a number", '{"model":"good",' + USER + ',"stream_options":7}', "stream_options"),
    ("include_usage as a string", '{"model":"good",' + USER + ',"stream_options":{"include_usage":"y"}}', "stream_options.include_usage"),
    ("max_tokens as a string", '{"model":"good",' + USER + ',"max_tokens":"9"}', "max_tokens"),
    ("max_tokens of zero", '{"model":"good",' + USER + ',"max_tokens":0}', "max_tokens"),
    ("max_tokens past every integer", '{"model":"good",' + USER + ',"max_tokens":1e400}', "max_tokens"),
    ("n of minus one", '{"model":"good",' + USER + ',"n":-1}', "n"),
    ("temperature as a string", '{"model":"good",' + USER + ',"temperature":"hot"}', "temperature"),
    ("tools as an object", '{"model":"good",' + USER + ',"tools":{}}', "tools"),
    ("a tool that is a string", '{"model":"good",' + USER + ',"tools":["x"]}', "tools[0]"),
]


@pytest.mark.parametrize("name,body,param", BAD_BODIES, ids=[case[0] for case in BAD_BODIES])
def test_a_body_that_cannot_be_read_is_400_and_names_the_field(own, key, name, body, param):
    raw = body if isinstance(body, bytes) else body.encode()
    assert own.ask(key, raw=raw).error == (400, "invalid_request_error", param)


def test_a_body_past_the_limit_is_413_by_its_announced_length(own, key):
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=10)
    connection.putrequest("POST", "/v1/chat/completions")
    connection.putheader("authorization", f"Bearer {key}")
    connection.putheader("content-length", "65537")
    connection.endheaders()  # not one byte of the body is sent
    response = connection.getresponse()
    assert (response.status, json.load(response)["error"]["code"]) == (413, "request_too_large")
    assert response.getheader("connection") == "close"
    connection.close()


def test_a_body_past_the_limit_is_413_while_its_chunks_come(own, key):
    def chunks():
        for _ in range(65):
            yield b" " * 1024

    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=10)
    connection.request(
        "POST", "/v1/chat/completions", chunks(), {"authorization": f"Bearer {key}", "transfer-encoding": "chunked"}, encode_chunked=True
    )
    response = connection.getresponse()
    assert (response.status, json.load(response)["error"]["code"]) == (413, "request_too_large")
    connection.close()


def test_a_body_of_exactly_the_limit_is_taken(own, key):
    body = json.dumps({"model": "good", "messages": [{"role": "user", "content": "Hi"}]}).encode()
    assert own.ask(key, raw=body + b" " * (65536 - len(body))).status == 200


# Limits and money


def test_the_free_plans_twenty_first_request_of_a_minute_is_429(own):
    _, key = own.customer(plan="free")
    for used in range(1, 21):
        answer = own.ask(key, "good")
        assert answer.status == 200
        assert answer.headers["x-ratelimit-limit-requests"] == "20"
        assert answer.headers["x-ratelimit-remaining-requests"] == str(20 - used)
        assert answer.headers["x-ratelimit-reset-requests"]
    answer = own.ask(key, "good")
    assert answer.error == (429, "rate_limit_exceeded", None)
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["x-ratelimit-remaining-requests"] == "0"


def test_a_keys_own_limit_counts_beside_the_plans(own):
    _, key = own.customer(requests_per_minute=2)
    assert [own.ask(key, "good").status for _ in range(3)] == [200, 200, 429]
    assert own.ask(key, "good").error == (429, "rate_limit_exceeded", None)


def test_twenty_at_once_are_admitted_and_no_more(own):
    _, key = own.customer(plan="free")
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(own.ask(key, "good").status)) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 20 + [429] * 20


def test_no_balance_is_429_and_credit_opens_the_door(own):
    own.admin("PUT", "/admin/prices/priced", {"prompt": "1000", "completion": "1000"})
    user, key = own.customer(credit="0")
    assert own.ask(key, "own/priced").error == (429, "insufficient_quota", None)
    status, _ = own.admin("POST", f"/admin/users/{user}/credits", {"amount_usd": "5", "note": "x"}, {"idempotency-key": user})
    assert status in (200, 201)
    assert own.ask(key, "own/priced", max_tokens=10).status == 200
    _, balance = own.admin("GET", f"/admin/users/{user}/balance")
    assert (balance["balance_usd"], balance["reserved_usd"]) == ("4.988", "0")


# Upstream


def with_secrets(message):
    return error(400, message, "bad_thing", param="temperature")


UPSTREAM = [
    # name, the vendor's bytes, status, code, param
    ("401", error(401, "Incorrect API key provided: sk-upstream-secret-1", "invalid_api_key"), 502, "upstream_error", None),
    ("403", error(403, "Forbidden", "forbidden"), 502, "upstream_error", None),
    ("500", error(500), 502, "upstream_error", None),
    ("502 of a proxy", answer(b"<html>Bad gateway</html>", 502), 502, "upstream_error", None),
    ("503", error(503), 502, "upstream_error", None),
    ("529", error(529), 502, "upstream_error", None),
    ("400", error(400, "'temperature' is too high", "too_hot", param="temperature"), 400, "too_hot", "temperature"),
    ("400 without a code", error(400, "No."), 400, "upstream_error", None),
    ("404", error(404, "No such deployment", "deployment_missing"), 404, "deployment_missing", None),
    ("413", error(413, "Too long", "too_long"), 413, "too_long", None),
    ("422 in another form", answer({"detail": "Unprocessable"}, 422), 422, "upstream_error", None),
    ("418 that is no JSON", answer(b"I am a teapot", 418), 418, "upstream_error", None),
    ("429", error(429, "Slow down", "rate_limit_exceeded", "retry-after: 17"), 429, "rate_limit_exceeded", None),
    ("garbage", b"\x00\x01\x02 nothing like HTTP\r\n\r\n", 502, "upstream_error", None),
    ("200 that is no JSON", answer(b"<html>hello</html>"), 502, "upstream_error", None),
    ("200 with cut JSON", answer(json.dumps(GOOD).encode()[:-9]), 502, "upstream_error", None),
    ("200 without choices", answer({"id": "x", "object": "chat.completion"}), 502, "upstream_error", None),
    ("200 with choices of another type", answer({**GOOD, "choices": "none"}), 502, "upstream_error", None),
    ("200 with an error inside", answer({"error": {"message": "It broke"}}), 502, "upstream_error", None),
    ("200 that is empty", answer(b""), 502, "upstream_error", None),
    ("204", b"HTTP/1.1 204 No Content\r\n\r\n", 502, "upstream_error", None),
    ("a redirect", answer(b"", 302, "location: http://127.0.0.1:1/"), 502, "upstream_error", None),
    ("a stream without an event", STREAM_HEAD + chunk(b""), 502, "upstream_error", None),
    ("events that are no JSON", STREAM_HEAD + chunk(b"data: nope\n\n") + chunk(b""), 502, "upstream_error", None),
    ("gzip nobody asked for", answer(b"\x1f\x8b\x08\x00\x00", 200, "content-encoding: gzip"), 502, "upstream_error", None),
    ("both lengths", head(200, "application/json", "content-length: 2", "transfer-encoding: chunked") + b"{}", 502, "upstream_error", None),
    ("two lengths", head(200, "application/json", "content-length: 2", "content-length: 3") + b"{}", 502, "upstream_error", None),
    ("a bad chunk size", head(200, "application/json", "transfer-encoding: chunked") + b"zz\r\n{}\r\n0\r\n\r\n", 502, "upstream_error", None),
    ("an answer past the limit", answer({**GOOD, "x": "y" * (1 << 20)}), 502, "upstream_error", None),
    ("a head past the limit", b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000 + b"\r\n\r\n", 502, "upstream_error", None),
]


@pytest.mark.parametrize("name,bytes_,status,code,param", UPSTREAM, ids=[case[0] for case in UPSTREAM])
@pytest.mark.parametrize("is_stream", [False, True], ids=["unary", "stream"])
def test_a_broken_upstream_answer(own, upstream, name, bytes_, status, code, param, is_stream):
    user, key = own.customer()
    upstream.on("broken", bytes_)
    answer = own.ask(key, "own/broken", **({"stream": True} if is_stream else {}))
    assert answer.error == (status, code, param)
    assert "sk-upstream-secret-1" not in answer.body.decode()
    assert answer.headers["x-tokenrouter-provider"] == "own"
    if name == "429":
        assert answer.headers["retry-after"] == "17"
    row = own.rows(user)[0]
    assert (row["status"], row["cost_usd"], row["completion_tokens"]) == ("error", "0", 0)
    assert row["id"] == answer.headers["x-request-id"]


def closing(data):
    def handler(connection, _):
        connection.sendall(data)
        connection.close()

    return handler


CUT = [
    ("before a byte", b""),
    ("within the head", b"HTTP/1.1 200 OK\r\ncontent-ty"),
    ("within a body of known length", answer()[:-7]),
    ("within a chunk", head(200, "application/json", "transfer-encoding: chunked") + b"ff\r\n{}"),
    ("before the last chunk", head(200, "application/json", "transfer-encoding: chunked") + chunk(json.dumps(GOOD).encode())),
    ("within a body that ends with the connection", head() + json.dumps(GOOD).encode()[:-9]),
]


@pytest.mark.parametrize("name,bytes_", CUT, ids=[case[0] for case in CUT])
def test_an_upstream_that_hangs_up_early_is_502(own, upstream, key, name, bytes_):
    upstream.on("cut", closing(bytes_))
    assert own.ask(key, "own/cut").error == (502, "upstream_error", None)


def test_an_answer_that_ends_with_its_connection_is_whole(own, upstream, key):
    upstream.on("until-close", closing(head() + json.dumps(GOOD).encode()))
    answer = own.ask(key, "own/until-close")
    assert (answer.status, answer.json) == (200, GOOD)


def test_the_upstreams_message_comes_through_with_every_secret_masked(own, upstream, key):
    upstream.on("tells", with_secrets("Your key sk-upstream-secret-1 and sk-upstream-secret-2 and sk-header-secret are no good"))
    answer = own.ask(key, "own/tells")
    assert answer.error == (400, "bad_thing", "temperature")
    assert "Your key" in answer.message and "are no good" in answer.message
    for secret in ("sk-upstream-secret-1", "sk-upstream-secret-2", "sk-header-secret"):
        assert secret not in answer.body.decode()


def test_an_upstream_that_says_nothing_is_504(own, upstream, key):
    upstream.on("silent", lambda connection, _: connection.recv(1))
    assert own.ask(key, "hasty/silent").error == (504, "upstream_timeout", None)
    assert own.ask(key, "hasty/silent", stream=True).error == (504, "upstream_timeout", None)


def test_an_upstream_that_stalls_within_its_answer_is_504(own, upstream, key):
    def stalls(connection, _):
        connection.sendall(answer()[:-7])
        connection.recv(1)

    upstream.on("stalls", stalls)
    assert own.ask(key, "own/stalls").error == (504, "upstream_timeout", None)


# The gateway itself


def test_past_max_concurrency_it_is_503_with_retry_after(binary, upstream, tmp_path):
    from conftest import own_configuration

    gateway = Gateway(binary, tmp_path, own_configuration(upstream.port), server=", max_concurrency: 2")
    try:
        _, key = gateway.customer()
        release = threading.Event()

        def waits(connection, _):
            release.wait(30)
            connection.sendall(answer())

        upstream.on("waits", waits)
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(gateway.ask(key, "own/waits"))) for _ in range(2)]
        before = len(upstream.requests("waits"))
        for thread in threads:
            thread.start()
        wait_until("both are under way", lambda: len(upstream.requests("waits")) == before + 2)
        refused = gateway.ask(key, "good")
        assert refused.error == (503, "overloaded", None)
        assert int(refused.headers["retry-after"]) >= 1
        release.set()
        for thread in threads:
            thread.join()
        assert [each.status for each in answers] == [200, 200]
        assert gateway.ask(key, "good").status == 200
    finally:
        assert gateway.stop() == 0


def test_a_model_without_a_price_is_503_until_it_has_one(gateway):
    _, key = gateway.customer()
    assert gateway.ask(key, "unpriced").error == (503, "upstream_unavailable", None)
    assert gateway.ask(key, "sim/gpt-4o-mini").status == 200
    assert gateway.ask(key, "sim/simulator-model!no-price").error == (503, "upstream_unavailable", None)


def test_no_target_left_is_502_with_the_last_failure_and_degrades_where_told(gateway):
    _, key = gateway.customer()
    assert gateway.ask(key, "failing").error == (502, "upstream_error", None)
    answer = gateway.ask(key, "degraded")
    assert (answer.status, answer.json) == (200, {"choices": [], "note": "degraded"})
