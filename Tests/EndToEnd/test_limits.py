"""What clients are told of limits: the gateway's own, and where it has none, the vendor's in the client's words."""
import datetime
import json
import re

import pytest
from forms.clients import CLIENTS, call
from forms.script import HELLO, Usage
from forms.vendors import VENDORS, events, form_of, wants_stream
from upstream import answer, chunk, head

UNITS = ("requests", "tokens", "input-tokens", "output-tokens")
RESET = 90  # seconds from now

pairs = pytest.mark.parametrize(
    "client,vendor", [pytest.param(client, vendor, id=f"{client}-{vendor}") for client in CLIENTS for vendor in VENDORS]
)


@pytest.fixture(scope="module")
def key(translating):
    return translating.customer()[1]


def openai_fields():
    told = {"requests": (500, 499, "1m30s"), "tokens": (30000, 0, "90000ms")}
    for unit, (limit, remaining, reset) in told.items():
        yield f"x-ratelimit-limit-{unit}: {limit}"
        yield f"X-RateLimit-Remaining-{unit}: {remaining}"
        yield f"x-ratelimit-reset-{unit}: {reset}"


def anthropic_fields():
    reset = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=RESET)
    told = {"requests": (500, 499), "tokens": (30000, 0), "input-tokens": (20000, 0), "output-tokens": (10000, 9000)}
    for unit, (limit, remaining) in told.items():
        yield f"anthropic-ratelimit-{unit}-limit: {limit}"
        yield f"anthropic-ratelimit-{unit}-remaining: {remaining}"
        yield f"anthropic-ratelimit-{unit}-reset: {reset.strftime('%Y-%m-%dT%H:%M:%SZ')}"


def tells(vendor, status=200, *more):
    """A vendor that tells its limits in its own fields; Gemini has none."""

    def handler(connection, received):
        own = {"anthropic": anthropic_fields, "gemini": tuple}.get(vendor, openai_fields)
        fields = [*own(), *more]
        if status != 200:
            connection.sendall(refusal(received, status, fields))
        elif wants_stream(received):
            began = head(200, "text/event-stream", "transfer-encoding: chunked", *fields)
            connection.sendall(began + b"".join(chunk(each) for each in events(received)) + chunk(b""))
        else:
            connection.sendall(answer(form_of(received).whole(HELLO, Usage(), received.model), 200, *fields))

    return handler


def refusal(received, status, fields):
    if "enerateContent" in received.path:
        details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "16.2s"}]
        return answer({"error": {"code": status, "message": "Slow down", "status": "RESOURCE_EXHAUSTED", "details": details}}, status)
    return answer({"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}}, status, *fields)


def seconds(duration):
    """Of a duration as Go writes them."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", duration)
    assert "".join(number + unit for number, unit in parts) == duration
    return sum(float(number) * {"h": 3600, "m": 60, "s": 1, "ms": 0.001}[unit] for number, unit in parts)


def until(moment):
    return (datetime.datetime.fromisoformat(moment) - datetime.datetime.now(datetime.timezone.utc)).total_seconds()


def told(headers):
    """(unit: limit, remaining, seconds to the reset) by OpenAI's fields, and by Anthropic's."""
    openai, anthropic = {}, {}
    for unit in UNITS:
        if f"x-ratelimit-limit-{unit}" in headers:
            limit, remaining, reset = (headers[f"x-ratelimit-{each}-{unit}"] for each in ("limit", "remaining", "reset"))
            openai[unit] = int(limit), int(remaining), seconds(reset)
        if f"anthropic-ratelimit-{unit}-limit" in headers:
            limit, remaining, reset = (headers[f"anthropic-ratelimit-{unit}-{each}"] for each in ("limit", "remaining", "reset"))
            anthropic[unit] = int(limit), int(remaining), until(reset)
    assert sum("ratelimit" in name for name in headers) == 3 * (len(openai) + len(anthropic))
    return openai, anthropic


def check(said, expected):
    assert {unit: each[:2] for unit, each in said.items()} == expected
    for _, _, reset in said.values():
        assert RESET - 15 < reset <= RESET + 1


OF_VENDOR = {"requests": (500, 499), "tokens": (30000, 0)}


def of_vendor(client, vendor):
    """What a client is told of this vendor's limits, by OpenAI's fields and by Anthropic's."""
    if vendor == "gemini":
        return {}, {}
    if client != "anthropic":
        return OF_VENDOR, {}
    kinds = {"input-tokens": (20000, 0), "output-tokens": (10000, 9000)} if vendor == "anthropic" else {}
    return {}, {**OF_VENDOR, **kinds}


@pairs
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_the_vendors_limits_are_told_in_the_clients_words(translating, vendors, key, client, vendor, streams):
    vendors.on(f"{VENDORS[vendor].model}-one", tells(vendor))
    result = call(translating, client, key, f"{vendor}-one", streams)
    assert result.status == 200
    for said, expected in zip(told(result.headers), of_vendor(client, vendor)):
        check(said, expected)
    assert "retry-after" not in result.headers


@pairs
def test_the_gateways_own_limit_goes_first(translating, vendors, client, vendor):
    _, key = translating.customer(requests_per_minute=7)
    vendors.on(f"{VENDORS[vendor].model}-one", tells(vendor))
    result = call(translating, client, key, f"{vendor}-one")
    openai, anthropic = told(result.headers)
    own = openai.pop("requests")
    assert own[:2] == (7, 6) and 0 < own[2] <= 61
    if client == "anthropic":
        assert anthropic["requests"][:2] == (7, 6) and 0 < anthropic.pop("requests")[2] <= 61
    for said, expected in zip((openai, anthropic), of_vendor(client, vendor)):
        check(said, {unit: each for unit, each in expected.items() if unit != "requests"})


# What the vendor says of waiting, and the seconds a client is told.
WAITS = [
    (["retry-after: 17"], 17),
    (["retry-after: 16.2"], 17),
    (["retry-after-ms: 16001"], 17),
    (["retry-after: 60", "retry-after-ms: 16001"], 17),
]


@pairs
@pytest.mark.parametrize("fields,wait", WAITS, ids=["seconds", "part of a second", "milliseconds", "both"])
def test_a_429_tells_how_long_to_wait_and_what_is_left(translating, vendors, key, client, vendor, fields, wait):
    vendors.on(f"{VENDORS[vendor].model}-one", tells(vendor, 429, *fields))
    result = call(translating, client, key, f"{vendor}-one")
    assert result.status == 429
    assert result.headers["retry-after"] == str(wait) and "retry-after-ms" not in result.headers
    for said, expected in zip(told(result.headers), of_vendor(client, vendor)):
        check(said, expected)
    if client == "gemini":
        assert f'"{wait}s"' in json.dumps(result.json["error"]["details"])


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("vendor", [name for name in VENDORS if name != "gemini"])  # which says it in the body alone
def test_a_429_with_a_date_tells_the_seconds_until_then(translating, vendors, key, client, vendor):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=40)
    vendors.on(f"{VENDORS[vendor].model}-one", tells(vendor, 429, then.strftime("retry-after: %a, %d %b %Y %H:%M:%S GMT")))
    result = call(translating, client, key, f"{vendor}-one")
    assert 20 <= int(result.headers["retry-after"]) <= 40


@pairs
def test_limits_that_are_none_are_not_told(translating, vendors, key, client, vendor):
    nonsense = [
        "x-ratelimit-limit-requests: -1", "x-ratelimit-remaining-requests: 0", "x-ratelimit-reset-requests: 1s",
        "x-ratelimit-limit-tokens: 0", "x-ratelimit-remaining-tokens: 0", "anthropic-ratelimit-requests-limit: 0",
        "anthropic-ratelimit-unified-5h-utilization: 0.5", "x-ratelimit-remaining-tokens-of-org: 9",
    ]  # fmt: skip
    reply = lambda connection, received: connection.sendall(
        answer(form_of(received).whole(HELLO, Usage(), received.model), 200, *nonsense)
    )
    vendors.on(f"{VENDORS[vendor].model}-one", reply)
    result = call(translating, client, key, f"{vendor}-one")
    assert result.status == 200 and told(result.headers) == ({}, {})


@pytest.mark.parametrize("client", CLIENTS)
def test_limits_of_a_target_that_failed_are_not_told_with_anothers_answer(translating, vendors, key, client):
    vendors.on(f"{VENDORS['chat'].model}-shifting", tells("chat", 500))
    result = call(translating, client, key, "shifting")
    assert (result.status, result.headers["x-tokenrouter-attempts"]) == (200, "2")
    assert result.headers["x-tokenrouter-provider"] == "gemini" and told(result.headers) == ({}, {})
