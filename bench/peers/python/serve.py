"""Peers that need Python: python3 serve.py TASKS THREADS, with TASKS the name of a module beside this file.

Reads one JSON message a line and answers each with one. "prepare" runs a task once and hands back its results;
"round" times it: untimed calls for `warmup` milliseconds, then timed ones for `time` milliseconds.
Arrays travel as raw little-endian files.
"""

import ctypes
import importlib
import json
import os
import sys
import time


ROUNDS = 5


def openblas_core():
    """The instructions that the loaded OpenBLAS chose, or None."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if "openblas" in line and ".so" in line}
    except OSError:
        return None
    for path in paths:
        library = ctypes.CDLL(path)
        for name in ("openblas_get_corename", "scipy_openblas_get_corename64_", "scipy_openblas_get_corename", "openblas_get_corename64_"):
            function = getattr(library, name, None)
            if function is not None:
                function.restype = ctypes.c_char_p
                return function().decode()
    return None


def call_for(run, milliseconds):
    """Milliseconds of each call, until as many have passed; at least one."""
    samples = []
    end = time.perf_counter() + milliseconds / 1e3
    while True:
        begin = time.perf_counter()
        run()
        now = time.perf_counter()
        samples.append((now - begin) * 1e3)
        if now >= end:
            return samples


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), flush=True)
        return
    versions = module.start(threads)
    print(json.dumps({"versions": versions, "openblas": openblas_core()}), flush=True)
    prepared = {}
    slowest = {}
    for line in sys.stdin:
        message = json.loads(line)
        kind, key = message["kind"], message["id"]
        if kind == "prepare":
            begin = time.perf_counter()
            run, results = module.TASKS[message["task"]](message)
            prepared[key] = run
            if "steps" in message:
                slowest[key] = (time.perf_counter() - begin) * 1e3 / message["steps"]
            for path, array in results.items():
                array.tofile(path)
            answer = {}
        elif kind == "round":
            run = prepared[key]
            # A call that outlasts a round needs no warming, nor in the first round one that outlasts several: steps were taken before.
            if slowest.get(key, 0) <= message["time"] * (ROUNDS if message["warmup"] > 0 else 1):
                call_for(run, message["warmup"])
            samples = call_for(run, message["time"])
            slowest[key] = min(samples)
            answer = {"samples": samples}
        else:
            del prepared[key]
            answer = {}
        print(json.dumps(answer), flush=True)


main()
