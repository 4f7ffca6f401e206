"""The command line: what it prints, what it refuses, and in which words."""
import json
import os
import subprocess
import time

import pytest
from gateway import ADMIN_KEY, free_port


@pytest.fixture()
def run(binary, tmp_path):
    """Runs a command in an empty folder: its exit status and everything it printed."""

    def make(*arguments, **environment):
        clean = {k: v for k, v in os.environ.items() if not k.endswith("_API_KEY") and k != "TOKENROUTER_ADMIN_KEY"}
        done = subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=60, cwd=tmp_path, env={**clean, **environment})
        return done.returncode, done.stdout + done.stderr

    return make


@pytest.fixture()
def admin(run, own):
    return lambda *arguments: run(*arguments, "--control", own.control, "--admin-key", ADMIN_KEY)


COMMANDS = [
    [], ["serve"], ["simulate"], ["config"], ["config", "check"], ["users"], ["users", "create"], ["users", "list"], ["users", "credit"],
    ["keys"], ["keys", "create"], ["keys", "revoke"], ["prices"], ["prices", "set"], ["usage"], ["usage", "requests"], ["migrate"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(command) or "-" for command in COMMANDS])
def test_every_command_has_help_that_teaches(run, command):
    code, text = run(*command, "--help")
    assert code == 0 and "OVERVIEW: " in text and "USAGE: tokenrouter" in text


def test_a_slip_of_the_pen_is_told_and_is_no_success(run):
    for arguments in (["sreve"], ["serve", "--confg", "x"], ["users", "create"], ["config", "check"]):
        code, text = run(*arguments)
        assert code != 0 and "rror" in text, (arguments, text)


def test_users_keys_prices_and_usage_go_round(admin, own):
    code, text = admin("users", "create", "terminal@example.com", "--plan", "pro", "--credit-usd", "2.50", "--json")
    assert code == 0, text
    user = json.loads(text)["id"]
    code, text = admin("keys", "create", user, "--name", "laptop", "--models", "own/*", "--requests-per-minute", "9", "--json")
    assert code == 0, text
    made = json.loads(text)
    assert own.ask(made["key"], "own/terminal").headers["x-ratelimit-limit-requests"] == "9"
    assert own.ask(made["key"], "good").status == 403

    code, text = admin("users")
    assert code == 0 and "terminal@example.com" in text and text.splitlines()[0].split()[:2] == ["id", "email"]
    code, text = admin("users", "update", user, "--name", "Terry")
    assert code == 0 and "Terry" in text
    code, text = admin("users", "credit", user, "1.5", "--idempotency-key", user)
    assert code == 0 and "4" in text
    code, text = admin("users", "balance", user)
    assert code == 0 and "balance_usd" in text and "4" in text

    code, text = admin("prices", "set", "terminal", "--prompt", "10", "--completion", "20")
    assert code == 0, text
    code, text = admin("prices", "show", "terminal")
    assert code == 0 and "10" in text and "20" in text
    assert own.ask(made["key"], "own/terminal").status == 200
    code, text = admin("usage", "requests", "--user", user, "--json")
    assert code == 0 and [row["cost_usd"] for row in json.loads(text)["data"]] == ["0.000112", "0"]  # pro pays 0.8
    code, text = admin("usage", "--group-by", "model")
    assert code == 0 and "own/terminal" in text

    code, text = admin("keys", "--user", user)
    assert code == 0 and "laptop" in text and made["key"] not in text
    code, text = admin("keys", "rotate", made["id"], "--json")
    assert code == 0, text
    assert own.ask(made["key"], "own/terminal").status == 401
    assert own.ask(json.loads(text)["key"], "own/terminal").status == 200
    assert admin("keys", "revoke", made["id"])[0] == 0
    assert own.ask(json.loads(text)["key"], "own/terminal").status == 401
    assert admin("users", "delete", user)[0] == 0


def test_what_the_admin_api_refuses_is_said_and_is_no_success(admin, run, own):
    code, text = admin("users", "create", "twice@example.com")
    assert code == 0, text
    code, text = admin("users", "create", "twice@example.com")
    assert code != 0 and "409" in text and "email" in text
    code, text = admin("keys", "revoke", "nonsense")
    assert code != 0 and "nonsense" in text
    code, text = run("users", "--control", own.control)
    assert code != 0 and "TOKENROUTER_ADMIN_KEY" in text
    code, text = run("users", "--control", own.control, "--admin-key", "wrong")
    assert code != 0 and "401" in text
    began = time.monotonic()
    code, text = run("users", "--control", f"http://127.0.0.1:{free_port()}", "--admin-key", "x")
    assert code != 0 and "Is it running?" in text
    assert time.monotonic() - began < 10
    code, text = run("users", TOKENROUTER_ADMIN_KEY=ADMIN_KEY, TOKENROUTER_CONTROL=own.control)
    assert code == 0 and "twice@example.com" in text


GOOD_FILE = """providers:
  - {name: a, kind: openai, keys: [{value: sk-one}]}
models:
  - {name: chat, targets: [{provider: a, model: gpt-4o-mini}]}
"""

BAD_FILES = [
    ("an unknown key", GOOD_FILE + "servers: {}\n", 5, "server"),
    ("an unknown key inside", GOOD_FILE.replace("kind: openai,", "kind: openai, basename: x,"), 2, "basename"),
    ("a duplicate name", GOOD_FILE + "  - {name: chat, targets: [{provider: a, model: x}]}\n", 5, "chat"),
    ("a duplicate key", GOOD_FILE + "models: []\n", 3, "models"),
    ("a null", GOOD_FILE.replace("name: chat", "name: null"), 4, "name"),
    ("a variable nobody set", GOOD_FILE.replace("sk-one", '"${NOBODY_SET_THIS}"'), 2, "NOBODY_SET_THIS"),
    ("an empty secret", GOOD_FILE.replace("sk-one", '"${NOBODY_SET_THIS:-}"'), 2, "value"),
    ("a provider nobody defined", GOOD_FILE.replace("provider: a", "provider: b"), 4, "b"),
    ("a wrong type", GOOD_FILE + "server: {max_request_bytes: many}\n", 5, "max_request_bytes"),
    ("a wrong duration", GOOD_FILE + "server: {idle_timeout: 5 parsecs}\n", 5, "idle_timeout"),
    ("a private address", GOOD_FILE.replace("kind: openai,", 'kind: openai, base_url: "http://10.0.0.1/v1",'), 2, "allow_private"),
    ("client certificates", GOOD_FILE + "server: {tls: {certificate: a, key: b, client_ca: c}}\n", 5, "client_ca"),
    ("no YAML", GOOD_FILE + "x: [\n", 6, "YAML"),
]


def test_config_check_passes_a_good_file(run, tmp_path):
    (tmp_path / "good.yaml").write_text(GOOD_FILE)
    code, text = run("config", "check", "good.yaml")
    assert code == 0 and "good.yaml: good, 1 provider(s), 1 model(s)" in text


@pytest.mark.parametrize("name,text,line,word", BAD_FILES, ids=[case[0] for case in BAD_FILES])
def test_config_check_names_file_line_and_key(run, tmp_path, name, text, line, word):
    (tmp_path / "bad.yaml").write_text(text)
    for command in (["config", "check", "bad.yaml"], ["serve", "--config", "bad.yaml"]):
        code, said = run(*command)
        assert code == 1, said
        assert f"bad.yaml:{line}" in said and word in said, said


def test_config_check_tells_every_mistake_at_once_and_warns_of_what_is_not_built(run, tmp_path):
    (tmp_path / "bad.yaml").write_text(GOOD_FILE + "zz: 1\nyy: 2\n")
    code, text = run("config", "check", "bad.yaml")
    assert code == 1 and "bad.yaml:5" in text and "bad.yaml:6" in text
    (tmp_path / "early.yaml").write_text(GOOD_FILE + "messaging: {url: nats://127.0.0.1:4222}\n")
    code, text = run("config", "check", "early.yaml")
    assert code == 0 and "warning: " in text and "early.yaml:5" in text and "NATS is not built" in text
    code, text = run("config", "check", "nowhere.yaml")
    assert code == 1 and "nowhere.yaml" in text


def test_migrate_goes_forward_and_back(run, tmp_path):
    (tmp_path / "file.yaml").write_text(GOOD_FILE + "storage: {url: 'sqlite:new/folder/test.db'}\n")
    code, text = run("migrate", "--config", "file.yaml")
    assert code == 0 and "is at version" in text, text
    newest = int(text.split("version")[1])
    assert newest >= 1
    code, text = run("migrate", "--config", "file.yaml", "--rollback", "1")
    assert code == 0 and int(text.split("version")[1]) == newest - 1
    code, text = run("migrate", "--config", "file.yaml")
    assert code == 0 and int(text.split("version")[1]) == newest
    code, text = run("migrate", "--config", "file.yaml", "--rollback", "0")
    assert code != 0
