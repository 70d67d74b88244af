"""The tree workload on llama.cpp's server, which it starts and stops; plain Python is enough."""

import concurrent.futures
import http.client
import json
import math
import socket
import subprocess
import sys
import time

import workload

START_SECONDS = 300


def main():
    parser = workload.arguments(__doc__)
    parser.add_argument("--server", required=True, help="the program llama-server")
    options = parser.parse_args()
    with open(options.workload, encoding="utf-8") as file:
        stages = json.load(file)["stages"]
    slots = options.questions * math.prod(stage["samples"] for stage in stages)
    context = 256 + sum(stage["new_tokens"] + stage["head_tokens"] + stage["tail_tokens"] for stage in stages)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            options.server, "--model", options.model, "--host", "127.0.0.1", "--port", str(port),
            "--threads", str(options.threads), "--threads-batch", str(options.threads),
            "--threads-http", str(slots + 4),
            "--parallel", str(slots), "--kv-unified", "--ctx-size", str(slots * context),
            "--log-disable",
        ],
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
    )  # fmt: skip
    try:
        wait(server, port)

        def sample(prompts, samples, new_tokens, temperature):
            with concurrent.futures.ThreadPoolExecutor(len(prompts)) as pool:
                return list(
                    pool.map(lambda p: complete(port, p, samples, new_tokens, temperature), prompts)
                )

        workload.run(options, sample)
    finally:
        server.terminate()
        server.wait()


def wait(server, port):
    """Until the model is loaded."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"llama-server ended with exit code {server.returncode} while loading")
        try:
            if request(port, "GET", "/health", None)[0] == 200:
                return
        except OSError:
            pass  # not listening yet
        time.sleep(0.2)
    raise SystemExit(f"llama-server was not ready after {START_SECONDS} s")


def complete(port, prompt, samples, new_tokens, temperature):
    """The ids of a prompt's completions; the server computes the prompt once for all of them."""
    status, body = request(
        port,
        "POST",
        "/completion",
        {
            "prompt": prompt,
            "n_cmpl": samples,
            "n_predict": new_tokens,
            "samplers": ["temperature"],
            "temperature": temperature,
            "ignore_eos": True,
            "cache_prompt": True,
            "return_tokens": True,
        },
    )
    if status != 200:
        raise SystemExit(f"llama-server answered {status}: {body}")
    answers = body if isinstance(body, list) else [body]
    return [answer["tokens"] for answer in answers]


def request(port, method, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
    try:
        connection.request(
            method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        return response.status, json.loads(response.read() or "null")
    finally:
        connection.close()


if __name__ == "__main__":
    main()
