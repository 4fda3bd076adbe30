"""Writes dictionaries.json: today's dictionaries (top-k, batch-top-k, aux-k, JumpReLU, gated, prefixes, transcoders).

All that is a gradient comes from autograd, in float64. What is detached is detached by .detach(); JumpReLU's estimator,
which is no gradient, is two torch.autograd.Functions. Before anything is written every gradient is compared with central
differences (what is detached, and every selection, held as it was), and the estimator with its closed form.
"""

import math
import pathlib
import random

import torch

from oracle_model import as_lists, write

MARGIN = 1e-3  # cases: selections, kinks and edges of the kernel are at least this far away
RUN_MARGIN = 5e-5  # the same along the runs
M = 7
STEPS = 20

CONVENTIONS = [
    "cost = the sum of terms. reconstruction = (1/m) Σ ½‖x̂ − y‖², y = x but for transcoders; with prefixes the mean or the sum over prefixes of that.",
    "terms: reconstruction, weightDecay, sparsity (L1, the JumpReLU penalty, λ mean Σ relu(gate)), auxiliary (aux-k, or the gate's reconstruction of gated units), preActivation. A term that a case lacks is left out.",
    "state is the state before the evaluation. Counters: 0 where a latent has a > 0 in this batch, else counter + m; dead = counter ≥ deadAfter after this counting, used in the same evaluation. stateAfter has the counters and the threshold after one counted step.",
    "code.threshold absent = not begun. Inference then compares with 0: a = relu(z). The first batch with survivors begins it at their minimum; later t ← t + 0.01(min − t); a batch without survivors leaves it, and leaves it absent if it was. > is strict: the smallest survivor of the batch that began it is 0 in inference.",
    "encoded is inference with the state before the evaluation, codes the training pass. They differ for batch-top-k only.",
    "top-k: the k largest signed z of a row, then relu. decoderNorm: the k largest z‖D‖; the codes are relu(z) again, and ‖D‖ gains no gradient from them.",
    "batch-top-k: relu(z) among the ⌊k·m⌋ largest of the batch; the survivors are those > 0.",
    "aux-k: k′ = min(k, dead) per example, of the dead latents' largest signed z (not z‖D‖), with k = ⌊inputs/2⌋ and weight = 1/32 where the configuration lacks them. z stays differentiable, by c too where centred. The denominator Σ‖e − ē‖² is detached and runs over the batch.",
    "aux-k with no dead latent is 0 and has no gradient, in every variant. (OpenAI's code lets k latents of value 0 stand there and goes on with ê = 0: a value without dead latents, and a gradient of c. SAELens, sparsify and dictionary_learning give 0, so does this file.)",
    "aux-k of the SAELens variant: min(dead/k, 1) has the k of the configuration, before min(k, dead).",
    "aux-k beside prefixes: e is that of the whole dictionary, once, whatever the weights of the prefixes. Of transcoders: e = y − x̂, the skip connection included.",
    "JumpReLU: a = z·[z > θ]; the kernel is 1 where abs((z − θ)/ε) < ½, strictly. toInput: to z also goes minus what each (unit, example) sends to θ, of the jump and of the L0 step; θ itself is meant, so a raw p < 0 (θ = 0) silences the gradient of p, not that of z.",
    "JumpReLU, raw: θ = relu(p), dp = dθ·[p > 0]. log: p = log θ, dp = θ dθ. toInput is false and parameter raw where the configuration lacks them.",
    "target-l0: L0 is the batch's mean; λ(L0/target − 1)² by autograd on the step's estimator.",
    "tanh: λ mean Σ tanh(s·a·‖D‖), differentiable by a (and so by the estimator) and by ‖D‖. preActivation: μ mean Σ relu(θ − z)‖D‖, differentiable by θ, z and ‖D‖, in no way estimated; with over: 'dead' only the dead; nothing where none is dead.",
    "gated: gate = u + gate.bias, magnitude = exp(scale) ⊙ u + magnitude.bias; a = [gate > 0]·relu(magnitude), no gradient through [gate > 0]. Centred: u = (x − c)Wᵀ with the live c everywhere; frozen are only the decoder and its bias in the gate's reconstruction. decoderNorm weighs λ Σ relu(gate) by the live ‖D‖, and leaves the reconstruction as it is.",
    "gated transcoders: the gate's reconstruction is compared with y.",
    "weightDecay: λ/2 Σ W² over encoder.weight, decoder.weight and skip.weight; no bias, no threshold, no scale.",
    "prefixes as a list: the mean. Every prefix has the same codes, c, and skip connection.",
    "runs: costs[t] is the cost on batch t before its step, with the state as it stood then (this batch counted). The start is as given: no counter, no threshold, no centring on data. unitNorm: D's gradient less its part along D (rows have norm 1), then Adam, then each row divided by its norm.",
]


class Hold:
    """What is detached: remembered at the first evaluation, given again at the others if `again` is set."""

    def __init__(self):
        self.kept, self.again = {}, False

    def __call__(self, name, value):
        if not (self.again and name in self.kept):
            self.kept[name] = value.detach().clone()
        return self.kept[name]


def in_window(z, theta, bandwidth):
    return (((z - theta) / bandwidth).abs() < 0.5).to(z.dtype)


class JumpReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, theta, bandwidth, to_input):
        ctx.save_for_backward(z, theta)
        ctx.bandwidth, ctx.to_input = bandwidth, to_input
        return z * (z > theta)

    @staticmethod
    def backward(ctx, grad):
        z, theta = ctx.saved_tensors
        pull = -(theta / ctx.bandwidth) * in_window(z, theta, ctx.bandwidth) * grad
        to_z = (z > theta) * grad
        return (to_z - pull if ctx.to_input else to_z), pull.sum(0), None, None


class Step(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, theta, bandwidth, to_input):
        ctx.save_for_backward(z, theta)
        ctx.bandwidth, ctx.to_input = bandwidth, to_input
        return (z > theta).to(z.dtype)

    @staticmethod
    def backward(ctx, grad):
        z, theta = ctx.saved_tensors
        pull = -in_window(z, theta, ctx.bandwidth) / ctx.bandwidth * grad
        return (-pull if ctx.to_input else None), pull.sum(0), None, None


def largest(scores, k):
    """Mask of the k largest of each row, and the gap to the first one left out."""
    ranked = scores.detach().sort(dim=1, descending=True).values
    mask = torch.zeros_like(scores).scatter(1, scores.detach().topk(k, dim=1).indices, 1.0)
    return mask, (ranked[:, k - 1] - ranked[:, k] if k < scores.shape[1] else torch.ones(1))


def threshold_of(config, parameters):
    p = parameters["encoder.threshold"]
    return torch.exp(p) if config["sparsity"].get("parameter", "raw") == "log" else torch.relu(p)


def evaluate(config, parameters, x, y, state, hold, code_leaf=False):
    """Terms, codes and all else of one evaluation. `gaps`: distances from whatever could flip."""
    m = len(x)
    sparsity, kind = config["sparsity"], config["sparsity"]["kind"]
    W, D, c = parameters["encoder.weight"], parameters["decoder.weight"], parameters["decoder.bias"]
    norm = D.norm(dim=1)
    seen = x - c if config["center"] else x
    u = seen @ W.T
    z = u + parameters["encoder.bias"] if kind != "gated" else None
    out = {"terms": {}, "gaps": [], "info": {}, "z": z, "norm": norm}
    terms, gaps, info = out["terms"], out["gaps"], out["info"]
    before, after = state, {}

    # codes
    if kind == "top-k":
        scores = z * norm if sparsity.get("decoderNorm") else z
        mask, gap = largest(scores, sparsity["k"])
        mask = hold("mask", mask)
        gaps += [gap, z.detach().abs()]
        codes = torch.relu(scores) * mask
        if sparsity.get("decoderNorm"):
            codes = codes / norm
            info["otherSelection"] = bool((mask != largest(z, sparsity["k"])[0]).any())
        info["short"] = int(((codes > 0).sum(1) < sparsity["k"]).sum())
        encoded = codes
    elif kind == "batch-top-k":
        positive = torch.relu(z).detach()
        count = min(math.floor(sparsity["k"] * m), int((positive > 0).sum()))
        ranked = positive.flatten().sort(descending=True)
        mask = torch.zeros(positive.numel())
        mask[ranked.indices[:count]] = 1.0
        mask = hold("mask", mask.reshape(z.shape))
        gaps += [z.detach().abs()]
        if 0 < count < positive.numel():
            gaps.append(ranked.values[count - 1] - ranked.values[count])
        info["positives"], info["survivors"] = int((positive > 0).sum()), count
        codes = torch.relu(z) * mask
        t = before.get("code.threshold")
        gaps.append((z.detach() - (t or 0.0)).abs())
        encoded = torch.relu(z) * (torch.relu(z) > (t or 0.0))
        if count > 0:
            smallest = ranked.values[count - 1].item()
            after["code.threshold"] = smallest if t is None else t + 0.01 * (smallest - t)
        elif t is not None:
            after["code.threshold"] = t
    elif kind == "jump-relu":
        theta, bandwidth = threshold_of(config, parameters), sparsity["bandwidth"]
        to_input = sparsity.get("toInput", False)
        distance = (z - theta).detach().abs()
        gaps += [distance, (distance - bandwidth / 2).abs(), parameters["encoder.threshold"].detach().abs()]
        info["above"] = int((in_window(z, theta, bandwidth) * (z > theta)).sum())
        info["below"] = int((in_window(z, theta, bandwidth) * (z <= theta)).sum())
        step = Step.apply(z, theta, bandwidth, to_input)
        codes = JumpReLU.apply(z, theta, bandwidth, to_input)
        if hold.again:  # central differences: the mask as it was, estimator aside
            step = hold("step", step)
            codes = z * step
        encoded = codes
        out["theta"], out["step"] = theta, step
    elif kind == "gated":
        gate = u + parameters["encoder.gate.bias"]
        magnitude = torch.exp(parameters["encoder.magnitude.scale"]) * u + parameters["encoder.magnitude.bias"]
        gaps += [gate.detach().abs(), magnitude.detach().abs()]
        codes = (gate > 0) * torch.relu(magnitude)
        info["gateOnly"] = int(((gate > 0) & (magnitude < 0)).sum())
        info["magnitudeOnly"] = int(((gate < 0) & (magnitude > 0)).sum())
        encoded = codes
    else:
        codes = encoded = torch.relu(z)
        gaps.append(z.detach().abs())
    if code_leaf:
        codes = codes.detach().requires_grad_()
    out["codes"], out["encoded"] = codes, encoded

    # who is dead
    dead = None
    needs = config.get("auxiliary") or ((sparsity.get("penalty") or {}).get("preActivation") or {})
    if "deadAfter" in needs:
        fired = (codes.detach() > 0).any(dim=0)
        counter = torch.tensor([float(n) for n in before.get("code.examplesSinceFired", [0] * len(W))])
        info["revived"] = int((fired & (counter + m >= needs["deadAfter"])).sum())
        counter = torch.where(fired, torch.zeros_like(counter), counter + m)
        after["code.examplesSinceFired"] = [int(n) for n in counter.tolist()]
        dead = hold("dead", (counter >= needs["deadAfter"]).to(z.dtype)).bool()
        info["dead"] = int(dead.sum())
    out["after"] = after

    # reconstruction
    affine = c + x @ parameters["skip.weight"].T if config.get("skip") else c
    prefixes = config.get("prefixes") or [len(W)]
    widths = prefixes if isinstance(prefixes, list) else prefixes["widths"]
    weighing = "mean" if isinstance(prefixes, list) else prefixes["weights"]
    each = [0.5 * ((codes[:, :w] @ D[:w] + affine - y) ** 2).sum() / m for w in widths]
    terms["reconstruction"] = sum(each) / (len(each) if weighing == "mean" else 1)
    reconstruction = codes @ D + affine
    out["reconstruction"] = reconstruction

    # terms
    if config["weightDecay"] > 0:
        squares = sum((p**2).sum() for name, p in parameters.items() if name.endswith(".weight"))
        terms["weightDecay"] = config["weightDecay"] / 2 * squares
    if kind == "l1":
        terms["sparsity"] = sparsity["weight"] * (codes * norm).sum() / m
    if kind == "gated":
        open_gate = torch.relu(gate)
        weighed = open_gate * norm if sparsity.get("decoderNorm") else open_gate
        terms["sparsity"] = sparsity["weight"] * weighed.sum() / m
        live = sparsity.get("live", False)
        via_D, via_c = (D, c) if live else (hold("D", D), hold("c", c))
        terms["auxiliary"] = 0.5 * ((open_gate @ via_D + via_c - y) ** 2).sum() / m
    if kind == "jump-relu":
        penalty = sparsity["penalty"]
        if penalty["kind"] == "l0":
            terms["sparsity"] = penalty["weight"] * step.sum() / m
        elif penalty["kind"] == "target-l0":
            l0 = step.sum() / m
            terms["sparsity"] = penalty["weight"] * (l0 / penalty["target"] - 1) ** 2
            info["l0"] = l0.item()
        else:
            terms["sparsity"] = penalty["weight"] * torch.tanh(penalty["scale"] * codes * norm).sum() / m
        if penalty.get("preActivation"):
            shortfall = torch.relu(theta - z) * norm
            if penalty["preActivation"]["over"] == "dead":
                shortfall = shortfall * dead
            terms["preActivation"] = penalty["preActivation"]["weight"] * shortfall.sum() / m
    auxiliary = config.get("auxiliary")
    if auxiliary:
        k = auxiliary.get("k", config["inputs"] // 2)
        weight, variant = auxiliary.get("weight", 1 / 32), auxiliary.get("variant", "paper")
        chosen = min(k, info["dead"])
        terms["auxiliary"] = torch.zeros(())
        if chosen > 0:
            only_dead = torch.where(dead, z.detach(), torch.full_like(z, -math.inf))
            mask, gap = largest(only_dead, chosen)
            mask = hold("aux mask", mask)
            if chosen < info["dead"]:
                gaps.append(gap)
            info["auxPositive"] = int((z * mask > 0).sum())
            info["auxNegative"] = int((z * mask < 0).sum())
            e = hold("e", y - reconstruction)
            spread = ((e - e.mean(0)) ** 2).sum()
            if variant == "saelens":
                guess = (z * mask) @ D
                terms["auxiliary"] = weight * min(info["dead"] / k, 1.0) * ((guess - e) ** 2).sum(1).mean()
            elif variant == "openai":
                guess, wanted = (torch.relu(z) * mask) @ D + c, hold("e + c", e + c)
                terms["auxiliary"] = weight * ((guess - wanted) ** 2).sum() / spread
            else:
                guess = (torch.relu(z) * mask) @ D
                terms["auxiliary"] = weight * ((guess - e) ** 2).sum() / spread
    return out


def plain(values):
    """Lists, with 0 for -0."""
    return (values + 0.0).tolist()


def total(out):
    return sum(out["terms"].values())


def smallest_gap(out):
    return min(g.min().item() for g in out["gaps"])


# Checks


def central_differences(config, parameters, x, y, state, hold, gradient):
    """The largest difference over all entries that are gradients: not those that the estimator reaches."""
    estimated = set()
    if config["sparsity"]["kind"] == "jump-relu":
        estimated.add("encoder.threshold")
        if config["sparsity"].get("toInput"):
            estimated |= {"encoder.weight", "encoder.bias"} | ({"decoder.bias"} if config["center"] else set())
    hold.again, h, worst = True, 1e-5, 0.0
    with torch.no_grad():
        for name, p in parameters.items():
            if name in estimated:
                continue
            values, found = p.view(-1), gradient[name].reshape(-1)
            for i in range(len(values)):
                kept, sides = values[i].item(), []
                for delta in (h, -h):
                    values[i] = kept + delta
                    sides.append(total(evaluate(config, parameters, x, y, state, hold)).item())
                values[i] = kept
                worst = max(worst, abs((sides[0] - sides[1]) / (2 * h) - found[i].item()))
    hold.again = False
    return worst


def estimator_in_closed_form(config, parameters, x, y, state, gradient):
    """The formulas of the estimator, written out; ∂J/∂a by autograd with the codes as leaves."""
    sparsity, penalty = config["sparsity"], config["sparsity"]["penalty"]
    out = evaluate(config, parameters, x, y, state, Hold(), code_leaf=True)
    (G,) = torch.autograd.grad(total(out), [out["codes"]], allow_unused=True)
    m, bandwidth = len(x), sparsity["bandwidth"]
    z, theta, norm = (out[n].detach() for n in ("z", "theta", "norm"))
    K = (((z - theta) / bandwidth).abs() < 0.5).double()
    coefficient = {
        "l0": lambda: penalty["weight"],
        "target-l0": lambda: 2 * penalty["weight"] * (out["info"]["l0"] / penalty["target"] - 1) / penalty["target"],
        "tanh": lambda: 0.0,
    }[penalty["kind"]]()
    to_theta = -(theta / bandwidth) * K * G - coefficient / (m * bandwidth) * K
    to_z = (z > theta) * G
    if sparsity.get("toInput"):
        to_z = to_z - to_theta
    if penalty.get("preActivation"):
        pulled = penalty["preActivation"]["weight"] / m * (z < theta) * norm
        if penalty["preActivation"]["over"] == "dead":
            pulled = pulled * (torch.tensor(out["after"]["code.examplesSinceFired"]) >= penalty["preActivation"]["deadAfter"])
        to_theta, to_z = to_theta + pulled, to_z - pulled
    p = parameters["encoder.threshold"].detach()
    factor = theta if sparsity.get("parameter") == "log" else (p > 0).double()
    seen = x - parameters["decoder.bias"].detach() if config["center"] else x
    decay = config["weightDecay"] * parameters["encoder.weight"].detach()
    closed = {
        "encoder.threshold": to_theta.sum(0) * factor,
        "encoder.weight": to_z.T @ seen + decay,
        "encoder.bias": to_z.sum(0),
    }
    return max((gradient[name] - value).abs().max().item() for name, value in closed.items())


# Draws


def shapes_of(config):
    d, h, targets = config["inputs"], config["hidden"], config.get("targets", config["inputs"])
    shapes = {"encoder.weight": (h, d)}
    if config["sparsity"]["kind"] == "gated":
        shapes |= {"encoder.gate.bias": (h,), "encoder.magnitude.bias": (h,), "encoder.magnitude.scale": (h,)}
    else:
        shapes |= {"encoder.bias": (h,)}
    if config["sparsity"]["kind"] == "jump-relu":
        shapes |= {"encoder.threshold": (h,)}
    shapes |= {"decoder.weight": (h, targets), "decoder.bias": (targets,)}
    if config.get("skip"):
        shapes |= {"skip.weight": (targets, d)}
    return shapes


def draw(config, seed, shift=0.0, quiet=0, negative_thresholds=0):
    """Three decimals. `shift` is added to the codes' biases; the last `quiet` units are pushed down by 0.4."""
    generator = random.Random(seed)
    parameters = {}
    for name, shape in shapes_of(config).items():
        size = torch.Size(shape).numel()
        values = [generator.uniform(-0.7, 0.7) for _ in range(size)]
        if name in ("encoder.bias", "encoder.gate.bias"):
            values = [v * 0.5 + shift - (0.4 if i >= size - quiet else 0.0) for i, v in enumerate(values)]
        if name == "encoder.threshold":
            values = [0.25 + 0.25 * v for v in values]  # 0.075 … 0.425
            if config["sparsity"].get("parameter") == "log":
                values = [math.log(v) for v in values]
            values = [-v if i < negative_thresholds else v for i, v in enumerate(values)]
        parameters[name] = torch.tensor([round(v, 3) for v in values]).reshape(shape).requires_grad_()
    return parameters


def rows(generator, m, width, decimals):
    return torch.tensor([[round(generator.uniform(-1, 1), decimals) for _ in range(width)] for _ in range(m)])


def counters(fired, dead, dead_after, m):
    """Counters before the batch, so that `dead` latents are dead: at the limit exactly, and far past it."""
    past, short, revived = [dead_after - m, 3 * dead_after, 1000, dead_after - m + 1], [dead_after - m - 1, 0, 3], [1000, 0, 2 * dead_after, 5]
    counts = []
    silent = sounding = 0
    for f in fired:
        if f:
            counts.append(revived[sounding % 4])
            sounding += 1
        else:
            counts.append(past[silent % 4] if silent < dead else short[silent % 3])
            silent += 1
    return counts, silent


def base(sparsity, **extra):
    transcoder = "targets" in extra
    return {
        "inputs": 5,
        **({"targets": extra["targets"]} if transcoder else {}),
        "hidden": 9,
        "activation": "relu",
        "output": "linear",
        "loss": "squared-error",
        "tied": False,
        **({} if transcoder else {"center": False}),
        "weightDecay": 0.0,
        "precision": "float64",
        "sparsity": sparsity,
        **extra,
    }


TOP = {"kind": "top-k", "k": 3}
TOP2 = {"kind": "top-k", "k": 2}
BATCH = {"kind": "batch-top-k", "k": 2}
DEAD_AFTER = 20


def aux(**extra):
    return {"kind": "aux-k", "weight": 0.4, "deadAfter": DEAD_AFTER, **extra}


def jump(penalty, **extra):
    return {"kind": "jump-relu", "bandwidth": 0.3, **extra, "penalty": penalty}


L0 = {"kind": "l0", "weight": 0.15}
TARGET = {"kind": "target-l0", "weight": 0.3, "target": 2}
TANH = {"kind": "tanh", "weight": 0.2, "scale": 1.5}


def tanh(over):
    extra = {"deadAfter": DEAD_AFTER} if over == "dead" else {}
    return TANH | {"preActivation": {"weight": 0.25, "over": over, **extra}}


GATED = {"kind": "gated", "weight": 0.2}
L1 = {"kind": "l1", "weight": 0.2, "decoderNorm": True}
SUM = {"widths": [2, 5, 9], "weights": "sum"}
RAW, LOG = {"parameter": "raw", "toInput": False}, {"parameter": "log", "toInput": False}
TO_INPUT = {"toInput": True}

# name, configuration, how to draw. "dead": so many dead latents; "threshold": where it stood; "want": what must hold
CASES = [
    ("top-k", base(TOP), {}),
    ("top-k, centred", base(TOP, center=True), {}),
    ("top-k, rows with fewer than k positive", base(TOP), {"shift": -0.5, "want": lambda i: 0 < i["short"] < M}),
    ("top-k by z‖D‖", base(TOP | {"decoderNorm": True}), {"want": lambda i: i["otherSelection"]}),
    ("top-k by z‖D‖, centred", base(TOP2 | {"decoderNorm": True}, center=True), {"want": lambda i: i["otherSelection"]}),
    ("top-k, weight decay", base(TOP, weightDecay=0.05, center=True), {}),
    ("batch-top-k, threshold not begun", base(BATCH), {}),
    ("batch-top-k, k = 1.5, threshold moves", base(BATCH | {"k": 1.5}), {"threshold": 0.3125, "want": lambda i: i["survivors"] == 10}),
    ("batch-top-k, centred", base(BATCH, center=True), {"threshold": 0.5}),
    ("batch-top-k, fewer positives than ⌊k·m⌋", base(BATCH), {"shift": -1.0, "threshold": 0.125, "want": lambda i: 3 < i["positives"] < 14}),
    ("batch-top-k, no survivor, threshold begun", base(BATCH), {"shift": -3.0, "threshold": 0.125, "want": lambda i: i["positives"] == 0}),
    ("batch-top-k, no survivor, threshold not begun", base(BATCH), {"shift": -3.0, "want": lambda i: i["positives"] == 0}),
    ("aux-k (paper), k above the dead", base(TOP2, auxiliary=aux(k=5, variant="paper")), {"dead": 3}),
    ("aux-k (paper), k below the dead", base(TOP2, auxiliary=aux(k=2, variant="paper")), {"dead": 4}),
    ("aux-k (paper), defaults", base(TOP2, auxiliary={"kind": "aux-k", "deadAfter": DEAD_AFTER}), {"dead": 4}),
    ("aux-k (paper), no dead", base(TOP2, auxiliary=aux(k=2, variant="paper")), {"dead": 0}),
    ("aux-k (paper), centred", base(TOP2, center=True, auxiliary=aux(k=2, variant="paper")), {"dead": 3}),
    ("aux-k (openai), k above the dead", base(TOP2, auxiliary=aux(k=5, variant="openai")), {"dead": 3}),
    ("aux-k (openai), k below the dead", base(TOP2, auxiliary=aux(k=2, variant="openai")), {"dead": 4}),
    ("aux-k (openai), no dead", base(TOP2, auxiliary=aux(k=2, variant="openai")), {"dead": 0}),
    ("aux-k (openai), centred", base(TOP2, center=True, auxiliary=aux(k=2, variant="openai")), {"dead": 3}),
    ("aux-k (saelens), k above the dead", base(TOP2, auxiliary=aux(k=5, variant="saelens")), {"dead": 3}),
    ("aux-k (saelens), k below the dead", base(TOP2, auxiliary=aux(k=2, variant="saelens")), {"dead": 4}),
    ("aux-k (saelens), no dead", base(TOP2, auxiliary=aux(k=2, variant="saelens")), {"dead": 0}),
    ("aux-k (saelens), centred", base(TOP2, center=True, auxiliary=aux(k=4, variant="saelens")), {"dead": 3}),
    ("aux-k (paper) on batch-top-k", base(BATCH, auxiliary=aux(k=2, variant="paper")), {"dead": 3, "threshold": 0.25}),
    ("aux-k (saelens) on batch-top-k, centred, weight decay", base(BATCH | {"k": 1.5}, center=True, weightDecay=0.03, auxiliary=aux(k=4, variant="saelens")), {"dead": 2}),
    ("jump-relu, L0, defaults", base(jump(L0)), {}),
    ("jump-relu, L0, raw, some θ at 0", base(jump(L0, **RAW)), {"negative_thresholds": 2}),
    ("jump-relu, L0, raw, to the input, some θ at 0", base(jump(L0, parameter="raw", **TO_INPUT)), {"negative_thresholds": 2}),
    ("jump-relu, L0, log", base(jump(L0, **LOG)), {}),
    ("jump-relu, L0, log, to the input", base(jump(L0, parameter="log", **TO_INPUT)), {}),
    ("jump-relu, L0, centred", base(jump(L0, **RAW), center=True), {}),
    ("jump-relu, L0, to the input, centred, weight decay", base(jump(L0, parameter="raw", **TO_INPUT), center=True, weightDecay=0.04), {}),
    ("jump-relu, target L0, above it", base(jump(TARGET, **RAW)), {"want": lambda i: i["l0"] > 2.3}),
    ("jump-relu, target L0, below it", base(jump(TARGET | {"target": 3.5}, **RAW)), {"want": lambda i: i["l0"] < 3.1}),
    ("jump-relu, target L0, log, to the input", base(jump(TARGET, parameter="log", **TO_INPUT)), {"want": lambda i: i["l0"] > 2.3}),
    ("jump-relu, tanh", base(jump(TANH, **RAW)), {}),
    ("jump-relu, tanh, log", base(jump(TANH, **LOG)), {}),
    ("jump-relu, tanh, to the input", base(jump(TANH, parameter="raw", **TO_INPUT)), {}),
    ("jump-relu, tanh, pre-activations of all, log, to the input", base(jump(tanh("all"), parameter="log", **TO_INPUT)), {}),
    ("jump-relu, tanh, pre-activations of all, raw, centred", base(jump(tanh("all"), **RAW), center=True), {"negative_thresholds": 1}),
    ("jump-relu, tanh, pre-activations of the dead", base(jump(tanh("dead"), **RAW)), {"dead": 2, "quiet": 4}),
    ("jump-relu, tanh, pre-activations of the dead, log, to the input", base(jump(tanh("dead"), parameter="log", **TO_INPUT)), {"dead": 2, "quiet": 4}),
    ("jump-relu, tanh, pre-activations of the dead, none dead", base(jump(tanh("dead"), **RAW)), {"dead": 0, "quiet": 4}),
    ("gated", base(GATED), {}),
    ("gated, live", base(GATED | {"live": True}), {}),
    ("gated, by ‖D‖", base(GATED | {"decoderNorm": True}), {}),
    ("gated, live, by ‖D‖, centred", base(GATED | {"live": True, "decoderNorm": True}, center=True), {}),
    ("gated, centred, weight decay", base(GATED, center=True, weightDecay=0.05), {}),
    ("l1 by ‖D‖", base(L1), {}),
    ("l1 by ‖D‖, centred, weight decay", base(L1, center=True, weightDecay=0.05), {}),
    ("prefixes, mean, batch-top-k", base(BATCH, prefixes=[2, 5, 9]), {"threshold": 0.375}),
    ("prefixes, sum, batch-top-k, centred", base(BATCH, center=True, prefixes=SUM), {}),
    ("prefixes, mean, top-k", base(TOP, prefixes={"widths": [3, 9], "weights": "mean"}), {}),
    ("prefixes, sum, top-k, centred", base(TOP, center=True, prefixes=SUM), {}),
    ("prefixes, mean, batch-top-k, aux-k (paper)", base(BATCH, prefixes=[2, 5, 9], auxiliary=aux(k=2, variant="paper")), {"dead": 3}),
    ("prefixes, sum, top-k, aux-k (saelens)", base(TOP2, prefixes=SUM, auxiliary=aux(k=4, variant="saelens")), {"dead": 3}),
    ("transcoder, top-k", base(TOP, targets=4, skip=False), {}),
    ("transcoder, top-k, skip", base(TOP, targets=4, skip=True), {}),
    ("transcoder, batch-top-k, skip, weight decay", base(BATCH, targets=4, skip=True, weightDecay=0.05), {"threshold": 0.375}),
    ("transcoder, top-k, skip, aux-k (openai)", base(TOP2, targets=4, skip=True, auxiliary=aux(k=2, variant="openai")), {"dead": 3}),
    ("transcoder, top-k, skip, prefixes", base(TOP, targets=4, skip=True, prefixes=[2, 5, 9]), {}),
    ("transcoder, jump-relu, L0", base(jump(L0, **RAW), targets=4), {}),
    ("transcoder, gated", base(GATED, targets=4), {}),
    ("transcoder, l1 by ‖D‖, skip", base(L1, targets=4, skip=True), {}),
]  # fmt: skip


def fits(config, how, out):
    info, terms = out["info"], out["terms"]
    if smallest_gap(out) < MARGIN or not how.get("want", lambda _: True)(info):
        return False
    if out["z"] is not None and not (out["z"] < 0).any():
        return False
    if config["sparsity"]["kind"] == "jump-relu" and min(info["above"], info["below"]) < 4:
        return False
    if config["sparsity"]["kind"] == "gated" and min(info["gateOnly"], info["magnitudeOnly"]) < 2:
        return False
    if how.get("dead"):
        if info["dead"] != how["dead"] or info["revived"] < 2:
            return False
        if config.get("auxiliary") and min(info["auxPositive"], info["auxNegative"]) < 2:
            return False
    for name, value in terms.items():
        if value.item() < 1e-3 and not (how.get("dead") == 0 and name in ("auxiliary", "preActivation")):
            return False
    return True


def make_case(index, name, given, how):
    config = {"center": False} | given
    drawing = {key: how[key] for key in ("shift", "quiet", "negative_thresholds") if key in how}
    if config.get("auxiliary"):
        drawing["quiet"] = 5
    for seed in range(1000 * index, 1000 * index + 1000):
        parameters = draw(config, seed, **drawing)
        generator = random.Random(f"x{seed}")
        x = rows(generator, M, config["inputs"], 3)
        y = rows(generator, M, config["targets"], 3) if "targets" in config else x
        state = {"code.threshold": how["threshold"]} if "threshold" in how else {}
        if "dead" in how:
            first = evaluate(config, parameters, x, y, state, Hold())
            fired = (first["codes"] > 0).any(dim=0).tolist()
            state["code.examplesSinceFired"], silent = counters(fired, how["dead"], DEAD_AFTER, M)
            if silent < how["dead"] + 1:
                continue
        hold = Hold()
        out = evaluate(config, parameters, x, y, state, hold)
        if fits(config, how, out):
            break
    else:
        raise AssertionError(f"no seed fits: {name}")
    gradients = torch.autograd.grad(total(out), list(parameters.values()), allow_unused=True)
    gradient = {n: torch.zeros_like(p) if g is None else g for (n, p), g in zip(parameters.items(), gradients)}
    if config["sparsity"]["kind"] == "jump-relu":
        hold("step", out["step"])
    worst = central_differences(config, parameters, x, y, state, hold, gradient)
    assert worst < 1e-9, f"{name}: central differences differ by {worst}"
    said = f"differences {worst:.0e}"
    if config["sparsity"]["kind"] == "jump-relu":
        closed = estimator_in_closed_form(config, parameters, x, y, state, gradient)
        assert closed < 1e-14, f"{name}: the closed form differs by {closed}"
        said += f", closed form {closed:.0e}"
    print(f"{name}: seed {seed}, gap {smallest_gap(out):.1e}, {said}, {out['info']}")
    return {
        "name": name,
        "config": given,
        "x": x.tolist(),
        **({"target": y.tolist()} if "targets" in config else {}),
        "state": state,
        "parameters": as_lists(parameters),
        "cost": total(out).item(),
        "terms": {n: t.item() for n, t in out["terms"].items()},
        "gradient": {n: plain(g) for n, g in gradient.items()},
        "codes": plain(out["codes"]),
        "encoded": plain(out["encoded"]),
        "reconstruction": out["reconstruction"].tolist(),
        "stateAfter": out["after"],
    }


RUN_AUX = {"kind": "aux-k", "k": 2, "weight": 0.1, "deadAfter": 14, "variant": "paper"}
SMALL = {"hidden": 8}

# name, configuration, learning rate, how to draw
RUNS = [
    ("aux-k (paper) on top-k, centred", base(TOP2, **SMALL, center=True, auxiliary=RUN_AUX), 0.02, {"quiet": 4}),
    ("aux-k (paper) on top-k, centred, unitNorm", base(TOP2, **SMALL, center=True, auxiliary=RUN_AUX, unitNorm=True), 0.02, {"quiet": 4}),
    ("batch-top-k, the threshold moves", base(BATCH, **SMALL), 0.02, {}),
    ("jump-relu, L0", base(jump({"kind": "l0", "weight": 0.02}, **RAW), **SMALL), 0.02, {}),
    ("gated", base(GATED | {"weight": 0.05}, **SMALL), 0.02, {}),
    ("prefixes, mean, batch-top-k", base(BATCH, **SMALL, prefixes=[2, 4, 8]), 0.02, {}),
]  # fmt: skip


def run(config, parameters, batches, learning_rate):
    optimizer = torch.optim.Adam(parameters.values(), lr=learning_rate, betas=(0.9, 0.999), eps=1e-8)
    D = parameters["decoder.weight"]
    state, costs, gap, dead, tiny = {}, [], math.inf, [], math.inf
    for x in batches:
        optimizer.zero_grad()
        out = evaluate(config, parameters, x, x, state, Hold())
        cost = total(out)
        cost.backward()
        costs.append(cost.item())
        gap, state = min(gap, smallest_gap(out)), out["after"]
        dead.append(out["info"].get("dead", 0))
        with torch.no_grad():
            if config.get("unitNorm"):
                D.grad -= (D.grad * D).sum(1, keepdim=True) * D
            optimizer.step()
            if config.get("unitNorm"):
                D /= D.norm(dim=1, keepdim=True)
        tiny = min([tiny, *(p.grad[p.grad != 0].abs().min().item() for p in parameters.values() if (p.grad != 0).any())])
    return costs, state, gap, dead, tiny


def make_run(index, name, given, learning_rate, how):
    config = {"center": False} | given
    for seed in range(100000 + 1000 * index, 101000 + 1000 * index):
        parameters = draw(config, seed, **how)
        if config.get("unitNorm"):
            with torch.no_grad():
                parameters["decoder.weight"] /= parameters["decoder.weight"].norm(dim=1, keepdim=True)
        start = as_lists(parameters)
        generator = random.Random(f"x{seed}")
        batches = [rows(generator, M, config["inputs"], 2) for _ in range(STEPS)]
        costs, state, gap, dead, tiny = run(config, parameters, batches, learning_rate)
        if gap < RUN_MARGIN or tiny < 1e-6:
            continue
        if not config.get("auxiliary") or (sum(n > 0 for n in dead) >= 10 and len(set(dead)) >= 3):
            break
    else:
        raise AssertionError(f"no seed fits: {name}")
    print(f"run {name}: seed {seed}, gap {gap:.1e}, |g| ≥ {tiny:.0e}, {costs[0]:.4f} -> {costs[-1]:.4f}, dead {dead}")
    return {
        "name": name,
        "config": given,
        "optimizer": {"kind": "adam", "learningRate": learning_rate},
        "batches": [b.tolist() for b in batches],
        "parameters": start,
        "costs": costs,
        "dead": dead,
        "final": as_lists(parameters),
        "stateAfter": state,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [make_case(i, *each) for i, each in enumerate(CASES)]
    runs = [make_run(i, *each) for i, each in enumerate(RUNS)]
    document = {"torch": torch.__version__, "conventions": CONVENTIONS, "cases": cases, "runs": runs}
    write(pathlib.Path(__file__).with_name("dictionaries.json"), document)
