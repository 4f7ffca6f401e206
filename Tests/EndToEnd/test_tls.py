"""TLS on both sides, and upstreams behind a proxy; certificates are made by `openssl` for the occasion."""
import http.client
import json
import socket
import ssl
import subprocess
import threading

import pytest
from conftest import NEVER_OPEN
from gateway import Gateway
from http2 import Http2, trusting
from upstream import DONE, GOOD, Upstream


def certificate(folder, name, names):
    key, file = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-keyout", str(key), "-out", str(file), "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}"],
        check=True,
        capture_output=True,
    )
    return str(file), str(key)


class Proxy:
    """A CONNECT proxy that tunnels, or answers with `status` alone."""

    def __init__(self, status=200):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.status, self.heads = status, []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        text = b""
        while b"\r\n\r\n" not in text:
            data = client.recv(4096)
            if not data:
                return
            text += data
        self.heads.append(text.decode())
        if self.status != 200:
            client.sendall(f"HTTP/1.1 {self.status} No\r\ncontent-length: 0\r\n\r\n".encode())
            client.close()
            return
        host, port = text.split()[1].decode().rsplit(":", 1)
        target = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self.pump, args=(client, target), daemon=True).start()
        self.pump(target, client)

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    return {
        "gateway": certificate(folder, "gateway", "DNS:localhost,IP:127.0.0.1"),
        "vendor": certificate(folder, "vendor", "DNS:localhost,IP:127.0.0.1"),
        "other": certificate(folder, "other", "DNS:other.example"),
    }


def serving(pair):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    return context


@pytest.fixture(scope="module")
def vendors(certificates):
    made = {name: Upstream(serving(certificates[name])) for name in ("vendor", "other")}
    made["plain"] = Upstream()
    yield made
    for each in made.values():
        each.close()


@pytest.fixture(scope="module")
def proxies():
    made = {"open": Proxy(), "closed": Proxy(407)}
    yield made
    for each in made.values():
        each.listener.close()


@pytest.fixture(scope="module")
def secure(binary, tmp_path_factory, certificates, vendors, proxies):
    """The gateway with a certificate, and a provider for each way to a vendor."""
    vendor, other, plain = (vendors[name].port for name in ("vendor", "other", "plain"))
    ca, wrong = certificates["vendor"][0], certificates["other"][0]
    through = f'proxy: "http://127.0.0.1:{proxies["open"].port}"'
    ways = {
        "trusted": f'base_url: "https://localhost:{vendor}/v1", ca_file: "{ca}"',
        "by-address": f'base_url: "https://127.0.0.1:{vendor}/v1", ca_file: "{ca}"',
        "unknown-root": f'base_url: "https://localhost:{vendor}/v1"',
        "wrong-root": f'base_url: "https://localhost:{vendor}/v1", ca_file: "{wrong}"',
        "wrong-name": f'base_url: "https://localhost:{other}/v1", ca_file: "{wrong}"',
        "wrong-address": f'base_url: "https://127.0.0.1:{other}/v1", ca_file: "{wrong}"',
        "no-tls-there": f'base_url: "https://localhost:{plain}/v1", ca_file: "{ca}", timeouts: {{connect: 300ms}}',
        "proxied": f'base_url: "https://localhost:{vendor}/v1", ca_file: "{ca}", {through}',
        "proxied-plain": f'base_url: "http://127.0.0.1:{plain}/v1", {through}',
        "proxy-refuses": f'base_url: "https://localhost:{vendor}/v1", ca_file: "{ca}", proxy: "http://127.0.0.1:{proxies["closed"].port}"',
    }
    providers = "".join(
        f"  - {{name: {name}, kind: openai-compatible, {way}, allow_private: true, keys: [{{value: sk-upstream-key}}], breaker: {NEVER_OPEN}}}\n"
        for name, way in ways.items()
    )
    models = "".join(f'  - {{name: {name}, targets: [{{provider: {name}, model: "m-{name}"}}]}}\n' for name in ways)
    gateway_certificate, gateway_key = certificates["gateway"]
    server = f', tls: {{certificate: "{gateway_certificate}", key: "{gateway_key}"}}'
    text = f"providers:\n{providers}models:\n{models}billing: {{unpriced_models: free}}\n"
    process = Gateway(binary, tmp_path_factory.mktemp("secure"), text, server=server, trusted=gateway_certificate)
    yield process
    code = process.stop()
    assert code == 0, process.log.read_text()[-4000:]


@pytest.fixture(scope="module")
def key(secure):
    return secure.customer()[1]


@pytest.mark.parametrize("model", ["trusted", "by-address", "proxied", "proxied-plain"])
def test_a_vendor_is_reached(secure, key, model):
    for _ in range(3):
        answer = secure.ask(key, model)
        assert (answer.status, answer.json) == (200, GOOD), answer.body
    assert secure.ask(key, model, stream=True).body.endswith(DONE)


@pytest.mark.parametrize("model", ["unknown-root", "wrong-root", "wrong-name", "wrong-address", "proxy-refuses"])
def test_a_vendor_that_cannot_be_trusted_is_502_and_is_sent_nothing(secure, vendors, key, model):
    before = sum(len(each.received) for each in vendors.values())
    assert secure.ask(key, model).error == (502, "upstream_error", None)
    assert sum(len(each.received) for each in vendors.values()) == before
    assert secure.process.poll() is None


def test_a_handshake_nobody_answers_is_504(secure, key):
    assert secure.ask(key, "no-tls-there").error == (504, "upstream_timeout", None)


def test_the_proxy_sees_the_target_and_no_secret(secure, proxies, vendors, key):
    assert secure.ask(key, "proxied").status == 200
    lines = {text.split("\r\n")[0] for text in proxies["open"].heads}
    assert f"CONNECT localhost:{vendors['vendor'].port} HTTP/1.1" in lines
    assert all("sk-" not in text for text in proxies["open"].heads)


def test_the_listener_speaks_http_1_1_over_tls(secure, key):
    context = trusting(secure.trusted, ["http/1.1"])
    connection = http.client.HTTPSConnection("localhost", secure.port, timeout=20, context=context)
    body = json.dumps({"model": "trusted", "messages": [{"role": "user", "content": "Hi"}]})
    for _ in range(3):
        connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {key}"})
        response = connection.getresponse()
        assert (response.status, json.load(response)) == (200, GOOD)
    connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {key}", "connection": "close"})
    assert json.load(connection.getresponse()) == GOOD
    connection.close()


def test_the_listener_speaks_http_2_where_alpn_chooses_it(secure, key):
    connection = Http2(secure.port, trusting(secure.trusted, ["h2", "http/1.1"]))
    assert connection.socket.selected_alpn_protocol() == "h2"
    for fields in ({}, {"stream": True}):
        status, _, body = connection.answer(connection.ask(key, "trusted", **fields))
        assert status == 200 and body
    connection.close()


def test_plain_text_on_the_tls_port_ends_one_connection(secure, key):
    with socket.create_connection(("127.0.0.1", secure.port), timeout=20) as plain:
        plain.sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        while True:
            try:
                if not plain.recv(4096):
                    break
            except ConnectionResetError:
                break
    assert secure.ask(key, "trusted").status == 200


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_is_refused(secure):
    context = trusting(secure.trusted, ["http/1.1"])
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", secure.port), timeout=20) as plain:
        with pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(plain, server_hostname="localhost")
