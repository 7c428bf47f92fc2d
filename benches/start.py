#!/usr/bin/env python3
"""Time until `portcullis serve` is ready, with an empty and with an existing data folder, and its resident memory.

    just bench-start

The limits: at most 1.5 s, and at most 250 MB resident with f32 weights.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.error import HTTPError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
# Seconds; the allocator returns unused pages after ten.
SETTLED = 15


def resident(pid):
    """Resident megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1000


def start(binary, data, precision):
    """Seconds until the server is ready, and resident megabytes after the allocator has returned unused pages."""
    command = [binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", data, "--precision", precision, "--log", "error"]
    environment = os.environ | {"PORTCULLIS_ADMIN_PASSWORD": "correct horse battery"}
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if line.startswith("listening on "):
                break
        address = line.split()[-1]
        while True:
            try:
                urlopen(f"{address}/readyz").close()
                break
            except HTTPError:
                time.sleep(0.005)
        ready = time.perf_counter() - begun
        time.sleep(SETTLED)
        return ready, resident(process.pid)
    finally:
        process.terminate()
        process.wait()


def main():
    [binary] = sys.argv[1:]
    print(f"load before: {os.getloadavg()[0]:.1f}\n")
    print("| precision | first start, s | again, s | resident, MB |")
    print("| --- | ---: | ---: | ---: |")
    for precision in ("f32", "int8"):
        first, again, memory = [], [], []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as data:
                for seconds in (first, again):
                    ready, megabytes = start(binary, data, precision)
                    seconds.append(ready)
                    memory.append(megabytes)
        print(f"| {precision} | {median(first):.2f} | {median(again):.2f} | {max(memory):.0f} |", flush=True)


if __name__ == "__main__":
    main()
