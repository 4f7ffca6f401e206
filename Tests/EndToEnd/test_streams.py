"""Streams that go well, break, stall, are read slowly and are left."""
import http.client
import json
import socket
import threading
import time

import pytest
from gateway import wait_until
from upstream import DONE, GOOD_STREAM, STREAM_HEAD, USAGE_EVENT, chunk, event, stream, until_gone


@pytest.fixture()
def customer(own):
    return own.customer()


class Reading:
    """A stream read event by event over a plain connection."""

    def __init__(self, own, key, model, **fields):
        self.connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=30)
        body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Hi"}], **fields}
        self.connection.request("POST", "/v1/chat/completions", json.dumps(body), {"authorization": f"Bearer {key}"})
        self.response = self.connection.getresponse()
        self.status, self.id = self.response.status, self.response.getheader("x-request-id")

    def line(self):
        return self.response.readline()

    def rest(self):
        """What still comes, and whether the framing ended as it should."""
        data = b""
        try:
            while piece := self.response.read1(65536):
                data += piece
            return data, True
        except http.client.IncompleteRead as broken:
            return data + broken.partial, False
        except ConnectionError:
            return data, False

    def close(self):
        self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def broken_off(own, customer, model):
    """Reads a stream that has to break off; its events and its error."""
    user, key = customer
    reading = Reading(own, key, model)
    assert reading.status == 200 and reading.response.getheader("content-type").startswith("text/event-stream")
    data, is_whole = reading.rest()
    assert not is_whole, "the framing must not look whole"
    assert b"[DONE]" not in data
    events = [json.loads(line[6:]) for line in data.split(b"\n") if line.startswith(b"data: ")]
    row = own.rows(user)[0]
    assert (row["id"], row["status"]) == (reading.id, "error")
    assert own.ask(key, "good").status == 200
    return events[:-1], events[-1]["error"]


def after(prefix, ending):
    def handler(connection, _):
        connection.sendall(prefix)
        ending(connection)
        connection.close()

    return handler


BREAKS = [
    ("cut between events", chunk(event("Hello")), lambda connection: None),
    ("cut within an event", chunk(event("Hello")) + b"400\r\ndata: {", lambda connection: None),
    ("framing ended without a finish", chunk(event("Hello")) + chunk(b""), lambda connection: None),
    ("an event that is no JSON", chunk(event("Hello")) + chunk(b"data: {nope\n\n"), until_gone),
    ("broken framing", chunk(event("Hello")) + b"zz\r\n", until_gone),
    ("an event past 8 MiB", chunk(event("Hello")) + chunk(b"data: " + b"x" * (9 << 20)), until_gone),
]


@pytest.mark.parametrize("name,sent,ending", BREAKS, ids=[case[0] for case in BREAKS])
def test_a_stream_that_breaks_ends_with_an_error_event_and_no_done(own, upstream, customer, name, sent, ending):
    upstream.on("breaks", after(STREAM_HEAD + sent, ending))
    events, error = broken_off(own, customer, "own/breaks")
    assert [each["choices"][0]["delta"]["content"] for each in events] == ["Hello"]
    assert error["code"] == "upstream_error" and error["message"]


def test_an_upstreams_own_error_event_is_told_with_its_secrets_masked(own, upstream, customer):
    told = b'data: {"error":{"message":"Out of memory at sk-upstream-secret-1","code":"oom"}}\n\n'
    upstream.on("error-event", after(STREAM_HEAD + chunk(event("Hello")) + chunk(told), until_gone))
    _, error = broken_off(own, customer, "own/error-event")
    assert "Out of memory" in error["message"] and "secret-1" not in error["message"]


def test_a_stream_that_stalls_ends_with_a_timeout(own, upstream, customer):
    upstream.on("stalls", after(STREAM_HEAD + chunk(event("Hello")), until_gone))
    began = time.monotonic()
    _, error = broken_off(own, customer, "own/stalls")
    assert error["code"] == "upstream_timeout"
    assert 0.9 < time.monotonic() - began < 5


FIRST = [
    ("an error event", stream(b'data: {"error":{"message":"Busy"}}\n\n')),
    ("only a comment, then the end", stream(b": hello\n\n")),
    ("garbage", STREAM_HEAD + chunk(b"data: garbage\n\n")),
    ("a 500", b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"),
]


@pytest.mark.parametrize("name,sent", FIRST, ids=[case[0] for case in FIRST])
def test_a_failure_before_the_first_event_is_made_good_by_the_next_target(own, upstream, customer, name, sent):
    user, key = customer
    upstream.on("fails-first", sent)
    reading = Reading(own, key, "rescued")
    assert (reading.status, reading.response.getheader("x-tokenrouter-attempts")) == (200, "2")
    data, is_whole = reading.rest()
    assert is_whole and data.endswith(DONE) and b"error" not in data
    assert len(own.rows(user)) == 1


def test_a_stream_without_done_is_whole_once_every_choice_has_finished(own, upstream, customer):
    upstream.on("no-done", stream(event("Hi"), event(None, "stop"), USAGE_EVENT))
    data, is_whole = Reading(own, customer[1], "own/no-done").rest()
    assert is_whole and data.endswith(DONE)
    row = own.rows(customer[0])[0]
    assert (row["status"], row["prompt_tokens"], row["completion_tokens"]) == ("success", 10, 2)


def test_events_pass_byte_for_byte_however_they_are_cut(own, upstream, customer):
    odd = b'data: {"choices":[{"index":0,"delta":{"content":"\\u00e9\xe4\xb8\x96"},"finish_reason":null}],"n":1.50,"zz":[1e2]}\n\n'
    events = odd + event(None, "stop") + DONE

    def drip(connection, _):
        connection.sendall(STREAM_HEAD)
        for at in range(0, len(events), 3):
            connection.sendall(chunk(events[at : at + 3]))
        connection.sendall(chunk(b""))

    upstream.on("drips", drip)
    assert Reading(own, customer[1], "own/drips").rest() == (events, True)
    assert own.rows(customer[0])[0]["estimated"] is True


def test_an_event_leaves_before_the_next_one_comes(own, upstream, customer):
    more = threading.Event()

    def waits(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("first")))
        assert more.wait(20)
        connection.sendall(chunk(event("second", "stop")) + chunk(DONE) + chunk(b""))

    upstream.on("waits", waits)
    reading = Reading(own, customer[1], "own/waits")
    assert b"first" in reading.line()
    more.set()
    data, is_whole = reading.rest()
    assert is_whole and b"second" in data


def test_usage_is_asked_of_the_upstream_and_hidden_from_who_did_not_ask(own, upstream, customer):
    user, key = customer
    asked = len(upstream.requests("usage"))
    hidden, _ = Reading(own, key, "own/usage").rest()
    shown, _ = Reading(own, key, "own/usage", stream_options={"include_usage": True}).rest()
    refused, _ = Reading(own, key, "own/usage", stream_options={"include_usage": False, "zz": 1}).rest()
    assert USAGE_EVENT not in hidden and USAGE_EVENT in shown and USAGE_EVENT not in refused
    sent = [each.json["stream_options"] for each in upstream.requests("usage")[asked:]]
    assert sent == [{"include_usage": True}, {"include_usage": True}, {"include_usage": True, "zz": 1}]
    assert [row["completion_tokens"] for row in own.rows(user)] == [2, 2, 2]


def test_a_client_that_leaves_cancels_the_upstream_within_a_second(own, upstream, customer):
    gone = threading.Event()

    def streams(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("Hello")))
        if until_gone(connection):
            gone.set()

    upstream.on("left", streams)
    reading = Reading(own, customer[1], "own/left")
    assert b"Hello" in reading.line()
    reading.close()
    assert gone.wait(1), "the upstream was not cancelled"
    row = wait_until("the row", lambda: own.rows(customer[0]))[0]
    assert (row["status"], row["estimated"]) == ("cancelled", True)
    assert row["completion_tokens"] > 0


def test_a_client_that_leaves_before_the_answer_cancels_the_upstream_too(own, upstream, customer):
    asked, gone = threading.Event(), threading.Event()

    def silent(connection, _):
        asked.set()
        if until_gone(connection):
            gone.set()

    upstream.on("left-early", silent)
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=30)
    body = json.dumps({"model": "own/left-early", "messages": [{"role": "user", "content": "Hi"}]})
    connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {customer[1]}"})
    assert asked.wait(10)
    connection.close()
    assert gone.wait(1), "the upstream was not cancelled"
    row = wait_until("the row", lambda: own.rows(customer[0]))[0]
    assert (row["status"], row["cost_usd"], row["completion_tokens"]) == ("cancelled", "0", 0)


def test_the_simulators_books_see_the_cancellation(gateway, simulator):
    user, key = gateway.customer()
    gateway.admin("PUT", "/admin/prices/simulator-model%21interval%3D50ms%21tokens%3D400", {"prompt": "1", "completion": "2"})
    before = simulator.stats()["streams"]["cancelled"] if "streams" in simulator.stats() else None
    reading = Reading(gateway, key, "sim/simulator-model!interval=50ms!tokens=400")
    assert reading.line().startswith(b"data: ")
    reading.close()
    assert before is not None, simulator.stats()
    wait_until("the simulator sees it", lambda: simulator.stats()["streams"]["cancelled"] == before + 1, seconds=2)
    assert wait_until("the row", lambda: gateway.rows(user))[0]["status"] == "cancelled"


def test_a_slow_reader_slows_the_upstream_and_memory_stays(own, upstream, customer):
    total = 50 << 20
    payload = event("x" * 16000)
    piece = chunk(payload)
    sent = [0]

    def fast(connection, _):
        connection.settimeout(30)
        connection.sendall(STREAM_HEAD)
        while sent[0] < total:
            connection.sendall(piece)
            sent[0] += len(payload)
        connection.sendall(chunk(event(None, "stop")) + chunk(DONE) + chunk(b""))

    upstream.on("fast", fast)
    own.ask(customer[1], "good", stream=True)
    reading = Reading(own, customer[1], "own/fast")
    before = own.memory_bytes()
    most, received, pace = before, 0, 1 << 20
    ended = b""
    while data := reading.response.read1(65536):
        received += len(data)
        ended = (ended + data)[-64:]
        if received >= pace:
            pace += 1 << 20
            most = max(most, own.memory_bytes())
            if received < 4 << 20:
                paused_at = sent[0]
                wait_until("the upstream is held back", lambda: still(sent), seconds=10)
                assert sent[0] - received < 16 << 20, f"{sent[0]} bytes were taken for {received} read; {paused_at}"
    assert received >= total and ended.endswith(DONE)
    assert most - before < 8 << 20, f"memory grew by {(most - before) >> 10} KiB"


@pytest.mark.parametrize("pause", [0.5, 3.0])
def test_a_reader_that_stalls_is_cancelled_and_pays_and_the_upstream_is_not_blamed(own, upstream, pause):
    own.admin("PUT", "/admin/prices/stalled", {"prompt": "1", "completion": "1"})
    user, key = own.customer()
    gone = threading.Event()

    def fast(connection, _):
        connection.settimeout(30)
        connection.sendall(STREAM_HEAD)
        try:
            for _ in range(1000):
                connection.sendall(chunk(event("x" * 16000)))
            connection.sendall(chunk(event(None, "stop")) + chunk(DONE) + chunk(b""))
        except OSError:
            gone.set()

    upstream.on("stalled", fast)
    reading = Reading(own, key, "own/stalled")
    began = time.monotonic()
    if pause > 1:
        assert gone.wait(10), "the upstream was not cancelled"
        assert time.monotonic() - began < 5
    else:
        gone.wait(pause)
    data, is_whole = reading.rest()
    row = wait_until("the row", lambda: own.rows(user))[0]
    if pause < 1:
        assert is_whole and data.endswith(DONE) and row["status"] == "success"
    else:
        assert not is_whole and b"upstream_timeout" not in data and DONE not in data
        assert (row["status"], row["estimated"]) == ("cancelled", True) and row["cost_usd"] > "0"
        _, whole = own.admin("GET", f"/admin/requests/{row['id']}")
        assert [attempt["error_type"] for attempt in whole["attempts"]] == ["cancelled"]


def still(sent):
    """True when the upstream has sent nothing for 50 ms: what it is held back by is full."""
    before = sent[0]
    threading.Event().wait(0.05)
    return sent[0] == before


def test_silence_is_broken_by_a_comment_that_commits_to_nothing(binary, upstream, tmp_path):
    from conftest import own_configuration
    from gateway import Gateway

    gateway = Gateway(binary, tmp_path, own_configuration(upstream.port))
    try:
        _, key = gateway.customer()
        release = threading.Event()

        def silent(connection, _):
            release.wait(30)
            connection.sendall(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")

        upstream.on("fails-first", silent)
        began = time.monotonic()
        reading = Reading(gateway, key, "rescued")  # its head comes with the comment
        assert 9.5 < time.monotonic() - began < 15
        assert reading.status == 200 and reading.line() == b": keep-alive\n"
        release.set()
        data, is_whole = reading.rest()
        assert is_whole and data.endswith(DONE) and b"error" not in data
    finally:
        assert gateway.stop() == 0
