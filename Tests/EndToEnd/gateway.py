"""Starts a gateway and a provider simulator on free loopback ports, and calls the admin API."""
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

ADMIN_KEY = "tr-admin-end-to-end-0123456789"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


def answers(url, trusted=None):
    try:
        context = ssl.create_default_context(cafile=trusted) if trusted else None
        with urllib.request.urlopen(url, timeout=2, context=context) as response:
            return response.status == 200
    except OSError:
        return False


class Process:
    """One process of the binary under test; its log is kept for a failed test to show."""

    def __init__(self, arguments, log, environment=None):
        clean = {k: v for k, v in os.environ.items() if not k.endswith("_API_KEY")}
        self.log = pathlib.Path(log)
        self.process = subprocess.Popen(
            arguments, stdout=self.log.open("a"), stderr=subprocess.STDOUT, env={**clean, **(environment or {})}
        )

    def stop(self, how=signal.SIGTERM, seconds=60):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        return self.process.returncode


class Simulator(Process):
    def __init__(self, binary, folder, *options):
        self.port = free_port()
        super().__init__([binary, "simulate", "--listen", f"127.0.0.1:{self.port}", *options], folder / "simulator.log")
        self.base = f"http://127.0.0.1:{self.port}"
        wait_until("the simulator answers", lambda: answers(self.base + "/health"))

    def requests(self):
        with urllib.request.urlopen(self.base + "/_simulator/requests", timeout=10) as response:
            return json.load(response)

    def stats(self):
        with urllib.request.urlopen(self.base + "/_simulator/stats", timeout=10) as response:
            return json.load(response)


class Gateway(Process):
    def __init__(self, binary, folder, configuration, environment=None, server="", trusted=None, store=None, options=()):
        """`configuration` is YAML without `server`, `storage` and `auth`, which are written here.

        `server` is what to add to that section, beginning with a comma; `trusted` the listener's certificate, where
        it has one; `store` a database in another folder, that of another instance; `options` more of `serve`'s.
        """
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.storage = f'url: "sqlite:{self.folder}/gateway.db"'
        if store:
            self.storage = f'url: "sqlite:{store}", journal: "{self.folder}/journal"'
        self.port, self.control_port = free_port(), free_port()
        self.file = self.folder / "gateway.yaml"
        self.environment, self.trusted, self.options = environment, trusted, options
        self.configure(configuration, server)
        self.base = f"{'https' if trusted else 'http'}://127.0.0.1:{self.port}"
        self.control = f"http://127.0.0.1:{self.control_port}"
        self.start()

    def configure(self, configuration, server=""):
        self.file.write_text(
            f"""server: {{listen: "127.0.0.1:{self.port}", control: "127.0.0.1:{self.control_port}"{server}}}
storage: {{{self.storage}}}
auth: {{admin_key: "{ADMIN_KEY}"}}
{configuration}"""
        )

    def start(self):
        super().__init__([self.binary, "serve", "--config", str(self.file), *self.options], self.folder / "gateway.log", self.environment)
        wait_until(
            "the gateway answers",
            lambda: answers(self.base + "/health", self.trusted) or self.process.poll() is not None,
        )
        assert self.process.poll() is None, self.log.read_text()

    def admin(self, method, path, body=None, headers=None, key=ADMIN_KEY):
        """The status and the JSON of an admin call."""
        return call(method, self.control + path, body, {**(headers or {}), **({"authorization": f"Bearer {key}"} if key else {})})

    def customer(self, plan="enterprise", credit=None, **key_fields):
        """A fresh user's id and key."""
        email = f"user{time.monotonic_ns()}@example.com"
        body = {"email": email, "name": "Test", "plan": plan, **({"credit_usd": credit} if credit is not None else {})}
        status, user = self.admin("POST", "/admin/users", body)
        assert status == 201, user
        status, key = self.admin("POST", f"/admin/users/{user['id']}/keys", {"name": "test", **key_fields})
        assert status == 201, key
        return user["id"], key["key"]

    def ask(self, key, model="chat", path="/v1/chat/completions", headers=None, raw=None, method="POST", **fields):
        """One call of the data plane; `raw` replaces the body."""
        body = raw
        if raw is None:
            body = json.dumps({"model": model, "messages": [{"role": "user", "content": "Hello"}], **fields}).encode()
        sent = {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        connection = self.connection()
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def connection(self):
        if self.trusted:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=ssl.create_default_context(cafile=self.trusted))
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def memory_bytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the gateway is gone")

    def rows(self, user):
        status, page = self.admin("GET", f"/admin/requests?user={user}&limit=1000")
        assert status == 200, page
        return page["data"]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """Status, code and param, as the contract's table names them."""
        error = self.json["error"]
        assert set(error) == {"message", "type", "param", "code"} and error["message"] and error["type"], error
        return self.status, error["code"], error["param"]

    @property
    def message(self):
        return self.json["error"]["message"]


def call(method, url, body=None, headers=None, raw=None):
    """Status and parsed JSON (or text) of one HTTP call."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, method=method, data=data, headers={"content-type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, parsed(response.read())
    except urllib.error.HTTPError as error:
        return error.code, parsed(error.read())


def parsed(data):
    try:
        return json.loads(data or b"null")
    except ValueError:
        return data.decode(errors="replace")
