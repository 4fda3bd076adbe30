"""k-sparse units on MNIST, then softmax regression on their frozen codes. [Makhzani & Frey, arXiv 1312.5663]"""

import math
import time

import torch
import torch.nn.functional as F

from fitting import lbfgs, softmax_cost, softmax_weights, wrong
from mnist import digits

LEARN, CHOOSE = 50_000, 10_000


def select(z, k):
    """z where it is one of the k largest of its row, 0 elsewhere: signed values, not magnitudes."""
    values, indices = torch.topk(z, k, sorted=False)
    return torch.zeros_like(z).scatter(1, indices, values)


def cost(x, w, b, c, k):
    """(1/m) Σ ½‖x̂ − x‖², x̂ = Wᵀa + c, a = select(Wx + b, k)."""
    a = select(F.linear(x, w, b), k)
    return F.mse_loss(torch.addmm(c, a, w), x, reduction="sum") * (0.5 / len(x))


def survivors(epoch, epochs, units, k, begin):
    """k at an epoch from 0: begin → k linearly over the first half of the epochs, rounded half up; the last has k."""
    begin, span = min(units, begin), 0.5 * epochs
    if epoch >= span or epoch == epochs - 1:
        return k
    return math.floor(begin + (k - begin) * epoch / span + 0.5)


def fit(x, parameters, args, generator):
    """Mini-batches in a new order each epoch; sgd is v ← mv − η∇J, θ ← θ + v. (Mean cost of the last epoch, seconds)."""
    w, b, c = parameters
    if args.optimizer == "sgd":
        # torch keeps u ← mu + g and takes ηu off: with η in the cost instead, u is −v even where η changes.
        optimizer = torch.optim.SGD(parameters, lr=1, momentum=args.momentum)
    else:
        optimizer = torch.optim.Adam(parameters, lr=args.learning_rate)
    steps = args.epochs * math.ceil(len(x) / args.batch)
    end = args.learning_rate if args.learning_rate_end is None else args.learning_rate_end
    step = 0
    begun = time.perf_counter()
    for epoch in range(args.epochs):
        k = survivors(epoch, args.epochs, len(b), args.k, args.anneal_from or max(100, 4 * args.k))
        total = 0.0
        for rows in torch.randperm(len(x), generator=generator).split(args.batch):
            rate = args.learning_rate + (end - args.learning_rate) * step / max(1, steps - 1)
            optimizer.zero_grad(set_to_none=True)
            j = cost(x[rows], w, b, c, k)
            if args.optimizer == "sgd":
                (rate * j).backward()
            else:
                optimizer.param_groups[0]["lr"] = rate
                j.backward()
            optimizer.step()
            total += j.item() * len(rows)
            step += 1
        mean, seconds = total / len(x), time.perf_counter() - begun
        print(f"  epoch {epoch + 1}: k = {k}, mean cost {mean:.6g}, {seconds:.1f} s", flush=True)
    return mean, seconds


@torch.no_grad()
def encode(x, w, b, k):
    return torch.cat([select(F.linear(part, w, b), k) for part in x.split(1000)])


def run(args):
    """(figures, stages) of one seed. λ of the softmax is the one with the fewest errors on the last 10,000 training
    images; the test images are looked at once. Times are those of the optimizations, without the codes between them."""
    generator = torch.Generator().manual_seed(args.seed)
    (x, y), (x_test, y_test) = digits("train"), digits("t10k")
    learn = min(LEARN, args.examples)
    choose = min(CHOOSE, args.examples)
    x_choose, y_choose = x[LEARN : LEARN + choose], y[LEARN : LEARN + choose]
    x, y = x[:learn], y[:learn]

    w = (0.01 * torch.randn(args.hidden, x.shape[1], generator=generator)).requires_grad_()
    b, c = torch.zeros(args.hidden, requires_grad=True), torch.zeros(x.shape[1], requires_grad=True)
    name = f"k = {args.k}, {args.epochs} epochs"
    print(f"autoencoder, {name}", flush=True)
    j, seconds = fit(x, [w, b, c], args, generator)
    stages = [{"what": f"autoencoder, {name}", "seconds": seconds, "cost": j}]

    kept = max(1, min(args.hidden, math.floor(args.alpha * args.k + 0.5)))
    codes, codes_choose = encode(x, w, b, kept), encode(x_choose, w, b, kept)
    start = softmax_weights(args.hidden, 10, generator)
    iterations = min(args.softmax_iterations, args.iterations)
    found, seconds = [], 0.0
    for decay in args.decays:
        print(f"softmax, λ = {decay:g}", flush=True)
        theta = [p.detach().clone().requires_grad_() for p in start]
        j, more = lbfgs(lambda: softmax_cost(codes, y, *theta, decay), theta, iterations)
        seconds += more
        found.append((wrong(codes_choose, y_choose, *theta), decay, j, theta))
        print(f"  validation error {found[-1][0]:.2f}%", flush=True)
    validation, decay, j, theta = min(found, key=lambda one: one[0])
    stages.append({"what": f"softmax for {len(args.decays)} λ, {name}", "seconds": seconds, "cost": j})
    error = wrong(encode(x_test, w, b, kept), y_test, *theta)
    note = f"α = {args.alpha:g}, validation {validation:.2f}%"
    return [{"what": f"test error on codes, {name}", "unit": "%", "value": error, "note": note}], stages
