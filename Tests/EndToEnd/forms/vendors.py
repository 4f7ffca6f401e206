"""A vendor that says a script in whatever form it is asked in, and the gateway's configuration for it."""
from dataclasses import dataclass

from forms.script import HELLO, Usage
from forms.vendor_openai import Chat, Responses
from forms.vendor_others import Anthropic, Gemini
from upstream import STREAM_HEAD, answer, chunk

FORMS = {"chat": Chat, "responses": Responses, "anthropic": Anthropic, "gemini": Gemini}


def form_of(received):
    path = received.path.split("?")[0]
    ends = {"/chat/completions": "chat", "/responses": "responses", "/messages": "anthropic"}
    return FORMS[next((form for end, form in ends.items() if path.endswith(end)), "gemini")]


def wants_stream(received):
    return ":stream" in received.path or bool((received.json or {}).get("stream"))


def events(received, script=HELLO, usage=Usage()):
    return list(form_of(received).events(script, usage, received.model))


def says(script=HELLO, usage=Usage()):
    """Answers with the script, as a stream or whole."""

    def handler(connection, received):
        if wants_stream(received):
            sent = b"".join(chunk(each) for each in events(received, script, usage))
            connection.sendall(STREAM_HEAD + sent + chunk(b""))
        else:
            connection.sendall(answer(form_of(received).whole(script, usage, received.model)))

    return handler


@dataclass(frozen=True)
class Vendor:
    name: str
    kind: str
    model: str
    version: str


VENDORS = {
    vendor.name: vendor
    for vendor in (
        Vendor("chat", "openai", "gpt-4.1-mini", "v1"),
        Vendor("responses", "openai", "gpt-6.1-terra", "v1"),
        Vendor("anthropic", "anthropic", "claude-opus-5-5", "v1"),
        Vendor("gemini", "gemini", "gemini-3.8-flash", "v1beta"),
    )
}

CASES = ["good", "one", "two", "silent", "priced", "strict"]


def configuration(port):
    """Models `<vendor>-<case>`, whose vendor is asked for its model's name with `-<case>` behind it."""
    never_open = "{minimum_requests: 1000000000}"
    providers = [
        f'  - {{name: {vendor.name}{suffix}, kind: {vendor.kind}, base_url: "http://127.0.0.1:{port}/{vendor.version}",'
        f" allow_private: true, breaker: {never_open}, keys: [{{id: main, value: sk-vendor-secret-{vendor.name}}}]{timeouts}}}"
        for vendor in VENDORS.values()
        for suffix, timeouts in (("", ""), ("-hasty", ", timeouts: {first_byte: 300ms}"))
    ]
    models = [
        f"  - {{name: {vendor.name}-{case}, strict: {str(case == 'strict').lower()},"
        f" targets: [{{provider: {vendor.name}{'-hasty' if case == 'silent' else ''}, model: {vendor.model}-{case}}}]}}"
        for vendor in VENDORS.values()
        for case in CASES
    ]
    refused = (
        '  - {name: refused, kind: openai-compatible, base_url: "http://127.0.0.1:1/v1", allow_private: true,'
        " keys: [{id: main, value: sk-vendor-secret-refused}]}"
    )
    models += [
        "  - {name: failing, targets: [{provider: refused, model: gpt-4o-mini}]}",
        "  - {name: rescued, targets: [{provider: refused, model: gpt-4o-mini}], fallbacks: [anthropic-good]}",
        f"  - {{name: shifting, targets: [{{provider: chat, model: {VENDORS['chat'].model}-shifting}}], fallbacks: [gemini-good]}}",
    ]
    return "\n".join(["billing: {unpriced_models: free}", "providers:", *providers, refused, "models:", *models]) + "\n"
