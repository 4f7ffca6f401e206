"""Two gateways with one Redis: equal requests are joined across them, and nothing else hangs on it."""
import concurrent.futures
import signal
import time
import urllib.request

import pytest
from gateway import Gateway, Simulator, free_port, wait_until
from redis_server import Redis

PASSWORD = "canary-7f3a"
LATENCY = 1.5  # seconds the vendor thinks: long enough for eight requests to arrive on a busy machine
WAIT = 4  # seconds of `dedup_wait`
SOON = 2 * LATENCY + 3  # two calls one behind the other, on a busy machine


def configuration(port, redis_url):
    return f"""shared_state: {{url: "{redis_url}"}}
providers:
  - {{name: sim, kind: openai-compatible, base_url: "http://127.0.0.1:{port}/v1", allow_private: true, keys: [{{id: main, value: sk-upstream}}]}}
models:
  - {{name: chat, targets: [{{provider: sim, model: gpt-4o-mini}}], pipeline: {{dedup: deterministic, dedup_wait: {WAIT}s}}}}
"""


@pytest.fixture(scope="module")
def slow(binary, tmp_path_factory):
    """A vendor that thinks for a while."""
    process = Simulator(binary, tmp_path_factory.mktemp("slow"), "--latency", f"{int(LATENCY * 1000)}ms")
    yield process
    process.stop()


@pytest.fixture()
def redis(tmp_path):
    server = Redis(tmp_path, PASSWORD)
    yield server
    server.kill()


class Pair:
    """Two instances with one store and one Redis."""

    def __init__(self, binary, folder, vendor, redis_url):
        self.vendor, self.gateways = vendor, []
        for name in ("one", "two"):
            (folder / name).mkdir()
            self.gateways.append(
                Gateway(binary, folder / name, configuration(vendor.port, redis_url), store=folder / "gateway.db"))
        self.user, self.key = self.gateways[0].customer()

    def wait_until_shared(self, is_shared=True):
        for gateway in self.gateways:
            wait_until(f"shared: {is_shared}", lambda: up(gateway) == is_shared)

    def ask(self, number, text):
        """One call of the instance of that number, and the seconds it took."""
        start = time.monotonic()
        answer = self.gateways[number % 2].ask(self.key, temperature=0, messages=[{"role": "user", "content": text}])
        return answer, time.monotonic() - start

    def ask_all(self, text, count=8):
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda number: self.ask(number, text), range(count)))

    def calls(self, text):
        """How often the vendor was asked this."""
        return sum(text in request["body"] for request in self.vendor.requests()["requests"])


@pytest.fixture()
def pair(binary, slow, redis, tmp_path):
    made = Pair(binary, tmp_path, slow, redis.url)
    made.wait_until_shared()
    yield made
    for gateway in made.gateways:
        assert PASSWORD not in gateway.log.read_text()
        assert gateway.stop() in (0, -signal.SIGKILL)


def up(gateway):
    with urllib.request.urlopen(gateway.control + "/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    return {"tokenrouter_shared_state_up 1": True, "tokenrouter_shared_state_up 0": False}[
        next(line for line in lines if line.startswith("tokenrouter_shared_state_up "))
    ]


def warnings(gateway):
    return gateway.log.read_text().count("Redis is gone")


def test_equal_requests_at_two_instances_are_one_call(pair, redis):
    answers = [answer for answer, _ in pair.ask_all("joined everywhere")]
    assert [answer.status for answer in answers] == [200] * 8
    assert len({answer.body for answer in answers}) == 1
    assert pair.calls("joined everywhere") == 1
    roles = sorted(answer.headers["x-tokenrouter-dedup"] for answer in answers)
    assert roles == ["follower"] * 7 + ["leader"]
    for gateway in pair.gateways:
        gateway.rows(pair.user)  # posts what waits in each one's journal
    rows = pair.gateways[0].rows(pair.user)
    assert len(rows) == 8 and all(float(row["cost_usd"]) > 0 for row in rows)
    assert wait_until("the marks are gone", lambda: redis.command("KEYS", "dedup:inflight:*") == "") is True


def test_what_is_over_is_not_joined(pair):
    for number in range(3):
        answer, _ = pair.ask(number, "one after another")
        assert answer.status == 200
    assert pair.calls("one after another") == 3


def test_a_redis_that_dies_costs_nothing_but_the_joining(pair, redis):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(pair.ask, number, "while it dies") for number in range(8)]
        wait_until("the call is under way", lambda: pair.calls("while it dies") == 1)
        redis.kill()
        answers = [each.result() for each in asked]
    assert [answer.status for answer, _ in answers] == [200] * 8
    assert max(seconds for _, seconds in answers) < SOON
    assert pair.calls("while it dies") == 2
    pair.wait_until_shared(False)
    answers = pair.ask_all("while it is gone")
    assert [answer.status for answer, _ in answers] == [200] * 8
    assert max(seconds for _, seconds in answers) < SOON
    assert pair.calls("while it is gone") == 2
    assert [warnings(gateway) for gateway in pair.gateways] == [1, 1]
    redis.start()
    pair.wait_until_shared()
    pair.ask_all("when it is back")
    assert pair.calls("when it is back") == 1


def test_a_redis_that_hangs_holds_nobody_up_for_long(pair, redis):
    redis.pause()
    answers = pair.ask_all("while it hangs")
    assert [answer.status for answer, _ in answers] == [200] * 8
    assert max(seconds for _, seconds in answers) < SOON
    redis.resume()
    pair.wait_until_shared()
    # What was claimed unheard is released by then or soon, not after two minutes.
    wait_until("no mark is left", lambda: redis.command("KEYS", "dedup:inflight:*") == "", 20)
    assert pair.ask_all("while it hangs")[0][0].status == 200


def test_followers_of_an_instance_that_was_killed_go_alone(pair):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        lost = pool.submit(pair.ask, 0, "its leader dies")
        wait_until("the call is under way", lambda: pair.calls("its leader dies") == 1)
        killer = pool_later(pair.gateways[0])
        answer, seconds = pair.ask(1, "its leader dies")
        killer.result()
        assert lost.exception() is not None
    assert answer.status == 200 and seconds < WAIT + SOON
    assert pair.calls("its leader dies") == 2


def pool_later(gateway):
    """Kills the instance a quarter of a second from now."""
    pool = concurrent.futures.ThreadPoolExecutor(1)

    def kill():
        time.sleep(0.25)
        gateway.stop(signal.SIGKILL)

    return pool.submit(kill)


def test_a_gateway_starts_and_serves_without_its_redis(binary, slow, tmp_path):
    pair = Pair(binary, tmp_path, slow, f"redis://127.0.0.1:{free_port()}/0")
    try:
        answers = pair.ask_all("never there", 4)
        assert [answer.status for answer, _ in answers] == [200] * 4
        assert pair.calls("never there") == 2
        assert [warnings(gateway) for gateway in pair.gateways] == [1, 1]
    finally:
        codes = [gateway.stop() for gateway in pair.gateways]
    assert codes == [0, 0]
