"""Three rows of `npm run reproduce` in PyTorch: the same set-up, its accuracy and its time beside the engine's.

    RHOHAT_DATA=~/data python3 -B bench/reproduce/pytorch/reproduce.py --row stacked --out docs/results/pytorch.json
    RHOHAT_DATA=~/data python3 -B bench/reproduce/pytorch/reproduce.py --row k-sparse --out docs/results/pytorch.json

python3 is any that has torch and numpy: on Debian 12, /usr/bin/python3 with python3-torch and libopenblas0-pthread.
OPENBLAS_CORETYPE, where it is set, limits the instructions of OpenBLAS: unset it to time PyTorch at its best.

--out holds a list with one entry for each figure and seed; an entry of the same is replaced, and the next
`npm run reproduce` shows them on docs/results.md, beside the engine's of the same names. Initial weights and the order
of examples are drawn from PyTorch's generator: a seed does not name the same numbers as in the engine. --examples,
--epochs and --iterations make a small run, without --out.
"""

import argparse
import ctypes
import datetime
import json
import os
import shlex


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--row", choices=["stacked", "k-sparse", "ufldl-mnist"], required=True)
    parser.add_argument("--out", help="JSON file that the result is put into")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=60_000, help="at most so many")
    parser.add_argument("--iterations", type=int, default=1000, help="of L-BFGS, at most so many in any stage")
    k_sparse = parser.add_argument_group("k-sparse")
    k_sparse.add_argument("--hidden", type=int, default=1000)
    k_sparse.add_argument("--k", type=int, default=25)
    k_sparse.add_argument("--alpha", type=float, default=3, help="encoding keeps round(αk) units")
    k_sparse.add_argument("--anneal-from", type=int, help="k of the first epoch; default the larger of 100 and 4k")
    k_sparse.add_argument("--epochs", type=int, default=60)
    k_sparse.add_argument("--batch", type=int, default=100)
    k_sparse.add_argument("--optimizer", choices=["sgd", "adam"], default="adam")
    k_sparse.add_argument("--learning-rate", type=float, default=1e-3)
    k_sparse.add_argument("--learning-rate-end", type=float, default=2e-5, help="reached linearly with the last step")
    k_sparse.add_argument("--momentum", type=float, default=0.9)
    k_sparse.add_argument("--decays", type=float, nargs="+", default=[1e-5, 1e-4, 1e-3], help="λ of the softmax")
    k_sparse.add_argument("--softmax-iterations", type=int, default=100)
    return parser, parser.parse_args()


def command(parser, args):
    """The command line again, without defaults, the seed and the file that it writes to."""
    words = ["python3", "-B", "bench/reproduce/pytorch/reproduce.py"]
    for key, value in vars(args).items():
        if key not in ("seed", "out") and value != parser.get_default(key):
            words += [f"--{key.replace('_', '-')}", *map(str, value if isinstance(value, list) else [value])]
    return shlex.join(words)


def keep_memory():
    """glibc hands large arrays back to the system when they are freed, and the next has to be filled with zeros page by
    page: a third of the time of a full batch. It keeps them instead, which is as well where it is no glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, 2**31 - 1)


def openblas():
    """The instructions that the loaded OpenBLAS chose, or None."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if "openblas" in line and ".so" in line}
    except OSError:
        return None
    for path in paths:
        name = getattr(ctypes.CDLL(path), "openblas_get_corename", None)
        if name is not None:
            name.restype = ctypes.c_char_p
            return name().decode()
    return None


def put(path, entry):
    """Puts an entry into the list of a JSON file, in the order of rows, figures and seeds."""
    entries = []
    if os.path.exists(path):
        with open(path) as file:
            entries = json.load(file)
    key = lambda one: (one["row"], one["figures"][0]["what"], one["seed"])
    entries = sorted([one for one in entries if key(one) != key(entry)] + [entry], key=key)
    with open(f"{path}.part", "w") as file:
        json.dump(entries, file, indent=1, ensure_ascii=False)
        file.write("\n")
    os.replace(f"{path}.part", path)


def main():
    parser, args = arguments()
    keep_memory()
    # Read when the libraries are loaded: so before they are.
    os.environ.update(OPENBLAS_NUM_THREADS=str(args.threads), OMP_NUM_THREADS=str(args.threads))
    import torch

    import k_sparse
    import stacked
    import ufldl

    torch.set_num_threads(args.threads)
    rows = {"stacked": stacked, "k-sparse": k_sparse, "ufldl-mnist": ufldl}
    figures, stages = rows[args.row].run(args)
    core = openblas()
    entry = {
        "row": args.row,
        "seed": args.seed,
        "command": command(parser, args),
        "threads": torch.get_num_threads(),
        "versions": f"PyTorch {torch.__version__}" + (f", OpenBLAS for {core}" if core else ""),
        "date": datetime.date.today().isoformat(),
        "figures": figures,
        "stages": stages,
    }
    print(json.dumps(entry, indent=1, ensure_ascii=False))
    if args.out:
        put(args.out, entry)


main()
