import pytest
from gateway import Gateway

from pairs.seen import Watch
from pairs.vendors import VENDORS, configuration


@pytest.fixture(scope="session")
def pair(binary, simulator, tmp_path_factory):
    """A gateway with a provider of each vendor's kind, all of them the simulator."""
    process = Gateway(binary, tmp_path_factory.mktemp("pairs"), configuration(simulator.port))
    yield process
    code = process.stop()
    assert code == 0, process.log.read_text()[-4000:]


@pytest.fixture(scope="module")
def customer(pair):
    """A user's id and key."""
    return pair.customer()


@pytest.fixture(params=list(VENDORS))
def vendor(request):
    return VENDORS[request.param]


@pytest.fixture()
def watch(simulator):
    return Watch(simulator)


@pytest.fixture()
def check_row(pair, customer):
    """Says whether the newest exchange was recorded with just these counts."""

    def check(id, prompt, completion):
        row = pair.rows(customer[0])[0]
        counts = (row["prompt_tokens"], row["completion_tokens"])
        assert (row["id"], row["status"], row["estimated"], *counts) == (id, "success", False, prompt, completion)

    return check
