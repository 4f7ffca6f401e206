"""What clients of each form send, and what they hear: read by the forms' own rules, nothing shared with the gateway."""
import http.client
import json
import socket
from dataclasses import dataclass, field

CLIENTS = ["chat", "responses", "anthropic", "gemini"]


def path(form, model, streams=False):
    if form == "gemini":
        return f"/v1beta/models/{model}:" + ("streamGenerateContent?alt=sse" if streams else "generateContent")
    return {"chat": "/v1/chat/completions", "responses": "/v1/responses", "anthropic": "/v1/messages"}[form]


def body(form, model, streams=False, text="Hi", **fields):
    stream = {"stream": True} if streams else {}
    if form == "chat":
        usage = {"stream_options": {"include_usage": True}} if streams else {}
        return {"model": model, "messages": [{"role": "user", "content": text}], **stream, **usage, **fields}
    if form == "responses":
        return {"model": model, "input": text, **stream, **fields}
    if form == "anthropic":
        return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": text}], **stream, **fields}
    return {"contents": [{"role": "user", "parts": [{"text": text}]}], **fields}


def credentials(form, key):
    """Where each form's clients put their key."""
    name = {"chat": "authorization", "responses": "authorization", "anthropic": "x-api-key", "gemini": "x-goog-api-key"}[form]
    own = {"anthropic-version": "2026-10-21"} if form == "anthropic" else {}
    return {name: f"Bearer {key}" if name == "authorization" else key, **own} if key is not None else own


def call(gateway, form, key, model, streams=False, headers=None, raw=None, **fields):
    """One call as a client of the form makes it."""
    data = raw if raw is not None else json.dumps(body(form, model, streams, **fields)).encode()
    return gateway.ask(None, path=path(form, model, streams), headers={**credentials(form, key), **(headers or {})}, raw=data)


@dataclass
class Heard:
    """An answer, whole or streamed, in no form."""

    text: str = ""
    thoughts: str = ""
    calls: list = field(default_factory=list)  # [id, name, the arguments' JSON]
    usage: dict | None = None
    finish: str | None = None
    error: dict | None = None
    has_begun: bool = False
    is_ended: bool = False

    @property
    def arguments(self):
        return [json.loads(arguments) for _, _, arguments in self.calls]


class Stream:
    """A streamed answer, read line by line over a plain connection."""

    def __init__(self, gateway, form, key, model, **fields):
        self.form = form
        self.connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
        headers = {"content-type": "application/json", **credentials(form, key)}
        self.connection.request("POST", path(form, model, True), json.dumps(body(form, model, True, **fields)), headers)
        self.response = self.connection.getresponse()
        self.status, self.id = self.response.status, self.response.getheader("x-request-id")
        self.data = b""

    def until(self, text):
        """Reads lines up to one that holds the text."""
        while text not in (line := self.response.readline()):
            assert line, f"the stream ended before {text!r}: {self.data!r}"
            self.data += line
        self.data += line

    def rest(self):
        """Everything, and whether the framing ended as it should."""
        try:
            while piece := self.response.read1(65536):
                self.data += piece
            return self.data, True
        except http.client.IncompleteRead as broken:
            self.data += broken.partial
        except ConnectionError:
            pass
        return self.data, False

    def close(self):
        self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def heard(form, data):
    """What a stream said; asserts the order its form wants."""
    said = Heard()
    for block in data.decode().split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(":")]
        name = next((line[7:] for line in lines if line.startswith("event: ")), None)
        text = "".join(line[6:] for line in lines if line.startswith("data: "))
        assert form != "gemini" or all(line.startswith("data: ") for line in block.split("\n") if line), block
        if text == "[DONE]":
            assert form == "chat"
            said.is_ended = True
        elif text:
            assert form == "gemini" or not said.is_ended, f"after the end: {text}"
            event = json.loads(text)
            assert name == (event.get("type") if form in ("anthropic", "responses") else None)
            READERS[form](said, event)
    return said


def chat_event(said, event):
    if "error" in event:
        said.error = event["error"]
        return
    said.usage = event.get("usage") or said.usage
    for choice in event["choices"]:
        delta = choice["delta"]
        assert said.has_begun or delta.get("role") == "assistant"
        assert not said.finish, "after the finish"
        said.has_begun = True
        said.text += delta.get("content") or ""
        said.thoughts += delta.get("reasoning_content") or ""
        for piece in delta.get("tool_calls") or []:
            if piece["index"] == len(said.calls):
                said.calls.append([piece["id"], piece["function"]["name"], ""])
            said.calls[piece["index"]][2] += piece["function"].get("arguments") or ""
        said.finish = choice["finish_reason"]


def responses_event(said, event):
    kind = event["type"]
    if kind == "error" or kind == "response.failed":
        said.error = event if kind == "error" else event["response"]["error"]
        return
    assert said.has_begun or kind == "response.created"
    said.has_begun = True
    if kind == "response.output_text.delta":
        said.text += event["delta"]
    elif kind == "response.reasoning_summary_text.delta":
        said.thoughts += event["delta"]
    elif kind == "response.output_item.done" and event["item"]["type"] == "function_call":
        item = event["item"]
        whole = [item["call_id"], item["name"], item["arguments"]]
        assert whole in said.calls, "pieces are not the whole"
    elif kind == "response.output_item.added" and event["item"]["type"] == "function_call":
        said.calls.append([event["item"]["call_id"], event["item"]["name"], ""])
    elif kind == "response.function_call_arguments.delta":
        said.calls[-1][2] += event["delta"]
    elif kind in ("response.completed", "response.incomplete"):
        said.finish, said.usage, said.is_ended = event["response"]["status"], event["response"]["usage"], True


def anthropic_event(said, event):
    kind = event["type"]
    if kind == "error":
        said.error = event["error"]
        return
    assert said.has_begun or kind == "message_start"
    said.has_begun = True
    delta = event.get("delta", {})
    if kind == "message_start":
        said.usage = event["message"]["usage"]
    elif kind == "content_block_start" and event["content_block"]["type"] == "tool_use":
        said.calls.append([event["content_block"]["id"], event["content_block"]["name"], ""])
    elif kind == "content_block_delta":
        said.text += delta.get("text", "")
        said.thoughts += delta.get("thinking", "")
        if delta["type"] == "input_json_delta":
            said.calls[-1][2] += delta["partial_json"]
    elif kind == "message_delta":
        said.finish = delta["stop_reason"]
        said.usage = {**said.usage, **{name: count for name, count in event["usage"].items() if count is not None}}
    elif kind == "message_stop":
        said.is_ended = True


def gemini_event(said, event):
    if "error" in event:
        said.error = event["error"]
        return
    said.has_begun = True
    said.usage = event.get("usageMetadata") or said.usage
    for candidate in event.get("candidates", []):
        for part in candidate.get("content", {}).get("parts", []):
            if "functionCall" in part:
                function = part["functionCall"]
                said.calls.append([function.get("id"), function["name"], json.dumps(function["args"])])
            elif part.get("thought"):
                said.thoughts += part.get("text", "")
            else:
                said.text += part.get("text", "")
        said.finish = candidate.get("finishReason") or said.finish
        said.is_ended = said.finish is not None


READERS = {"chat": chat_event, "responses": responses_event, "anthropic": anthropic_event, "gemini": gemini_event}
