"""The tasks of pytorch.py on an NVIDIA GPU, in float32 without TF32. A call is REPEAT calls and a wait for the device."""

import torch

import pytorch

if not torch.cuda.is_available():
    raise ImportError(f"torch {torch.__version__} finds no CUDA device")

REPEAT = 10


def start(threads):
    torch.set_default_device("cuda")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_float32_matmul_precision("highest")
    here = pytorch.tensor
    pytorch.tensor = lambda array: here(array).cuda()
    return {**pytorch.start(threads), "cuda": torch.version.cuda, "device": torch.cuda.get_device_name()}


def on_device(task):
    def prepare(message):
        run, results = task(message)

        def many():
            for _ in range(REPEAT):
                run()
            torch.cuda.synchronize()

        return many, results

    return prepare


TASKS = {name: on_device(pytorch.TASKS[name]) for name in ("gemm", "step", "dictionary")}
