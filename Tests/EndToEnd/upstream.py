"""A vendor whose every byte a test decides: plain sockets, one thread a connection."""
import json
import socket
import ssl
import threading
from urllib.parse import unquote

GOOD = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "own",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12},
}


def head(status=200, content_type="application/json", *fields):
    lines = [f"HTTP/1.1 {status} Any", f"content-type: {content_type}", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer(body=GOOD, status=200, *fields):
    """A whole message; a body that is not bytes becomes JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return head(status, "application/json", f"content-length: {len(data)}", *fields) + data


def error(status, message="It failed.", code=None, *fields, **members):
    return answer({"error": {"message": message, "type": "some_error", "code": code, **members}}, status, *fields)


def chunk(data):
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def event(content="Hi", finish=None, **members):
    choice = {"index": 0, "delta": {"content": content} if content else {}, "finish_reason": finish}
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "own", "choices": [choice], **members}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


STREAM_HEAD = head(200, "text/event-stream", "transfer-encoding: chunked")
USAGE_EVENT = b'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"own","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}\n\n'
DONE = b"data: [DONE]\n\n"


def stream(*events):
    """A whole chunked stream of the events."""
    return STREAM_HEAD + b"".join(chunk(each) for each in events) + chunk(b"")


GOOD_STREAM = stream(event("Hi"), event(None, "stop"), USAGE_EVENT, DONE)


class Received:
    def __init__(self, text, body):
        lines = text.decode("latin-1").split("\r\n")
        self.line = lines[0]
        self.fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if line]
        self.headers = {name.lower(): value for name, value in self.fields}
        self.body = body
        self.json = json.loads(body) if body else None

    @property
    def path(self):
        return self.line.split(" ")[1]

    @property
    def model(self):
        """From the body, or from the path where the form has it there."""
        if "/models/" in self.path:
            return unquote(self.path.split("/models/")[1].split(":")[0].split("?")[0])
        return self.json.get("model") if isinstance(self.json, dict) else None


def answered_well(received):
    return GOOD_STREAM if (received.json or {}).get("stream") else answer()


class Upstream:
    """`on(model, handler)`: what a request for that model is answered with, bytes or `handler(socket, received)`.

    A model nobody spoke for is answered by `default(received)`. Connections stay open unless a handler closes its socket.
    """

    def __init__(self, tls=None, default=answered_well):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.tls, self.default = tls, default
        self.handlers = {}
        self.received = []
        self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def on(self, model, handler):
        self.handlers[model] = handler

    def requests(self, model):
        return [each for each in self.received if each.model == model]

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            pending = b""
            while True:
                request, pending = read_request(connection, pending)
                if request is None:
                    break
                self.received.append(request)
                self.reply(connection, request)
        except (OSError, ssl.SSLError, ValueError):
            pass
        finally:
            connection.close()

    def reply(self, connection, request):
        handler = self.handlers[request.model] if request.model in self.handlers else self.default(request)
        if callable(handler):
            handler(connection, request)
        else:
            connection.sendall(handler)

    def close(self):
        self.listener.close()


def read_request(connection, pending):
    while b"\r\n\r\n" not in pending:
        data = connection.recv(65536)
        if not data:
            return None, b""
        pending += data
    text, pending = pending.split(b"\r\n\r\n", 1)
    length = Received(text, b"").headers.get("content-length", "0")
    body = bytearray(pending)
    while len(body) < int(length):
        data = connection.recv(1 << 20)
        if not data:
            return None, b""
        body += data
    return Received(text, bytes(body[: int(length)])), bytes(body[int(length) :])


def until_gone(connection, seconds=30):
    """Waits for the other side to close; true: it did."""
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True
    except OSError:
        return False
