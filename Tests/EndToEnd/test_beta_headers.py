"""Headers cross by allow lists: betas and versions to a vendor of their own form, credentials to nobody."""
import json

import pytest
from forms.clients import CLIENTS, body, call
from forms.script import HELLO, Usage
from forms.vendors import VENDORS, events, form_of
from upstream import STREAM_HEAD, answer, chunk

BETAS = {
    "anthropic-beta": "context-1m-2025-08-07,flag-nobody-knows-2026-01-01",
    "anthropic-version": "2023-06-01",
    "openai-beta": "assistants=v2",
}
NEVER = {
    "cookie": "session=secret-of-client",
    "x-tokenrouter-tags": "blue",
    "x-tokenrouter-session": "s1",
    "x-tokenrouter-no-cache": "1",
    "proxy-authorization": "Basic c2VjcmV0",
    "accept-encoding": "br",
    "x-forwarded-for": "10.9.8.7",
    "te": "trailers",
}
OF_FORM = {"anthropic": {"anthropic-beta", "anthropic-version"}, "chat": {"openai-beta"}, "responses": {"openai-beta"}, "gemini": set()}

pairs = pytest.mark.parametrize(
    "client,vendor", [pytest.param(client, vendor, id=f"{client}-{vendor}") for client in CLIENTS for vendor in VENDORS]
)


@pytest.fixture(scope="module")
def key(translating):
    return translating.customer()[1]


def sent(translating, vendors, key, client, vendor, **more):
    """What the vendor received of a call with these headers."""
    result = call(translating, client, key, f"{vendor}-good", **more)
    assert result.status == 200, result.body
    return vendors.requests(f"{VENDORS[vendor].model}-good")[-1], result


@pairs
def test_betas_reach_a_vendor_of_their_own_form_only(translating, vendors, key, client, vendor):
    received, _ = sent(translating, vendors, key, client, vendor, headers=BETAS)
    spoken = form_of(received).__name__.lower()
    allowed = OF_FORM[client] if spoken == client else set()
    for name, value in BETAS.items():
        if name in allowed:
            assert received.headers.get(name) == value
        elif name == "anthropic-version" and spoken == "anthropic":
            assert received.headers[name] in ("2023-06-01", "2026-10-21")
        else:
            assert name not in received.headers


@pairs
def test_the_vendor_gets_our_key_and_nothing_of_the_clients(translating, vendors, key, client, vendor):
    received, _ = sent(translating, vendors, key, client, vendor, headers=NEVER)
    ours = f"sk-vendor-secret-{vendor}"
    holders = [name for name, value in received.fields if ours in value]
    spoken = form_of(received).__name__.lower()
    if spoken == "gemini":
        assert [name.lower() for name in holders] == ["x-goog-api-key"]
    elif spoken == "anthropic":
        assert [name.lower() for name in holders] in (["x-api-key"], ["authorization"])
    else:
        assert [name.lower() for name in holders] == ["authorization"]
    whole = received.line + str(received.fields) + received.body.decode()
    assert key not in whole and "secret-of-client" not in whole and ours not in received.line
    for name in NEVER.keys() - {"te", "accept-encoding"}:
        assert name not in received.headers
    assert received.headers.get("accept-encoding", "identity") == "identity"


@pytest.mark.parametrize("vendor", list(VENDORS))
def test_a_key_in_geminis_query_goes_nowhere(translating, vendors, key, vendor):
    path = f"/v1beta/models/{vendor}-good:generateContent?key={key}"
    raw = json.dumps(body("gemini", "")).encode()
    assert translating.ask(None, path=path, raw=raw).status == 200
    received = vendors.requests(f"{VENDORS[vendor].model}-good")[-1]
    assert key not in received.line + str(received.fields)
    assert key not in translating.log.read_text()


ACCOUNT = [
    "set-cookie: vendor=1",
    "openai-organization: org-of-ours",
    "openai-project: proj-of-ours",
    "openai-processing-ms: 987654",
    "anthropic-organization-id: org-of-ours",
    "anthropic-ratelimit-unified-status: org-of-ours",
    "request-id: req_of_the_vendor",
    "x-request-id: req_of_the_vendor",
    "apim-request-id: req_of_the_vendor",
    "x-ms-client-request-id: req_of_the_vendor",
    "x-ms-region: region-of-ours",
    "x-goog-quota-user: org-of-ours",
    "cf-ray: req_of_the_vendor",
    "server: vendor/1.0",
]


def whole(received):
    return answer(form_of(received).whole(HELLO, Usage(), received.model), 200, *ACCOUNT)


def streamed(received):
    fields = "".join(field + "\r\n" for field in ACCOUNT).encode()
    return STREAM_HEAD[:-2] + fields + b"\r\n" + b"".join(chunk(each) for each in events(received)) + chunk(b"")


def refused(received):
    return answer({"error": {"message": "No."}}, 400, *ACCOUNT)


@pairs
@pytest.mark.parametrize("made,streams", [(whole, False), (streamed, True), (refused, False)], ids=["whole", "stream", "error"])
def test_the_vendors_account_headers_do_not_come_back(translating, vendors, key, client, vendor, made, streams):
    vendors.on(f"{VENDORS[vendor].model}-one", lambda connection, received: connection.sendall(made(received)))
    result = call(translating, client, key, f"{vendor}-one", streams)
    assert result.status == (400 if made is refused else 200)
    told = str(sorted(result.headers.items()))
    assert "set-cookie" not in result.headers and "vendor/1.0" not in told and "987654" not in told
    assert "of-ours" not in told and "of_the_vendor" not in told
    if client == "anthropic":
        assert result.headers["request-id"] == result.headers["x-request-id"]
    else:
        assert "request-id" not in result.headers and result.headers["x-request-id"]
