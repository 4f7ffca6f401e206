"""Streams of each vendor's form to clients of each form: when events leave, what they say, how they break."""
import json
import threading

import pytest
from forms.clients import CLIENTS, Stream, call, heard
from forms.script import Call, Text, Thought, Usage
from forms.vendors import VENDORS, events, form_of, says
from gateway import wait_until
from upstream import STREAM_HEAD, chunk, until_gone

pytestmark = [
    pytest.mark.parametrize("client", [pytest.param(form, id=f"from_{form}") for form in CLIENTS]),
    pytest.mark.parametrize("vendor", [pytest.param(each, id=f"to_{each.name}") for each in VENDORS.values()]),
]

BEGINS = {"chat": b'"role":', "responses": b"event: response.created", "anthropic": b"event: message_start"}
WORDS = Text(("Grüße ", "", "aus 世", "界 \"x\" \\ ", "\n\t😀", "."))
WEATHER = Call("call_7", "get_weather", tuple('{"city":"Zürich 世界 \\"q\\" \\\\ 😀","days":[1,2.50,{"x":null}]}'))
TIME = Call("call_8", "get_time", ("{", '"city"', ":", '"Oslo"}'))
THOUGHT = Thought("Let me think: 思考.", "c2lnLS4/Pz4+")
NAMES = (WEATHER.name, TIME.name)
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
# Thoughts are asked for, and tools offered, in each client's words.
ASKING = {
    "chat": {
        "tools": [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name in NAMES],
        "reasoning_effort": "low",
    },
    "responses": {
        "tools": [{"type": "function", "name": name, "parameters": SCHEMA} for name in NAMES],
        "reasoning": {"effort": "low", "summary": "auto"},
    },
    "anthropic": {
        "tools": [{"name": name, "input_schema": SCHEMA} for name in NAMES],
        "thinking": {"type": "adaptive"},
    },
    "gemini": {
        "tools": [{"functionDeclarations": [{"name": name, "parametersJsonSchema": SCHEMA} for name in NAMES]}],
        "generationConfig": {"thinkingConfig": {"includeThoughts": True}},
    },
}


@pytest.fixture(scope="module")
def customer(translating):
    return translating.customer()


def up_to(text, said):
    """The events up to the first that holds the text."""
    return said[: next(place for place, each in enumerate(said) if text in each) + 1]


def at(vendor, case):
    """The model a client asks for, and the one its vendor is asked for."""
    return f"{vendor.name}-{case}", f"{vendor.model}-{case}"


def test_the_answer_begins_with_the_first_upstream_event(translating, vendors, customer, client, vendor):
    model, target = at(vendor, "one")
    more = threading.Event()

    def waits(connection, received):
        first, *rest = events(received, usage=Usage(fresh=321))
        connection.sendall(STREAM_HEAD + chunk(first))
        assert more.wait(20)
        connection.sendall(b"".join(chunk(each) for each in rest) + chunk(b""))

    vendors.on(target, waits)
    stream = Stream(translating, client, customer[1], model)  # its head is out: the client knows of the answer
    assert stream.status == 200 and stream.response.getheader("content-type").startswith("text/event-stream")
    if client in BEGINS:
        stream.until(BEGINS[client])
    if client == "anthropic":
        stream.until(b"data: ")
        assert heard(client, stream.data).usage["input_tokens"] > 0, "input usage must be honest from the start"
    more.set()
    data, is_whole = stream.rest()
    said = heard(client, data)
    assert is_whole and said.is_ended and said.text == "Hello" and said.error is None


def test_text_leaves_as_it_comes(translating, vendors, customer, client, vendor):
    model, target = at(vendor, "one")
    more = threading.Event()

    def waits(connection, received):
        connection.sendall(STREAM_HEAD)
        for each in events(received, (Text(("first", "second")),)):
            if b"second" in each and not more.is_set():
                assert more.wait(20)
            connection.sendall(chunk(each))
        connection.sendall(chunk(b""))

    vendors.on(target, waits)
    stream = Stream(translating, client, customer[1], model)
    stream.until(b"first")
    more.set()
    data, is_whole = stream.rest()
    assert is_whole and heard(client, data).text == "firstsecond"


def breaks(how):
    def handler(connection, received):
        connection.sendall(STREAM_HEAD + b"".join(chunk(each) for each in up_to(b"Hel", events(received))))
        if how == "error event":
            connection.sendall(chunk(form_of(received).error("Out of luck at sk-vendor-secret-chat")))
            until_gone(connection)
        elif how == "no JSON":
            connection.sendall(chunk(b"data: {nope\n\n"))
            until_gone(connection)
        elif how == "end without a finish":
            connection.sendall(chunk(b""))
        connection.close()

    return handler


@pytest.mark.parametrize("how", ["cut", "error event", "no JSON", "end without a finish"])
def test_a_vendor_that_breaks_ends_the_stream_with_the_forms_error(translating, vendors, customer, client, vendor, how):
    model, target = at(vendor, "one")
    vendors.on(target, breaks(how))
    stream = Stream(translating, client, customer[1], model)
    data, is_whole = stream.rest()
    said = heard(client, data)
    assert not is_whole, "the framing must not look whole"
    assert said.text == "Hel" and not said.is_ended and said.finish is None
    assert said.error["message"] and "secret" not in data.decode()
    if how == "error event":
        assert "Out of luck" in said.error["message"]
    if client == "anthropic":
        assert said.error["type"] in ("api_error", "overloaded_error")
    elif client == "gemini":
        assert said.error["code"] >= 500 and said.error["status"]
    else:
        assert said.error["code"]
    row = translating.rows(customer[0])[0]
    assert (row["id"], row["status"]) == (stream.id, "error")


@pytest.mark.parametrize("size", [1, 7, None], ids=["bytewise", "by_7", "by_event"])
def test_a_stream_says_the_same_wherever_it_is_cut(translating, vendors, customer, client, vendor, size):
    model, target = at(vendor, "two")
    script = (THOUGHT, WORDS, WEATHER, TIME)

    def drips(connection, received):
        said = events(received, script)
        data = b"".join(said)
        pieces = said if size is None else [data[start : start + size] for start in range(0, len(data), size)]
        connection.sendall(STREAM_HEAD)
        for first in range(0, len(pieces), 50):
            connection.sendall(b"".join(chunk(piece) for piece in pieces[first : first + 50]))
        connection.sendall(chunk(b""))

    vendors.on(target, drips)
    data, is_whole = Stream(translating, client, customer[1], model, **ASKING[client]).rest()
    said = heard(client, data)
    assert is_whole and said.is_ended and said.error is None
    assert said.text == "".join(WORDS.pieces)
    assert said.thoughts == THOUGHT.text
    assert [name for _, name, _ in said.calls] == ["get_weather", "get_time"]
    assert said.arguments == [json.loads(WEATHER.arguments), json.loads(TIME.arguments)]
    ids = [id for id, _, _ in said.calls]
    assert all(ids) and len(set(ids)) == 2


def spoken(client, usage):
    """Prompt, cached, written, output and reasoning as the client's form says them, made disjoint."""
    if client in ("chat", "responses"):
        prompt, output = ("prompt", "completion") if client == "chat" else ("input", "output")
        told, spent = usage[f"{prompt}_tokens_details"], usage[f"{output}_tokens_details"]
        read, written = told["cached_tokens"], told.get("cache_write_tokens") or 0
        assert usage["total_tokens"] == usage[f"{prompt}_tokens"] + usage[f"{output}_tokens"]
        return usage[f"{prompt}_tokens"] - read - written, read, written, usage[f"{output}_tokens"], spent["reasoning_tokens"]
    if client == "anthropic":
        thoughts = (usage.get("output_tokens_details") or {}).get("thinking_tokens") or 0
        cached = usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]
        return usage["input_tokens"], *cached, usage["output_tokens"], thoughts
    thoughts, read = usage.get("thoughtsTokenCount") or 0, usage.get("cachedContentTokenCount") or 0
    output = usage["candidatesTokenCount"] + thoughts
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + output
    return usage["promptTokenCount"] - read, read, 0, output, thoughts


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_usage_is_exact_and_cached_tokens_count_once(translating, vendors, client, vendor, streams):
    user, key = translating.customer()
    model, target = at(vendor, "priced")
    prices = {"prompt": "1", "completion": "10", "cache_read": "0.1", "cache_write": "1.25"}
    assert translating.admin("PUT", f"/admin/prices/{target}", prices)[0] in (200, 201)
    usage = Usage(fresh=50, read=4000, write=0 if vendor.name == "gemini" else 30, output=20, reasoning=8)
    vendors.on(target, says((THOUGHT, WORDS), usage))
    if streams:
        said = heard(client, Stream(translating, client, key, model).rest()[0]).usage
    else:
        said = call(translating, client, key, model).json[{"gemini": "usageMetadata"}.get(client, "usage")]
    fresh, read, written, output, thoughts = spoken(client, said)
    assert (read, output, thoughts) == (4000, 20, 8)
    # Gemini has no word for what was written: it is among the fresh.
    assert (fresh, written) == ((50 + usage.write, 0) if client == "gemini" else (50, usage.write))
    (row,) = translating.rows(user)
    assert (row["prompt_tokens"], row["completion_tokens"]) == (usage.prompt, 20)
    assert (row["cache_read_tokens"], row["cache_write_tokens"]) == (4000, usage.write)
    nano_usd = 50 * 1000 + 4000 * 100 + usage.write * 1250 + 20 * 10000
    assert row["cost_usd"] == f"{nano_usd / 1e9:.9f}".rstrip("0") and row["estimated"] is False


def test_a_client_that_leaves_cancels_the_vendor(translating, vendors, customer, client, vendor):
    model, target = at(vendor, "one")
    gone = threading.Event()

    def goes_on(connection, received):
        said = up_to(b"first", events(received, (Text(("first", "second")),)))
        connection.sendall(STREAM_HEAD + b"".join(chunk(each) for each in said))
        if until_gone(connection):
            gone.set()

    vendors.on(target, goes_on)
    stream = Stream(translating, client, customer[1], model)
    stream.until(b"first")
    stream.close()
    assert gone.wait(2), "the vendor was not cancelled"
    row = wait_until("the row", lambda: [row for row in translating.rows(customer[0]) if row["id"] == stream.id])[0]
    assert row["status"] == "cancelled"
