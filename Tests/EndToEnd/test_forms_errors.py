"""The contract's error table in each client's form: status, body, headers, and what the official packages raise."""
import json
import threading

import anthropic
import openai
import pytest
from forms.clients import CLIENTS, body, call, credentials, path
from forms.vendors import VENDORS
from gateway import Gateway, wait_until
from google import genai
from google.genai import errors as google
from google.genai import types
from upstream import STREAM_HEAD, answer, chunk, until_gone

pytestmark = pytest.mark.parametrize("client", [pytest.param(form, id=f"as_{form}") for form in CLIENTS])

# Status: Anthropic's types, Gemini's statuses.
WORDS = {
    400: ({"invalid_request_error"}, {"INVALID_ARGUMENT", "FAILED_PRECONDITION"}),
    401: ({"authentication_error"}, {"UNAUTHENTICATED"}),
    403: ({"permission_error"}, {"PERMISSION_DENIED"}),
    404: ({"not_found_error"}, {"NOT_FOUND"}),
    413: ({"request_too_large"}, {"INVALID_ARGUMENT", "OUT_OF_RANGE"}),
    422: ({"invalid_request_error"}, {"INVALID_ARGUMENT", "FAILED_PRECONDITION"}),
    429: ({"rate_limit_error", "billing_error"}, {"RESOURCE_EXHAUSTED"}),
    502: ({"api_error"}, {"INTERNAL", "UNAVAILABLE"}),
    503: ({"overloaded_error", "api_error"}, {"UNAVAILABLE"}),
    504: ({"timeout_error"}, {"DEADLINE_EXCEEDED"}),
}


def check(client, answer, status, code, param=None):
    """The whole of an error: its status, the form's body and the exchange's id."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"].startswith("application/json")
    id = answer.headers["x-request-id"]
    error = answer.json["error"]
    assert error["message"] and "sk-vendor-secret" not in answer.body.decode()
    if client in ("chat", "responses"):
        assert set(answer.json) == {"error"} and set(error) == {"message", "type", "param", "code"} and error["type"]
        assert (error["code"], error["param"]) == (code, param)
    elif client == "anthropic":
        assert set(answer.json) == {"type", "error", "request_id"} and answer.json["type"] == "error"
        assert error["type"] in WORDS[status][0]
        assert answer.json["request_id"] == answer.headers["request-id"] == id
    else:
        assert set(answer.json) == {"error"} and {"code", "message", "status"} <= set(error)
        assert error["code"] == status and error["status"] in WORDS[status][1]
    if param and client in ("anthropic", "gemini"):
        assert param in error["message"], "the message must name the field"


RAISED = {
    400: (openai.BadRequestError, anthropic.BadRequestError, google.ClientError),
    401: (openai.AuthenticationError, anthropic.AuthenticationError, google.ClientError),
    403: (openai.PermissionDeniedError, anthropic.PermissionDeniedError, google.ClientError),
    404: (openai.NotFoundError, anthropic.NotFoundError, google.ClientError),
    413: (openai.APIStatusError, anthropic.ContentTooLargeError, google.ClientError),
    429: (openai.RateLimitError, anthropic.RateLimitError, google.ClientError),
    502: (openai.InternalServerError, anthropic.InternalServerError, google.ServerError),
    503: (openai.InternalServerError, anthropic.ServiceUnavailableError, google.ServerError),
    504: (openai.InternalServerError, anthropic.GatewayTimeoutError, google.ServerError),
}


def check_raised(gateway, client, key, model, status, text="Hi"):
    """What the form's own package makes of the same call."""
    of_openai, of_anthropic, of_google = RAISED[status]
    if client == "gemini":
        with pytest.raises(of_google) as raised:
            options = types.HttpOptions(base_url=gateway.base, timeout=30_000)
            package = genai.Client(api_key=key, http_options=options)  # closed with its last reference
            package.models.generate_content(model=model, contents=text)
        assert raised.value.code == status and raised.value.status in WORDS[status][1]
    elif client == "anthropic":
        with pytest.raises(of_anthropic) as raised:
            package = anthropic.Anthropic(base_url=gateway.base, api_key=key, max_retries=0, timeout=30)
            package.messages.create(model=model, max_tokens=100, messages=[{"role": "user", "content": text}])
        assert raised.value.type in WORDS[status][0] and raised.value.request_id
    else:
        with pytest.raises(of_openai) as raised:
            package = openai.OpenAI(base_url=gateway.base + "/v1", api_key=key, max_retries=0, timeout=30)
            if client == "chat":
                package.chat.completions.create(model=model, messages=[{"role": "user", "content": text}])
            else:
                package.responses.create(model=model, input=text)
        assert raised.value.code and raised.value.request_id
    if client != "gemini":
        assert raised.value.status_code == status


@pytest.fixture(scope="module")
def key(translating):
    return translating.customer()[1]


def target(case):
    """Every vendor of that case, in the names they are asked by."""
    return [f"{vendor.model}-{case}" for vendor in VENDORS.values()]


def test_no_key(translating, client):
    check(client, call(translating, client, None, "chat-good"), 401, "invalid_api_key")


def test_an_unknown_key(translating, client):
    check(client, call(translating, client, "sk-tr-unknown", "chat-good"), 401, "invalid_api_key")
    check_raised(translating, client, "sk-tr-unknown", "chat-good", 401)


def test_a_key_in_two_places(translating, client, key):
    other = translating.customer()[1]
    headers = {"authorization": f"Bearer {other}"} if client in ("anthropic", "gemini") else {"x-api-key": other}
    check(client, call(translating, client, key, "chat-good", headers=headers), 401, "invalid_api_key")


def test_a_model_the_key_may_not_use(translating, client):
    _, key = translating.customer(models=["anthropic-*"])
    check(client, call(translating, client, key, "chat-good"), 403, "permission_denied", "model")
    check_raised(translating, client, key, "chat-good", 403)


def test_an_unknown_model(translating, client, key):
    check(client, call(translating, client, key, "nothing"), 404, "model_not_found", "model")
    check_raised(translating, client, key, "nothing", 404)


FIELDS = {
    "chat": [({"messages": 7}, "messages"), ({"temperature": "hot"}, "temperature"), ({"tools": {}}, "tools")],
    "responses": [({"input": 7}, "input"), ({"max_output_tokens": "9"}, "max_output_tokens"), ({"tools": {}}, "tools")],
    "anthropic": [({"messages": 7}, "messages"), ({"max_tokens": "9"}, "max_tokens"), ({"tools": {}}, "tools")],
    "gemini": [({"contents": 7}, "contents"), ({"generationConfig": 7}, "generationConfig"), ({"tools": {}}, "tools")],
}
MISSING = {"chat": "messages", "responses": "input", "anthropic": "max_tokens", "gemini": "contents"}


@pytest.mark.parametrize("vendor", list(VENDORS))
def test_a_body_that_cannot_be_read(translating, client, key, vendor):
    model = f"{vendor}-good"
    for raw in (b"", b"hello", b'{"model":', b"[]"):
        check(client, call(translating, client, key, model, raw=raw), 400, "invalid_request_error")
    for fields, param in FIELDS[client]:
        check(client, call(translating, client, key, model, **fields), 400, "invalid_request_error", param)
    whole = body(client, model)
    del whole[MISSING[client]]
    missing = call(translating, client, key, model, raw=json.dumps(whole).encode())
    check(client, missing, 400, "invalid_request_error", MISSING[client])


def test_a_body_past_the_limit(translating, client, key):
    check(client, call(translating, client, key, "chat-good", raw=b" " * 65537), 413, "request_too_large")
    check_raised(translating, client, key, "chat-good", 413, text="x" * 70000)


def test_over_a_limit(translating, client):
    _, key = translating.customer(requests_per_minute=1)
    assert call(translating, client, key, "chat-good").status == 200
    answer = call(translating, client, key, "chat-good")
    check(client, answer, 429, "rate_limit_exceeded")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["x-ratelimit-remaining-requests"] == "0"
    if client == "anthropic":
        assert answer.headers["anthropic-ratelimit-requests-limit"] == "1"
        assert answer.headers["anthropic-ratelimit-requests-remaining"] == "0"
    if client == "gemini":
        (delay,) = [each["retryDelay"] for each in answer.json["error"]["details"] if "RetryInfo" in each["@type"]]
        assert delay == answer.headers["retry-after"] + "s"
    check_raised(translating, client, key, "chat-good", 429)


def test_out_of_balance(translating, client):
    translating.admin("PUT", "/admin/prices/gpt-4.1-mini-priced", {"prompt": "1000", "completion": "1000"})
    _, key = translating.customer(credit="0")
    check(client, call(translating, client, key, "chat-priced"), 429, "insufficient_quota")
    check_raised(translating, client, key, "chat-priced", 429)


def vendor_error(received, status, message, code, *fields):
    """The error a vendor gives in the form it is spoken to."""
    if "/messages" in received.path:
        kinds = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
        told = {"type": kinds.get(status, "rate_limit_error" if status == 429 else "api_error"), "message": message}
        return answer({"type": "error", "error": told, "request_id": "req_vendor"}, status, *fields)
    if "enerateContent" in received.path:
        words = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}
        delay = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"}] if status == 429 else []
        told = {"code": status, "message": message, "status": words.get(status, "INTERNAL"), "details": delay}
        return answer({"error": told}, status)
    return answer({"error": {"message": message, "type": "some_error", "param": None, "code": code}}, status, *fields)


def test_our_key_refused_upstream(translating, vendors, client, key, vendor_name):
    for status in (401, 403):
        refusal = lambda connection, received: connection.sendall(
            vendor_error(received, status, f"Bad key sk-vendor-secret-{vendor_name}", "invalid_api_key")
        )
        for name in target("one"):
            vendors.on(name, refusal)
        check(client, call(translating, client, key, f"{vendor_name}-one"), 502, "upstream_error")
    check_raised(translating, client, key, f"{vendor_name}-one", 502)


@pytest.fixture(params=list(VENDORS), ids=[f"to_{name}" for name in VENDORS])
def vendor_name(request):
    return request.param


@pytest.mark.parametrize("status", [400, 404, 413, 422, 429])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_the_vendors_own_refusals(translating, vendors, client, key, vendor_name, status, streams):
    told = f"No, with sk-vendor-secret-{vendor_name}."
    for name in target("one"):
        vendors.on(name, lambda c, received: c.sendall(vendor_error(received, status, told, None, "retry-after: 17")))
    answer = call(translating, client, key, f"{vendor_name}-one", streams)
    expected = {429: "rate_limit_exceeded"}.get(status, "upstream_error")
    code = answer.json["error"]["code"] if client in ("chat", "responses") else expected
    check(client, answer, status, code)
    assert answer.json["error"]["message"].startswith("No, with ") and code
    assert answer.headers["x-tokenrouter-provider"] == vendor_name
    if status == 429:
        assert answer.headers["retry-after"] == "17"
        if client == "gemini":
            assert "17s" in json.dumps(answer.json["error"]["details"])


BROKEN = [
    ("a 500", lambda received: vendor_error(received, 500, "Oh.", None)),
    ("a proxy's 502", lambda received: answer(b"<html>Bad gateway</html>", 502)),
    ("no JSON", lambda received: answer(b"<html>hello</html>")),
    ("cut JSON", lambda received: answer(b'{"id":"x","choices":[')),
    ("another shape", lambda received: answer({"hello": "world"})),
    ("nothing", lambda received: answer(b"")),
    ("a stream without an event", lambda received: STREAM_HEAD + chunk(b"")),
    ("events that are no JSON", lambda received: STREAM_HEAD + chunk(b"data: nope\n\n") + chunk(b"")),
]


@pytest.mark.parametrize("name,made", BROKEN, ids=[case[0] for case in BROKEN])
@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_an_answer_that_is_none(translating, vendors, client, key, vendor_name, name, made, streams):
    for each in target("one"):
        vendors.on(each, lambda connection, received: connection.sendall(made(received)))
    check(client, call(translating, client, key, f"{vendor_name}-one", streams), 502, "upstream_error")


def test_no_target_left(translating, client, key):
    check(client, call(translating, client, key, "failing"), 502, "upstream_error")
    check_raised(translating, client, key, "failing", 502)


def test_a_fallback_of_another_form_answers(translating, client, key):
    answer = call(translating, client, key, "rescued")
    assert (answer.status, answer.headers["x-tokenrouter-attempts"]) == (200, "2")
    assert answer.headers["x-tokenrouter-provider"] == "anthropic" and b"Hello" in answer.body


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "stream"])
def test_a_vendor_that_is_too_slow(translating, vendors, client, key, vendor_name, streams):
    for name in target("silent"):
        vendors.on(name, lambda connection, received: until_gone(connection))
    check(client, call(translating, client, key, f"{vendor_name}-silent", streams), 504, "upstream_timeout")
    if not streams:
        check_raised(translating, client, key, f"{vendor_name}-silent", 504)


def test_too_many_at_once(binary, vendors, tmp_path, client):
    from forms.vendors import configuration

    gateway = Gateway(binary, tmp_path, configuration(vendors.port), server=", max_concurrency: 1")
    release = threading.Event()
    try:
        _, key = gateway.customer()
        for name in target("two"):
            vendors.on(name, lambda connection, received: release.wait(30) and connection.sendall(answer(b"")))
        before = len(vendors.received)
        first = threading.Thread(target=lambda: call(gateway, client, key, "chat-two"))
        first.start()
        wait_until("it is under way", lambda: len(vendors.received) > before)
        refused = call(gateway, client, key, "chat-good")
        check(client, refused, 503, "overloaded")
        assert int(refused.headers["retry-after"]) >= 1
        check_raised(gateway, client, key, "chat-good", 503)
        release.set()
        first.join()
    finally:
        release.set()
        assert gateway.stop() == 0


def test_a_path_that_takes_no_such_method(translating, client, key):
    answer = translating.ask(None, path=path(client, "chat-good"), headers=credentials(client, key), method="GET", raw=b"")
    assert answer.status == 405 and answer.json["error"]["message"]
