"""A small HTTP/2 client over `h2`: requests out, whole answers or single events in."""
import json
import socket
import ssl

import h2.config
import h2.connection
import h2.events


class Http2:
    def __init__(self, port, tls=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.connection.initiate_connection()
        self.flush()
        self.status, self.headers, self.data, self.ended, self.reset = {}, {}, {}, set(), {}

    def flush(self):
        self.socket.sendall(self.connection.data_to_send())

    def ask(self, key, model="good", method="POST", path="/v1/chat/completions", body=None, **fields):
        """Sends a request; answers its stream's number."""
        stream = self.connection.get_next_available_stream_id()
        headers = [(":method", method), (":scheme", "http"), (":authority", "localhost"), (":path", path)]
        if key:
            headers.append(("authorization", f"Bearer {key}"))
        if method == "GET":
            self.connection.send_headers(stream, headers, end_stream=True)
        else:
            body = body or json.dumps({"model": model, "messages": [{"role": "user", "content": "Hi"}], **fields}).encode()
            self.connection.send_headers(stream, headers + [("content-type", "application/json")])
            while body:
                room = min(self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size)
                if room == 0:
                    self.flush()
                    if stream in self.ended or not self.receive():
                        return stream
                    continue
                piece, body = body[:room], body[room:]
                self.connection.send_data(stream, piece, end_stream=not body)
        self.flush()
        return stream

    def receive(self):
        """Takes in one read's events; false: the connection is closed."""
        bytes_ = self.socket.recv(65536)
        if not bytes_:
            return False
        for each in self.connection.receive_data(bytes_):
            if isinstance(each, h2.events.ResponseReceived):
                self.headers[each.stream_id] = dict(each.headers)
                self.status[each.stream_id] = int(self.headers[each.stream_id][":status"])
            elif isinstance(each, h2.events.DataReceived):
                self.data[each.stream_id] = self.data.get(each.stream_id, b"") + each.data
                self.connection.acknowledge_received_data(each.flow_controlled_length, each.stream_id)
            elif isinstance(each, h2.events.StreamEnded):
                self.ended.add(each.stream_id)
            elif isinstance(each, h2.events.StreamReset):
                self.reset[each.stream_id] = each.error_code
                self.ended.add(each.stream_id)
            elif isinstance(each, h2.events.ConnectionTerminated):
                return False
        self.flush()
        return True

    def answer(self, stream):
        """Waits for a stream's end: status, headers, body."""
        while stream not in self.ended:
            assert self.receive(), "the connection closed early"
        return self.status[stream], self.headers[stream], self.data.get(stream, b"")

    def first_data(self, stream):
        while not self.data.get(stream):
            assert self.receive(), "the connection closed early"
        return self.data[stream]

    def cancel(self, stream):
        self.connection.reset_stream(stream, error_code=8)
        self.flush()

    def close(self):
        self.socket.close()


def trusting(certificate, alpn):
    context = ssl.create_default_context(cafile=certificate)
    context.set_alpn_protocols(alpn)
    return context
