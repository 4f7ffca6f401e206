"""The configuration changes under a running gateway: by its file, by SIGHUP, by the admin API; a bad one changes nothing."""
import os
import signal
import threading

import pytest
from conftest import own_configuration
from gateway import Gateway, wait_until
from test_process import open_stream
from upstream import DONE, STREAM_HEAD, chunk, event


@pytest.fixture()
def gateway(binary, upstream, tmp_path):
    process = Gateway(binary, tmp_path, own_configuration(upstream.port))
    yield process
    assert process.stop() == 0


def rewrite(gateway, old, new, is_silent=False):
    """Changes the file; silently: so that its size, times and inode tell nothing."""
    before = os.stat(gateway.file)
    text = gateway.file.read_text()
    assert old in text
    gateway.file.write_text(text.replace(old, new))
    if is_silent:
        assert len(old) == len(new)
        os.utime(gateway.file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_saved_file_is_in_force_within_seconds(gateway):
    _, key = gateway.customer()
    assert gateway.ask(key, "rescuee").status == 404
    rewrite(gateway, "name: rescued,", "name: rescuee,")
    wait_until("the new model answers", lambda: gateway.ask(key, "rescuee").status == 200, seconds=10)
    assert gateway.ask(key, "rescued").status == 404


def test_a_file_replaced_by_another_is_seen_too(gateway):
    _, key = gateway.customer()
    fresh = gateway.file.with_suffix(".new")
    fresh.write_text(gateway.file.read_text().replace("name: rescued,", "name: rescuee,"))
    fresh.rename(gateway.file)
    wait_until("the new model answers", lambda: gateway.ask(key, "rescuee").status == 200, seconds=10)


def test_sighup_reloads(gateway):
    _, key = gateway.customer()
    rewrite(gateway, "name: rescued,", "name: rescuee,", is_silent=True)
    gateway.process.send_signal(signal.SIGHUP)
    wait_until("the new model answers", lambda: gateway.ask(key, "rescuee").status == 200, seconds=10)


def test_the_admin_call_reloads_at_once(gateway):
    _, key = gateway.customer()
    rewrite(gateway, "name: rescued,", "name: rescuee,", is_silent=True)
    status, answer = gateway.admin("POST", "/admin/config/reload")
    assert status == 200 and answer["reloaded"] is True
    assert gateway.ask(key, "rescuee").status == 200
    _, shown = gateway.admin("GET", "/admin/config")
    assert "rescuee" in [model["name"] for model in shown["models"]]


BAD = [
    ("an unknown key", "billing:", "bilking:", "bilking"),
    ("a duplicate name", "name: hasty,", "name: own,", "own"),
    ("a null", "model: good}", "model: null}", "model"),
    ("a variable nobody set", "sk-upstream-secret-1", '"${NOBODY_SET_THIS}"', "NOBODY_SET_THIS"),
    ("a target nobody defined", "[{provider: own, model: good}]", "[{provider: gone, model: good}]", "gone"),
    ("no YAML", "models:", "models: [", ""),
]


@pytest.mark.parametrize("name,old,new,word", BAD, ids=[case[0] for case in BAD])
def test_a_bad_file_is_refused_with_its_line_and_the_running_one_stays(gateway, name, old, new, word):
    _, key = gateway.customer()
    text = gateway.file.read_text()
    rewrite(gateway, old, new)
    status, answer = gateway.admin("POST", "/admin/config/reload")
    assert (status, answer["error"]["code"]) == (422, "invalid_configuration")
    reasons = answer["error"]["reasons"]
    at = text[: text.index(old)].count("\n") + 1
    assert any(word in reason for reason in reasons), reasons
    assert name == "no YAML" or any(f"gateway.yaml:{at}" in reason for reason in reasons), reasons
    assert gateway.ask(key, "good").status == 200
    wait_until("the log says so", lambda: "refused" in gateway.log.read_text(), seconds=10)
    gateway.file.write_text(text.replace("name: rescued,", "name: rescuee,"))
    wait_until("a good file is taken again", lambda: gateway.ask(key, "rescuee").status == 200, seconds=10)


def test_a_running_stream_ends_as_it_began(gateway, upstream):
    _, key = gateway.customer()
    release = threading.Event()

    def slow(connection, _):
        connection.sendall(STREAM_HEAD + chunk(event("first")))
        release.wait(30)
        connection.sendall(chunk(event("second", "stop")) + chunk(DONE) + chunk(b""))

    upstream.on("reloaded", slow)
    response = open_stream(gateway, key, "own/reloaded")
    assert b"first" in response.readline()
    rewrite(gateway, '"own/*"', '"one/*"')
    assert gateway.admin("POST", "/admin/config/reload")[0] == 200
    assert gateway.ask(key, "own/x").status == 404
    release.set()
    assert response.read().endswith(DONE)


def test_limits_of_a_reloaded_plan_are_in_force_at_once(gateway):
    _, key = gateway.customer(plan="free")
    assert gateway.ask(key, "good").headers["x-ratelimit-limit-requests"] == "20"
    with gateway.file.open("a") as file:
        file.write("limits: {plans: {free: {requests_per_minute: 7}}}\n")
    assert gateway.admin("POST", "/admin/config/reload")[0] == 200
    assert gateway.ask(key, "good").headers["x-ratelimit-limit-requests"] == "7"
