import pytest
from forms import vendors as forms_vendors
from gateway import Gateway, Simulator
from upstream import Upstream


def pytest_addoption(parser):
    parser.addoption("--binary", required=True, help="the tokenrouter binary under test")


@pytest.fixture(scope="session")
def binary(request):
    import pathlib

    path = pathlib.Path(request.config.getoption("--binary")).resolve()
    assert path.exists(), f"{path} is not built"
    return str(path)


@pytest.fixture(scope="session")
def simulator(binary, tmp_path_factory):
    process = Simulator(binary, tmp_path_factory.mktemp("simulator"))
    yield process
    process.stop()


def configuration(simulator_port):
    return f"""providers:
  - {{name: sim, kind: openai-compatible, base_url: "http://127.0.0.1:{simulator_port}/v1", allow_private: true, keys: [{{id: main, value: sk-upstream-secret}}]}}
  - {{name: openai, kind: openai, base_url: "http://127.0.0.1:{simulator_port}/v1", allow_private: true, keys: [{{id: main, value: sk-openai}}]}}
  - {{name: refused, kind: openai-compatible, base_url: "http://127.0.0.1:1/v1", allow_private: true, keys: [{{id: main, value: sk-other}}]}}
models:
  - {{name: keyed, targets: [{{provider: openai, model: gpt-4o-mini}}]}}
  - {{name: chat, targets: [{{provider: sim, model: gpt-4o-mini}}]}}
  - {{name: failing, targets: [{{provider: refused, model: gpt-4o-mini}}]}}
  - {{name: rescued, targets: [{{provider: refused, model: gpt-4o-mini}}], fallbacks: [chat]}}
  - {{name: degraded, targets: [{{provider: refused, model: gpt-4o-mini}}], degrade: {{body: {{"choices": [], "note": "degraded"}}}}}}
  - {{name: unpriced, targets: [{{provider: sim, model: nobody-priced-this}}]}}
  - {{name: "sim/*", targets: [{{provider: sim, model: "*"}}]}}
"""


@pytest.fixture(scope="session")
def gateway(binary, simulator, tmp_path_factory):
    process = Gateway(binary, tmp_path_factory.mktemp("gateway"), configuration(simulator.port))
    yield process
    code = process.stop()
    assert code == 0, process.log.read_text()[-4000:]


OWN = """providers:
  - {{name: own, kind: openai-compatible, base_url: "http://127.0.0.1:{port}/v1", allow_private: true, keys: [{{id: main, value: sk-upstream-secret-1}}], breaker: {breaker}, headers: {{x-team: blue, x-secret-tag: sk-header-secret}}}}
  - {{name: hasty, kind: openai-compatible, base_url: "http://127.0.0.1:{port}/v1", allow_private: true, keys: [{{id: main, value: sk-upstream-secret-2}}], timeouts: {{first_byte: 300ms}}, breaker: {breaker}}}
billing: {{unpriced_models: free}}
models:
  - {{name: "own/*", targets: [{{provider: own, model: "*"}}]}}
  - {{name: "hasty/*", targets: [{{provider: hasty, model: "*"}}]}}
  - {{name: "own/literal", targets: [{{provider: own, model: exact}}]}}
  - {{name: good, targets: [{{provider: own, model: good}}]}}
  - {{name: rescued, targets: [{{provider: own, model: fails-first}}], fallbacks: [good]}}
"""

NEVER_OPEN = "{minimum_requests: 1000000000}"


def own_configuration(port):
    return OWN.format(port=port, breaker=NEVER_OPEN)


@pytest.fixture(scope="session")
def upstream():
    vendor = Upstream()
    yield vendor
    vendor.close()


@pytest.fixture(scope="session")
def own(binary, upstream, tmp_path_factory):
    """A gateway whose upstream is the test's own; a body may have 64 KiB, and silence may last a second."""
    server = ", max_request_bytes: 65536, max_response_bytes: 1048576, idle_timeout: 1s"
    process = Gateway(binary, tmp_path_factory.mktemp("own"), own_configuration(upstream.port), server=server)
    yield process
    code = process.stop()
    assert code == 0, process.log.read_text()[-4000:]


@pytest.fixture(scope="session")
def vendors():
    """Vendors of every form at one port: they say what a test decides, in the form they are asked in."""
    vendor = Upstream(default=lambda received: forms_vendors.says())
    yield vendor
    vendor.close()


@pytest.fixture(scope="session")
def translating(binary, vendors, tmp_path_factory):
    """A gateway to those vendors; a body may have 64 KiB."""
    configuration = forms_vendors.configuration(vendors.port)
    process = Gateway(binary, tmp_path_factory.mktemp("translating"), configuration, server=", max_request_bytes: 65536")
    yield process
    code = process.stop()
    assert code == 0, process.log.read_text()[-4000:]
