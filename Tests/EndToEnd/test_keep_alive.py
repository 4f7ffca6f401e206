"""Silence of a vendor does not kill a stream, in any form: something comes every ten seconds that no client minds."""
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from forms.clients import Stream, heard
from forms.script import Text
from forms.vendors import VENDORS, events
from upstream import STREAM_HEAD, chunk

# Each client and each vendor once in translation, and Gemini's own.
PAIRS = [("chat", "anthropic"), ("responses", "gemini"), ("anthropic", "chat"), ("gemini", "responses"), ("gemini", "gemini")]


def test_silence_before_the_answer_and_within_it_is_broken(translating, vendors):
    _, key = translating.customer()
    release = threading.Event()

    def silent(is_before):
        def handler(connection, received):
            said = events(received, (Text(("first", "second")),))
            upto = 0 if is_before else next(place for place, each in enumerate(said) if b"first" in each) + 1
            if upto:
                connection.sendall(STREAM_HEAD + b"".join(chunk(each) for each in said[:upto]))
            assert release.wait(40)
            connection.sendall((b"" if upto else STREAM_HEAD) + b"".join(chunk(each) for each in said[upto:]) + chunk(b""))

        return handler

    def listens(client, vendor, case):
        began = time.monotonic()
        stream = Stream(translating, client, key, f"{vendor}-{case}")
        while True:
            line = stream.response.readline()
            assert line, "the stream ended"
            stream.data += line
            if time.monotonic() - began > 9:
                return stream, line, time.monotonic() - began

    for vendor in VENDORS.values():
        vendors.on(f"{vendor.model}-one", silent(is_before=True))
        vendors.on(f"{vendor.model}-two", silent(is_before=False))
    cases = [(client, vendor, case) for client, vendor in PAIRS for case in ("one", "two")]
    with ThreadPoolExecutor(len(cases)) as pool:
        heard_first = list(pool.map(lambda case: listens(*case), cases))
        release.set()
    for (client, vendor, case), (stream, line, seconds) in zip(cases, heard_first):
        assert 9 < seconds < 16, (client, vendor, case)
        # google-genai takes every line that is neither blank nor data for JSON, comments too.
        assert line == b"\n" if client == "gemini" else line == b": keep-alive\n", (client, vendor, case, line)
        data, is_whole = stream.rest()
        said = heard(client, data)
        assert is_whole and said.is_ended and said.error is None
        assert said.text.endswith("second"), (client, vendor, case)
