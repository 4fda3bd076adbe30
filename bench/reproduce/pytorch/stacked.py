"""784-200-200-10: two KL-sparse layers, a softmax on their codes, then everything. [UFLDL, "Stacked Autoencoders"]"""

import math

import torch
import torch.nn.functional as F

from fitting import lbfgs, softmax_cost, softmax_weights, wrong
from mnist import digits

HIDDEN = 200
RHO, BETA, LAMBDA, SOFTMAX_LAMBDA = 0.1, 3, 3e-3, 1e-4
ITERATIONS = {"layer 1": 400, "layer 2": 400, "softmax": 100, "fine-tuning": 100}


def fresh(inputs, units, generator):
    """W, b, D, c: weights uniform on ±√(6/(n_in + n_out + 1)), a feature a row in both; biases 0."""
    r = math.sqrt(6 / (inputs + units + 1))
    weight = lambda: ((2 * torch.rand(units, inputs, generator=generator) - 1) * r).requires_grad_()
    bias = lambda n: torch.zeros(n, requires_grad=True)
    return [weight(), bias(units), weight(), bias(inputs)]


def encode(x, w, b):
    return torch.sigmoid(F.linear(x, w, b))


def kl(rate):
    """Σⱼ KL(ρ‖ρ̂ⱼ), both Bernoulli terms, in float64."""
    rate = rate.double().clamp(1e-8, 1 - 1e-8)
    return (RHO * torch.log(RHO / rate) + (1 - RHO) * torch.log((1 - RHO) / (1 - rate))).sum()


def cost(x, w, b, d, c):
    """(1/m) Σ ½‖x̂ − x‖² + (λ/2)(Σ W² + Σ D²) + β Σⱼ KL(ρ‖ρ̂ⱼ); sigmoid throughout, ρ̂ over all of x."""
    a = encode(x, w, b)
    output = torch.sigmoid(torch.addmm(c, a, d))
    error = F.mse_loss(output, x, reduction="sum") * (0.5 / len(x))
    return error + 0.5 * LAMBDA * (w.square().sum() + d.square().sum()) + BETA * kl(a.mean(0))


def run(args):
    """(figures, stages) of one seed. Times are those of the four optimizations, without the codes between them."""
    generator = torch.Generator().manual_seed(args.seed)
    (x, y), (x_test, y_test) = digits("train"), digits("t10k")
    x, y = x[: args.examples], y[: args.examples]
    stages = []

    def stage(what, cost, parameters):
        print(what, flush=True)
        j, seconds = lbfgs(cost, parameters, min(ITERATIONS[what], args.iterations))
        stages.append({"what": what, "seconds": seconds, "cost": j})

    encoders, codes = [], x
    for what in ("layer 1", "layer 2"):
        layer = fresh(codes.shape[1], HIDDEN, generator)
        stage(what, lambda: cost(codes, *layer), layer)
        encoders.append(layer[:2])
        with torch.no_grad():
            codes = encode(codes, *layer[:2])
    softmax = softmax_weights(HIDDEN, 10, generator)
    stage("softmax", lambda: softmax_cost(codes, y, *softmax, SOFTMAX_LAMBDA), softmax)

    def top(x):
        for w, b in encoders:
            x = encode(x, w, b)
        return x

    before = 100 - wrong(top(x_test), y_test, *softmax)
    everything = [p for layer in encoders for p in layer] + softmax
    stage("fine-tuning", lambda: softmax_cost(top(x), y, *softmax, SOFTMAX_LAMBDA), everything)
    after = 100 - wrong(top(x_test), y_test, *softmax)
    figures = [
        {"what": "test digits right before fine-tuning", "unit": "%", "value": before},
        {"what": "test digits right after fine-tuning", "unit": "%", "value": after},
    ]
    return figures, stages
