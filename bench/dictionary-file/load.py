"""Reads the same bytes in Python: with safetensors where it is installed, else with numpy alone; copies them into arrays."""

import json
import struct
import sys
import time

import numpy as np

path = sys.argv[1]
begun = time.perf_counter()
try:
    from safetensors.numpy import load_file

    tensors, by = load_file(path), "safetensors"
except ImportError:
    by = "numpy"
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            file.seek(8 + length + begin)
            tensors[name] = np.fromfile(file, np.float32, (end - begin) // 4).reshape(entry["shape"])
loaded = time.perf_counter() - begun
turned = {name: np.ascontiguousarray(value.T) if name == "W_enc" else value for name, value in tensors.items()}
print(json.dumps(dict(by=by, seconds=loaded, turned=time.perf_counter() - begun)))
