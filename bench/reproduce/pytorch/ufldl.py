"""784-196-784 with KL-sparse sigmoid units on the first 10,000 digits. [UFLDL, exercise "Vectorization"]"""

import torch

from fitting import lbfgs
from mnist import digits
from stacked import RHO, cost, encode, fresh

UNITS, EXAMPLES, ITERATIONS = 196, 10_000, 1000


def run(args):
    """(figures, stages) of one seed; ρ, λ and β are those of the stacked layers."""
    generator = torch.Generator().manual_seed(args.seed)
    x = digits("train")[0][: min(EXAMPLES, args.examples)]
    parameters = fresh(x.shape[1], UNITS, generator)
    print("training", flush=True)
    j, seconds = lbfgs(lambda: cost(x, *parameters), parameters, min(ITERATIONS, args.iterations))
    with torch.no_grad():
        farthest = (encode(x, *parameters[:2]).double().mean(0) - RHO).abs().max().item()
    figures = [{"what": f"largest |ρ̂ − {RHO}| of a unit", "unit": "", "value": farthest}]
    return figures, [{"what": "training", "seconds": seconds, "cost": j}]
