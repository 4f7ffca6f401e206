"""The process as a whole: killed under load, drained, started twice, started for the first time."""
import decimal
import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import threading

import pytest
from conftest import own_configuration
from gateway import Gateway, Process, free_port, wait_until
from upstream import DONE, STREAM_HEAD, chunk, event, until_gone


@pytest.fixture()
def start(binary, upstream, tmp_path):
    """Starts gateways of this test's own; what still runs at the end is stopped."""
    running = []

    def make(configuration=None, **options):
        running.append(Gateway(binary, tmp_path, configuration or own_configuration(upstream.port), **options))
        return running[-1]

    yield make
    for each in running:
        each.stop()


def all_rows(gateway, user):
    rows, after = [], ""
    while True:
        status, page = gateway.admin("GET", f"/admin/requests?user={user}&limit=1000{after}")
        assert status == 200, page
        rows += page["data"]
        if not page["next"]:
            return rows
        after = f"&after={page['next']}"


class Load:
    """Clients that ask until the gateway dies, and remember every answer that came whole."""

    def __init__(self, gateway, key, clients):
        self.gateway, self.key = gateway, key
        self.completed, self.lock = [], threading.Lock()
        self.threads = [threading.Thread(target=self.ask, args=(number % 2 == 1,)) for number in range(clients)]
        for thread in self.threads:
            thread.start()

    def ask(self, is_stream):
        body = json.dumps({"model": "own/paid", "stream": is_stream, "max_tokens": 10, "messages": [{"role": "user", "content": "Hi"}]})
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=30)
        try:
            while True:
                connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {self.key}"})
                response = connection.getresponse()
                data = response.read()
                assert response.status == 200, data
                if is_stream and not data.endswith(DONE):
                    return
                with self.lock:
                    self.completed.append(response.getheader("x-request-id"))
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def join(self):
        for thread in self.threads:
            thread.join(30)


def test_kill_9_under_load_loses_no_request_a_client_saw_completed(start):
    gateway = start()
    gateway.admin("PUT", "/admin/prices/paid", {"prompt": "1", "completion": "2"})
    user, key = gateway.customer(credit="1000")
    completed = []
    for enough in (30, 200, 400):
        load = Load(gateway, key, clients=16)
        wait_until("requests complete", lambda: len(load.completed) >= enough)
        gateway.process.kill()
        gateway.process.wait()
        load.join()
        completed += load.completed
        gateway.start()
    ids = [row["id"] for row in all_rows(gateway, user)]
    assert len(ids) == len(set(ids)), "a request is recorded twice"
    assert not set(completed) - set(ids), "a completed request is lost"
    rows = all_rows(gateway, user)
    assert {row["cost_usd"] for row in rows if row["status"] == "success"} == {"0.000014"}
    spent = sum(decimal.Decimal(row["cost_usd"]) for row in rows)
    status, balance = gateway.admin("GET", f"/admin/users/{user}/balance")
    assert decimal.Decimal(balance["balance_usd"]) == 1000 - spent
    assert balance["reserved_usd"] == "0"
    _, usage = gateway.admin("GET", "/admin/usage?group_by=model")
    assert [each["requests"] for each in usage["data"] if each["model"] == "own/paid"] == [len(rows)]


def test_usage_that_never_reached_the_store_is_there_after_kill_9(start):
    gateway = start()
    user, key = gateway.customer()
    answers = [gateway.ask(key, "good") for _ in range(5)]
    gateway.process.kill()
    gateway.process.wait()
    gateway.start()
    assert {row["id"] for row in gateway.rows(user)} == {answer.headers["x-request-id"] for answer in answers}


def is_refused(port):
    """A connection caught in the backlog while the listener closes is reset: neither taken nor refused yet."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return False
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        return False


def open_stream(gateway, key, model):
    connection = gateway.connection()
    body = json.dumps({"model": model, "stream": True, "messages": [{"role": "user", "content": "Hi"}]})
    connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {key}"})
    return connection.getresponse()


def test_sigterm_lets_running_streams_finish_and_takes_no_new_ones(start, upstream):
    gateway = start()
    _, key = gateway.customer()
    release = threading.Event()

    def slow(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("first")))
        release.wait(30)
        connection.sendall(chunk(event("second", "stop")) + chunk(DONE) + chunk(b""))

    upstream.on("slow-stream", slow)
    idle = socket.create_connection(("127.0.0.1", gateway.port))
    idle.sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
    assert b"200" in idle.recv(4096)
    response = open_stream(gateway, key, "own/slow-stream")
    assert b"first" in response.readline()
    gateway.process.send_signal(signal.SIGTERM)
    wait_until("new connections are refused", lambda: is_refused(gateway.port))
    idle.settimeout(10)
    assert idle.recv(4096) == b"", "an idle connection stays open"
    assert gateway.process.poll() is None
    release.set()
    rest = response.read()
    assert b"second" in rest and rest.endswith(DONE)
    assert gateway.process.wait(20) == 0


def test_a_stream_that_outlives_the_drain_time_is_told_so(start, upstream):
    gateway = start(server=", drain_timeout: 300ms")
    user, key = gateway.customer()

    def endless(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("first")))
        until_gone(connection)

    upstream.on("endless", endless)
    response = open_stream(gateway, key, "own/endless")
    assert b"first" in response.readline()
    gateway.process.send_signal(signal.SIGTERM)
    with pytest.raises(http.client.IncompleteRead) as broken:
        response.read()
    assert b'"overloaded"' in broken.value.partial and DONE not in broken.value.partial
    assert gateway.process.wait(20) == 0
    gateway.start()
    assert [row["status"] for row in gateway.rows(user)] == ["error"]


def test_sigint_stops_it_too(start):
    gateway = start()
    assert gateway.stop(signal.SIGINT) == 0


def test_a_journal_has_one_owner(start, binary):
    gateway = start()
    other = gateway.folder / "other.yaml"
    text = gateway.file.read_text()
    for port in (gateway.port, gateway.control_port):
        text = text.replace(str(port), str(free_port()))
    other.write_text(text)
    second = Process([binary, "serve", "--config", str(other)], gateway.folder / "second.log")
    assert second.process.wait(20) != 0
    said = second.log.read_text()
    assert "gateway.db.journal.d" in said and "another" in said, said
    assert gateway.ask(gateway.customer()[1], "good").status == 200


def test_a_port_that_is_taken_is_said_so(start, binary):
    gateway = start()
    folder = gateway.folder / "second"
    folder.mkdir()
    other = folder / "other.yaml"
    text = gateway.file.read_text().replace(str(gateway.folder) + "/gateway.db", str(folder) + "/gateway.db")
    other.write_text(text.replace(str(gateway.control_port), str(free_port())))
    second = Process([binary, "serve", "--config", str(other)], folder / "second.log")
    assert second.process.wait(20) != 0
    assert re.search(r"in use", second.log.read_text()), second.log.read_text()


def test_a_revoked_key_dies_on_another_instance_within_the_cache_ttl(start, binary):
    gateway = start()
    folder = gateway.folder / "second"
    folder.mkdir()
    other = Gateway.__new__(Gateway)
    other.__dict__.update(gateway.__dict__)
    other.port, other.control_port, other.folder, other.file = free_port(), free_port(), folder, folder / "gateway.yaml"
    other.base, other.control = f"http://127.0.0.1:{other.port}", f"http://127.0.0.1:{other.control_port}"
    text = gateway.file.read_text().replace(str(gateway.port), str(other.port)).replace(str(gateway.control_port), str(other.control_port))
    text = text.replace('gateway.db"', f'gateway.db", journal: "{folder}/journal"').replace("auth: {", "auth: {cache_ttl: 1s, ")
    other.file.write_text(text)
    other.start()
    try:
        user, key = gateway.customer()
        assert other.ask(key, "good").status == 200
        _, keys = gateway.admin("GET", f"/admin/keys?user={user}")
        gateway.admin("DELETE", f"/admin/keys/{keys['data'][0]['id']}")
        assert gateway.ask(key, "good").status == 401
        wait_until("the key dies there too", lambda: other.ask(key, "good").status == 401, seconds=3)
    finally:
        assert other.stop() == 0


def test_the_first_start_prints_a_request_that_works_as_pasted(binary, tmp_path):
    port, control = free_port(), free_port()
    environment = {"LISTEN": f"127.0.0.1:{port}", "CONTROL_LISTEN": f"127.0.0.1:{control}", "DATABASE_URL": f"sqlite:{tmp_path}/demo.db"}
    demo = Process([binary, "serve", "--demo", "--welcome"], tmp_path / "demo.log", environment)
    try:
        text = wait_until("the welcome", lambda: "messages" in demo.log.read_text() and demo.log.read_text())
        command = text[text.index("curl ") :].split("}'")[0] + "}'"
        assert shutil.which("curl"), "curl is not installed"
        answer = subprocess.run(["bash", "-c", command + " -sS"], capture_output=True, text=True, timeout=30)
        assert json.loads(answer.stdout)["choices"][0]["message"]["content"], answer
        assert f"http://127.0.0.1:{control}" in text and "Admin key (shown this once): " in text
        assert text.count("sk-tr-") == 2, "a key stands somewhere else than in the welcome"
    finally:
        assert demo.stop() == 0
