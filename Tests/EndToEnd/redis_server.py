"""A Redis server of a test's own, to be killed and stopped at will."""
import signal
import subprocess

from gateway import free_port, wait_until


class Redis:
    def __init__(self, folder, password=None):
        self.folder, self.password, self.port = folder, password, free_port()
        self.process = None
        self.start()

    def start(self):
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        if self.password:
            arguments += ["--requirepass", self.password]
        log = (self.folder / "redis.log").open("a")
        self.process = subprocess.Popen(["redis-server", *arguments], stdout=log, stderr=log)
        wait_until("Redis answers", lambda: self.command("PING") == "PONG", 20)

    def command(self, *arguments):
        """The answer as text."""
        login = ["--no-auth-warning", "-a", self.password] if self.password else []
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), *login, *arguments], capture_output=True, text=True, timeout=20)
        return done.stdout.strip()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def url(self):
        login = f":{self.password}@" if self.password else ""
        return f"redis://{login}127.0.0.1:{self.port}/0"
