"""The vendors each client is tried against, and the models of the gateway that lead to them."""
from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True)
class Vendor:
    name: str
    kind: str
    model: str
    version: str  # the base URL's last segment

    def at(self, flavour=""):
        """The name a client asks the gateway for."""
        return f"{self.name}-{flavour}" if flavour else self.name


VENDORS = {
    vendor.name: vendor
    for vendor in (
        Vendor("chat", "openai", "gpt-4.1-mini", "v1"),
        Vendor("responses", "openai", "gpt-6.1-terra", "v1"),
        Vendor("anthropic", "anthropic", "claude-opus-5-5", "v1"),
        Vendor("gemini", "gemini", "gemini-3.8-flash", "v1beta"),
    )
}

# What is put behind the target's model: the simulator acts on it.
FLAVOURS = {
    "": "",
    "thinking": "!reasoning=20",
    "long": "!tokens=200",
    "400": "!error=400",
    "401": "!error=401",
    "429": "!error=429",
    "500": "!error=500",
    "cut": "!tokens=200!cut=6",
    "broken": "!tokens=200!stream-error=6",
}

EMBEDDINGS = {"openai": ("chat", "text-embedding-3-small"), "google": ("gemini", "gemini-embedding-001")}

NEVER_OPEN = "{minimum_requests: 1000000000}"


def configuration(simulator_port):
    providers = [
        f'  - {{name: {vendor.name}, kind: {vendor.kind}, base_url: "http://127.0.0.1:{simulator_port}/{vendor.version}",'
        f" allow_private: true, breaker: {NEVER_OPEN}, keys: [{{id: main, value: sk-vendor-secret-{vendor.name}}}]}}"
        for vendor in VENDORS.values()
    ]
    models = [
        f'  - {{name: {vendor.at(flavour)}, targets: [{{provider: {vendor.name}, model: "{vendor.model}{words}"}}]}}'
        for vendor in VENDORS.values()
        for flavour, words in FLAVOURS.items()
    ]
    models += [
        f"  - {{name: embed-{name}, targets: [{{provider: {provider}, model: {model}}}]}}"
        for name, (provider, model) in EMBEDDINGS.items()
    ]
    return "\n".join(["billing: {unpriced_models: free}", "providers:", *providers, "models:", *models]) + "\n"


# What is asked. The simulator repeats the question, calls the tools a question names, with its capitalised words.

HELLO = 'Hello, 世界! "quoted", back\\slash,\ttab and 😀'
WEATHER = "Use get_weather for Paris"
BOTH = "Use get_weather and get_time for Paris"
TIME = "Use get_time for Oslo"
CITY_SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = {"get_weather": "The weather of a city", "get_time": "The time in a city"}
RESULTS = {"get_weather": "sunny, 21 °C", "get_time": "noon"}

# One red pixel.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)


class Weather(BaseModel):
    city: str
    degrees: int


WEATHER_QUESTION = "Tell me how it is in Paris: 21 degrees?"
