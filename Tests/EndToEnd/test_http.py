"""Messages as bytes: what is refused, what order answers come in, and which headers cross."""
import json
import socket
import threading
import time

import pytest
from gateway import wait_until
from http2 import Http2
from upstream import DONE, GOOD, STREAM_HEAD, answer, chunk, event, until_gone


@pytest.fixture(scope="module")
def key(own):
    return own.customer()[1]


class Raw:
    """A connection one writes bytes on and reads whole answers from."""

    def __init__(self, own):
        self.socket = socket.create_connection(("127.0.0.1", own.port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def more(self):
        data = self.socket.recv(65536)
        self.pending += data
        return bool(data)

    def head(self):
        while b"\r\n\r\n" not in self.pending:
            assert self.more(), f"closed after {self.pending!r}"
        text, self.pending = self.pending.split(b"\r\n\r\n", 1)
        lines = text.decode().split("\r\n")
        return int(lines[0].split()[1]), {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}

    def answer(self):
        """Status, headers and body of the next answer."""
        status, headers = self.head()
        length = int(headers.get("content-length", "0"))
        while len(self.pending) < length:
            assert self.more()
        body, self.pending = self.pending[:length], self.pending[length:]
        return status, headers, body

    def rest(self):
        """Everything up to the connection's end."""
        try:
            while self.more():
                pass
        except ConnectionResetError:
            pass
        return self.pending

    def close(self):
        self.socket.close()


@pytest.fixture()
def raw(own):
    connection = Raw(own)
    yield connection
    connection.close()


def request(key, model="good", *fields, version="1.1", framing=None, **members):
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": "Hi"}], **members}).encode()
    lines = [f"POST /v1/chat/completions HTTP/{version}", "Host: localhost", f"Authorization: Bearer {key}", *fields]
    lines.append(framing or f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def head(*fields, line="POST /v1/chat/completions HTTP/1.1", host="Host: localhost"):
    return "\r\n".join([line, *([host] if host else []), *fields]) + "\r\n\r\n"


HOSTILE = [
    ("both lengths", head("Content-Length: 2", "Transfer-Encoding: chunked") + "0\r\n\r\n", 400),
    ("two lengths", head("Content-Length: 2", "Content-Length: 2") + "{}", 400),
    ("a list of lengths", head("Content-Length: 2, 2") + "{}", 400),
    ("a signed length", head("Content-Length: +2") + "{}", 400),
    ("a negative length", head("Content-Length: -2") + "{}", 400),
    ("a hexadecimal length", head("Content-Length: 0x2") + "{}", 400),
    ("a length past every integer", head("Content-Length: 99999999999999999999") + "{}", 400),
    ("a space before the colon", head("Content-Length : 2") + "{}", 400),
    ("a folded header", head("X-A: 1", " 2"), 400),
    ("a bare LF", "POST / HTTP/1.1\nHost: localhost\n\n", 400),
    ("a bare CR in a value", head("X-A: 1\r2"), 400),
    ("a NUL in a value", head("X-A: 1\x002"), 400),
    ("a header without a name", head(": 1"), 400),
    ("a header without a colon", head("X-A"), 400),
    ("a length spelt with an underscore", head("Content_Length: 2") + "{}", 400),
    ("two hosts", head("Host: other"), 400),
    ("no host", head("Content-Length: 2", host=None) + "{}", 400),
    ("a host with a path", head(host="Host: a/b"), 400),
    ("an absolute target", head(line="POST http://localhost/v1/chat/completions HTTP/1.1"), 400),
    ("a target without a slash", head(line="POST v1 HTTP/1.1"), 400),
    ("a tunnel", head(line="CONNECT localhost:1 HTTP/1.1"), 400),
    ("two spaces in the request line", head(line="POST  / HTTP/1.1"), 400),
    ("another protocol", head(line="POST / HTCPCP/1.0"), 400),
    ("another version", head(line="POST / HTTP/3.0"), 505),
    ("a coding nobody knows", head("Transfer-Encoding: gzip, chunked"), 501),
    ("a coding twice", head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400),
    ("chunks in HTTP/1.0", head("Transfer-Encoding: chunked", line="POST / HTTP/1.0"), 501),
    ("Connection that names a length", head("Connection: content-length", "Content-Length: 2") + "{}", 400),
    ("an expectation nobody knows", head("Expect: tea"), 417),
    ("two keys in two Authorization fields", head("Authorization: Bearer a", "Authorization: Bearer b"), 400),
    ("a request line past its limit", head(line="POST /" + "a" * 9000 + " HTTP/1.1"), 414),
    ("a header past its limit", head("X-A: " + "a" * 17000), 431),
    ("too many headers", head(*[f"X-{n}: 1" for n in range(200)]), 431),
    ("a head past its limit", head(*[f"X-{n}: " + "a" * 8000 for n in range(20)]), 431),
    ("bytes of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", 400),
]

BAD_CHUNKS = [
    ("an odd size", "zz\r\n{}\r\n0\r\n\r\n"),
    ("a size with a sign", "+2\r\n{}\r\n0\r\n\r\n"),
    ("a size past every integer", "ffffffffffffffff1\r\n{}\r\n0\r\n\r\n"),
    ("an extension", "2;a=b\r\n{}\r\n0\r\n\r\n"),
    ("a bare LF behind the size", "2\n{}\r\n0\r\n\r\n"),
    ("no end behind the data", "2\r\n{}xx0\r\n\r\n"),
    ("a trailer that frames", "2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n"),
]


@pytest.mark.parametrize("name,sent,status", HOSTILE, ids=[case[0] for case in HOSTILE])
def test_a_hostile_message_is_refused_and_its_connection_closed(raw, key, name, sent, status):
    raw.send(sent.encode("latin-1"))
    try:
        raw.send(request(key))  # what is smuggled behind it must never be answered
    except OSError:
        pass
    got, headers, _ = raw.answer()
    assert (got, headers["connection"]) == (status, "close")
    assert raw.rest() == b""


@pytest.mark.parametrize("name,sent", BAD_CHUNKS, ids=[case[0] for case in BAD_CHUNKS])
def test_hostile_chunks_are_refused_and_their_connection_closed(raw, key, name, sent):
    raw.send(head(f"Authorization: Bearer {key}", "Transfer-Encoding: chunked") + sent)
    status, headers, _ = raw.answer()
    assert (status, headers["connection"]) == (400, "close")
    assert raw.rest() == b""


def test_pipelined_requests_are_answered_in_order(raw, own, upstream, key):
    def slow(connection, _):
        threading.Event().wait(0.1)
        connection.sendall(answer({**GOOD, "id": "slow"}))

    upstream.on("slow", slow)
    models = ["own/slow", "good", "nothing", "own/slow", "good"]
    raw.send(b"".join(request(key, model) for model in models))
    answers = [raw.answer() for _ in models]
    assert [status for status, _, _ in answers] == [200, 200, 404, 200, 200]
    assert [json.loads(body).get("id") for _, _, body in answers] == ["slow", "chatcmpl-1", None, "slow", "chatcmpl-1"]
    raw.send(request(key))
    assert raw.answer()[0] == 200


def test_hundreds_of_pipelined_requests_neither_lose_nor_mix_answers(raw, key):
    sent = b"".join(request(key, f"nothing-{n}") for n in range(400))
    threading.Thread(target=raw.send, args=(sent,), daemon=True).start()
    for n in range(400):
        status, _, body = raw.answer()
        assert status == 404 and f"'nothing-{n}'" in json.loads(body)["error"]["message"]


def test_a_request_behind_a_stream_waits_for_its_end(raw, key):
    raw.send(request(key, stream=True) + request(key))
    status, headers = raw.head()
    assert (status, headers["transfer-encoding"]) == (200, "chunked")
    while not raw.pending.count(b"0\r\n\r\n"):
        assert raw.more()
    assert DONE in raw.pending
    raw.pending = raw.pending.split(b"0\r\n\r\n", 1)[1]
    assert raw.answer()[0] == 200


def test_a_request_that_comes_byte_by_byte_is_the_same_request(raw, upstream, key):
    before = len(upstream.requests("good"))
    for byte in request(key):
        raw.send(bytes([byte]))
    assert raw.answer()[0] == 200
    body = json.dumps({"model": "good", "messages": []}).encode()
    chunks = b"".join(f"1\r\n{chr(byte)}\r\n".encode() for byte in body.replace(b"[]", b'[{"role":"user","content":"Hi"}]'))
    for byte in head(f"Authorization: Bearer {key}", "Transfer-Encoding: chunked").encode() + chunks + b"0\r\nX-T: 1\r\n\r\n":
        raw.send(bytes([byte]))
    assert raw.answer()[0] == 200
    sent = upstream.requests("good")[before:]
    assert [each.json for each in sent] == [{"model": "good", "messages": [{"role": "user", "content": "Hi"}]}] * 2


def test_a_connection_is_kept_and_closes_when_asked(raw, key):
    for _ in range(3):
        raw.send(request(key))
        status, headers, _ = raw.answer()
        assert status == 200 and "connection" not in headers
    raw.send(request(key, "good", "Connection: close"))
    status, headers, _ = raw.answer()
    assert (status, headers["connection"]) == (200, "close")
    assert raw.rest() == b""


def test_an_idle_connection_is_closed(raw, key):
    raw.send(request(key))
    assert raw.answer()[0] == 200
    began = time.monotonic()
    assert raw.rest() == b""
    assert time.monotonic() - began < 6


def test_expect_100_continue_is_answered_before_the_body(raw, key):
    whole = request(key, "good", "Expect: 100-continue")
    at = whole.index(b"\r\n\r\n") + 4
    raw.send(whole[:at])
    assert raw.head()[0] == 100
    raw.send(whole[at:])
    assert raw.answer()[0] == 200


def test_expect_100_continue_is_not_encouraged_where_the_body_is_too_large(raw, key):
    raw.send(head(f"Authorization: Bearer {key}", "Expect: 100-continue", "Content-Length: 999999"))
    assert raw.answer()[0] == 413


def test_http_1_0_gets_a_whole_answer_and_a_close(raw, key):
    raw.send(request(key, version="1.0"))
    status, headers, body = raw.answer()
    assert status == 200 and json.loads(body) == GOOD and headers["connection"] == "close"
    assert raw.rest() == b""


def test_http_1_0_gets_a_stream_without_chunks(raw, key):
    raw.send(request(key, version="1.0", stream=True))
    status, headers = raw.head()
    assert status == 200 and "transfer-encoding" not in headers
    body = raw.rest()
    assert body.startswith(b"data: ") and body.endswith(DONE)


def test_a_client_that_closes_its_half_still_gets_its_answer_or_a_cancel(own, raw, upstream, key):
    raw.send(request(key))
    raw.socket.shutdown(socket.SHUT_WR)
    assert raw.rest() in (b"",) or b" 200 " in raw.pending
    assert own.ask(key, "good").status == 200


# Headers

ALLOWED = {"host", "content-type", "user-agent", "authorization", "accept", "content-length", "x-team", "x-secret-tag"}


def test_only_the_gateways_own_headers_reach_the_vendor(own, upstream, key):
    before = len(upstream.requests("good"))
    theirs = {
        "cookie": "session=1",
        "accept-encoding": "gzip",
        "x-api-key": key,
        "x-forwarded-for": "1.2.3.4",
        "x-tokenrouter-tags": "a",
        "x-tokenrouter-session": "s",
        "x-request-id": "mine",
        "te": "trailers",
        "proxy-authorization": "Basic x",
        "openai-organization": "org",
        "user-agent": "curl",
    }
    answer = own.ask(key, "good", headers=theirs)
    assert answer.status == 200
    sent = upstream.requests("good")[before]
    assert set(sent.headers) == ALLOWED
    assert len(sent.fields) == len(sent.headers)
    assert sent.line == "POST /v1/chat/completions HTTP/1.1"
    assert sent.headers["authorization"] == "Bearer sk-upstream-secret-1"
    assert (sent.headers["x-team"], sent.headers["x-secret-tag"]) == ("blue", "sk-header-secret")
    assert key not in str(sent.fields) and "mine" not in str(sent.fields)


def test_only_the_gateways_own_headers_reach_the_client(own, upstream):
    user, key = own.customer()
    theirs = ["set-cookie: a=1", "openai-organization: org-secret", "x-request-id: vendor", "server: vendor", "x-ratelimit-limit-requests: 9"]
    upstream.on("cookies", answer(GOOD, 200, *theirs))
    got = own.ask(key, "own/cookies", headers={"x-request-id": "mine-1"})
    assert set(got.headers) == {
        "content-type", "content-length", "x-request-id", "x-tokenrouter-provider", "x-tokenrouter-model",
        "x-tokenrouter-attempts", "x-tokenrouter-prefix", "x-tokenrouter-cache",
        "x-ratelimit-limit-requests",  # the vendor's, for the gateway has no such limit for this key
    }  # fmt: skip
    assert got.headers["x-tokenrouter-model"] == "cookies"
    row = own.rows(user)[0]
    assert (row["id"], row["client_request_id"]) == (got.headers["x-request-id"], "mine-1")
    assert row["id"] not in ("mine-1", "vendor")


def test_a_clients_request_id_cannot_break_a_line(own, raw, key):
    raw.send(request(key, "good", "X-Request-Id: " + "a" * 4000))
    assert raw.answer()[0] == 200


def test_a_wildcards_rest_is_the_vendors_model_and_a_literal_name_wins(own, upstream, key):
    for asked, sent in [("own/a/b:c", "a/b:c"), ("own/literal", "exact"), ("own/ünï 世", "ünï 世"), ('own/"q"\\', '"q"\\')]:
        before = len(upstream.requests(sent))
        assert own.ask(key, asked).status == 200
        assert len(upstream.requests(sent)) == before + 1, asked
    assert own.ask(key, "own").status == 404
    assert own.ask(key, "own/").status in (200, 404)


def test_unknown_fields_and_spellings_reach_the_vendor_byte_for_byte(own, upstream, key):
    body = '{ "x" : 1.50 , "model" : "own\\/kept", "messages":[{"role":"user","content":"\\u00e9 é"}],"n" : 1, "big":123456789012345678901234567890}'
    assert own.ask(key, raw=body.encode()).status == 200
    assert upstream.requests("kept")[-1].body.decode() == body.replace('"own\\/kept"', '"kept"')


def test_the_vendors_answer_reaches_the_client_byte_for_byte(own, upstream, key):
    bytes_ = ' { "choices" : [ {"index":0,"message":{"role":"assistant","content":"\\u00e9"},"finish_reason":"stop"} ] , "n":1.50 } '.encode()
    upstream.on("spelt", answer(bytes_))
    assert own.ask(key, "own/spelt").body == bytes_


def test_a_stale_pooled_connection_costs_nobody_an_error(own, upstream, key):
    def closes_afterwards(connection, _):
        connection.sendall(answer())
        connection.close()

    upstream.on("closes", closes_afterwards)
    for _ in range(20):
        assert own.ask(key, "own/closes").status == 200
        assert own.ask(key, "good").status == 200


def test_interim_answers_of_the_vendor_are_passed_over(own, upstream, key):
    upstream.on("interim", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + answer())
    assert own.ask(key, "own/interim").json == GOOD


# HTTP/2


@pytest.fixture()
def h2(own):
    connection = Http2(own.port)
    yield connection
    connection.close()


def test_http2_by_prior_knowledge_answers_many_at_once(h2, own, key):
    streams = [h2.ask(key) for _ in range(20)] + [h2.ask(key, path="/v1/models", method="GET"), h2.ask(None, path="/health", method="GET")]
    for stream in streams:
        status, headers, body = h2.answer(stream)
        assert status == 200 and json.loads(body)
    assert h2.answer(streams[0])[1]["x-tokenrouter-provider"] == "own"


def test_http2_streams_end_as_streams(h2, own, upstream, key):
    more = threading.Event()

    def waits(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("first")))
        assert more.wait(20)
        connection.sendall(chunk(event("second", "stop")) + chunk(DONE) + chunk(b""))

    upstream.on("h2-waits", waits)
    waiting = h2.ask(key, "own/h2-waits", stream=True)
    assert b"first" in h2.first_data(waiting)
    assert h2.answer(h2.ask(key))[0] == 200  # another request passes it
    more.set()
    status, headers, body = h2.answer(waiting)
    assert status == 200 and body.endswith(DONE) and waiting not in h2.reset
    assert headers["content-type"].startswith("text/event-stream")


def test_http2_errors_have_status_and_body(h2, own, key):
    for sent, status, code in [((None, "good"), 401, "invalid_api_key"), (("sk-tr-no", "good"), 401, "invalid_api_key"), ((key, "none"), 404, "model_not_found")]:
        got, _, body = h2.answer(h2.ask(*sent))
        assert (got, json.loads(body)["error"]["code"]) == (status, code)
    got, _, body = h2.answer(h2.ask(key, body=b" " * 70000))
    assert (got, json.loads(body)["error"]["code"]) == (413, "request_too_large")
    assert h2.answer(h2.ask(key))[0] == 200


def test_an_http2_stream_that_breaks_is_reset(h2, own, upstream, key):
    def cut(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("Hello")))
        connection.close()

    upstream.on("h2-cut", cut)
    stream = h2.ask(key, "own/h2-cut", stream=True)
    _, _, body = h2.answer(stream)
    assert h2.reset[stream] != 0
    assert b"Hello" in body and b"upstream_error" in body and DONE not in body
    assert h2.answer(h2.ask(key))[0] == 200


@pytest.mark.parametrize("how", ["reset", "close"])
def test_an_http2_client_that_leaves_cancels_the_upstream(h2, own, upstream, how):
    user, key = own.customer()
    gone = threading.Event()

    def streams(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("Hello")))
        if until_gone(connection):
            gone.set()

    upstream.on("h2-left", streams)
    stream = h2.ask(key, "own/h2-left", stream=True)
    h2.first_data(stream)
    h2.cancel(stream) if how == "reset" else h2.close()
    assert gone.wait(1), "the upstream was not cancelled"
    assert wait_until("the row", lambda: own.rows(user))[0]["status"] == "cancelled"


def test_garbage_behind_an_http2_preface_ends_one_connection(own, key):
    raw = Raw(own)
    raw.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 2000)
    raw.rest()
    raw.close()
    assert own.ask(key, "good").status == 200
