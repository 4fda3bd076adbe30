"""PyTorch, eager, as its documentation writes training loops."""

import numpy
import torch

from arrays import read


def start(threads):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    return {"torch": torch.__version__, "threads": torch.get_num_threads()}


def tensor(array):
    return torch.from_numpy(read(array))


def gemm(message):
    a, b = tensor(message["a"]), tensor(message["b"])
    left = a.t() if message["transposeA"] else a
    right = b.t() if message["transposeB"] else b
    out = torch.empty(left.shape[0], right.shape[1], dtype=a.dtype)

    def run():
        torch.mm(left, right, out=out)

    run()
    return run, {message["out"]: out.cpu().numpy()}


def top_k(message):
    a, k = tensor(message["a"]), message["k"]
    values, _ = torch.topk(a, k)

    def run():
        torch.topk(a, k)

    return run, {message["out"]: values.numpy()}


def kl_cost(parameters, x, task):
    """½‖x̂ − x‖² a row, mean over rows, plus β Σ KL(ρ‖ρ̂). Weight decay is the optimizer's."""
    w, b, d, c = parameters
    a = torch.sigmoid(torch.nn.functional.linear(x, w, b))
    output = torch.sigmoid(torch.addmm(c, a, d))
    rate, target = a.mean(0), task["target"]
    divergence = target * torch.log(target / rate) + (1 - target) * torch.log((1 - target) / (1 - rate))
    error = torch.nn.functional.mse_loss(output, x, reduction="sum") * (0.5 / x.shape[0])
    return error + task["weight"] * divergence.sum()


def k_sparse_cost(parameters, x, task):
    w, b, c = parameters
    z = torch.nn.functional.linear(x, w, b)
    values, indices = torch.topk(z, task["k"], sorted=False)
    a = torch.zeros_like(z).scatter(1, indices, values)
    return torch.nn.functional.mse_loss(torch.addmm(c, a, w), x, reduction="sum") * (0.5 / x.shape[0])


def step(message):
    task = message["objective"]
    cost_of = kl_cost if task["kind"] == "kl" else k_sparse_cost
    x = tensor(message["x"])
    batches = x.split(task["batch"])
    parameters = [tensor(p).clone().requires_grad_(True) for p in message["parameters"]]
    weights = [p for p in parameters if p.dim() == 2]
    biases = [p for p in parameters if p.dim() == 1]
    groups = [{"params": weights, "weight_decay": task["weightDecay"]}, {"params": biases, "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=task["learningRate"], momentum=task["momentum"])

    def update(batch):
        optimizer.zero_grad(set_to_none=True)
        cost = cost_of(parameters, batch, task)
        cost.backward()
        optimizer.step()
        return cost

    costs = []
    for _ in range(message["steps"]):
        decay = 0.5 * task["weightDecay"] * sum((w.detach().double() ** 2).sum().item() for w in weights)
        costs.append(update(batches[0]).item() + decay)
    theta = numpy.concatenate([p.detach().cpu().numpy().ravel() for p in parameters])
    at = [0]

    def run():
        at[0] = (at[0] + 1) % len(batches)
        update(batches[at[0]])

    return run, {message["theta"]: theta, message["costs"]: numpy.array(costs)}


def decoded(values, indices, rows, hidden, gathered):
    if gathered:
        return torch.nn.functional.embedding_bag(indices, rows, per_sample_weights=values, mode="sum")
    return torch.zeros(values.shape[0], hidden).scatter(1, indices, values) @ rows


def dictionary(message):
    """TopK, or k-sparse where it is tied: ½‖x̂ − x‖² a row, mean over rows; AuxK: (1/32) Σ‖ê − e‖² / Σ‖e − ē‖² over the batch, e detached."""
    task = message["objective"]
    hidden, k, tied, held, gathered = (task[key] for key in ("hidden", "k", "tied", "held", "gathered"))
    x = tensor(message["x"])
    batches = x.split(task["batch"])
    parameters = [tensor(p).clone().requires_grad_(True) for p in message["parameters"]]
    w, b, d, c = (*parameters[:2], parameters[0], parameters[2]) if tied else parameters
    optimizer = torch.optim.Adam(parameters, lr=1e-3)
    silence = torch.zeros(hidden, dtype=torch.long)

    def cost_of(batch):
        z = torch.nn.functional.linear(batch - c if held else batch, w, b)
        values, indices = torch.topk(z, k, sorted=False)
        values = values if tied else torch.relu(values)
        output = decoded(values, indices, d, hidden, gathered) + c
        cost = torch.nn.functional.mse_loss(output, batch, reduction="sum") * (0.5 / batch.shape[0])
        if task["auxiliaryK"] > 0:
            with torch.no_grad():
                fired = torch.zeros(hidden, dtype=torch.bool)
                fired[indices[values > 0]] = True
                silence.add_(batch.shape[0])
                silence[fired] = 0
                dead = (silence >= 1).nonzero().squeeze(1)
                e = batch - output
                spread = (e - e.mean(0)).square().sum()
            count = min(task["auxiliaryK"], dead.numel())
            if count > 0:
                most, at = torch.topk(z[:, dead], count, sorted=False)
                hat = decoded(torch.relu(most), dead[at], d, hidden, gathered)
                cost = cost + (hat - e).square().sum() / (32 * spread)
        return cost

    def update(batch):
        optimizer.zero_grad(set_to_none=True)
        cost = cost_of(batch)
        cost.backward()
        with torch.no_grad():
            if held:
                along = (d.grad * d).sum(1, keepdim=True) / d.square().sum(1, keepdim=True)
                d.grad.sub_(along * d)
            optimizer.step()
            if held:
                d.div_(d.norm(dim=1, keepdim=True))
        return cost

    costs = [update(batches[0]).item() for _ in range(message["steps"])]
    at = [0]

    def run():
        at[0] = (at[0] + 1) % len(batches)
        update(batches[at[0]])

    return run, {message["costs"]: numpy.array(costs)}


TASKS = {"gemm": gemm, "top-k": top_k, "step": step, "dictionary": dictionary}
