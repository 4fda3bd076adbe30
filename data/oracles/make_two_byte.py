"""What every word of the two kinds of two-byte floats stands for, as NumPy (float16) and PyTorch (bfloat16) have it: a hash
of the 65,536 float32 values, every NaN written as 0x7fc00000, and how many are not finite. And the float16 and bfloat16
nearest to some numbers, ties to even."""

import hashlib
import json
import pathlib
import random

import numpy as np
import torch

words = np.arange(2**16, dtype=np.uint16)
values = {
    "float16": words.view(np.float16).astype(np.float32),
    "bfloat16": torch.from_numpy(words.view(np.int16)).view(torch.bfloat16).to(torch.float32).numpy(),
}
draw = random.Random(20)
numbers = [0.0, 1.0, -1.0, 1 / 3, 65504.0, 65519.99, 65520.0, 1e-7, 5.9604644775390625e-08, 2.98023223876953125e-08, 2.99e-08]
numbers += [1.0 + 2**-11, 1.0 + 3 * 2**-11, 1.0 + 2**-8, 1.0 + 3 * 2**-8, 2048.5, 2049.0, 2051.0, 6.097555160522461e-05]
numbers += [draw.choice([-1, 1]) * draw.uniform(1, 2) * 2.0 ** draw.randint(-30, 15) for _ in range(200)]
single = np.array(numbers, dtype=np.float32)

result = {}
for kind, table in values.items():
    bits = table.view(np.uint32).copy()
    bits[np.isnan(table)] = 0x7FC00000
    if kind == "float16":
        with np.errstate(over="ignore"):
            nearest = single.astype(np.float16).view(np.uint16)
    else:
        nearest = torch.from_numpy(single).to(torch.bfloat16).view(torch.int16).numpy().view(np.uint16)
    result[kind] = {
        "sha256": hashlib.sha256(bits.astype("<u4").tobytes()).hexdigest(),
        "notFinite": int((~np.isfinite(table)).sum()),
        "nearest": [int(word) for word in nearest],
    }
result["numbers"] = [float(value) for value in single]
path = pathlib.Path(__file__).with_name("two-byte.json")
path.write_text(json.dumps(result) + "\n")
