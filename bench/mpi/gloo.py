"""PyTorch in several processes, gloo between them: DistributedDataParallel, as its documentation writes training loops.

python3 gloo.py TASK.json THREADS MILLISECONDS, with RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT in the environment.
Process 0 prints one line of JSON.
"""

import json
import os
import sys
import time

import numpy
import torch
import torch.distributed as dist
from torch.distributed.nn.functional import all_reduce
from torch.nn.functional import embedding_bag, linear, mse_loss

RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def tensor(array):
    return torch.from_numpy(numpy.fromfile(array["path"], "<f4").reshape(array["shape"]))


class Model(torch.nn.Module):
    def __init__(self, task):
        super().__init__()
        self.task = task
        self.w, self.b, self.d, self.c = (torch.nn.Parameter(tensor(p)) for p in task["parameters"])

    def forward(self, x):
        """This process's part of the cost: the mean of all parts is that of the whole batch."""
        if self.task["kind"] == "kl":
            a = torch.sigmoid(linear(x, self.w, self.b))
            output = torch.sigmoid(torch.addmm(self.c, a, self.d))
            rate, target = a.mean(0), self.task["target"]
            if WORLD > 1:
                rate = all_reduce(rate) / WORLD
            divergence = target * torch.log(target / rate) + (1 - target) * torch.log((1 - target) / (1 - rate))
            penalty = self.task["weight"] * divergence.sum()
        else:
            values, indices = torch.topk(linear(x, self.w, self.b), self.task["k"], sorted=False)
            output = embedding_bag(indices, self.d, per_sample_weights=torch.relu(values), mode="sum") + self.c
            penalty = 0
        return mse_loss(output, x, reduction="sum") * (0.5 / x.shape[0]) + penalty


def main():
    task, threads, milliseconds = json.load(open(sys.argv[1])), int(sys.argv[2]), float(sys.argv[3])
    torch.set_num_threads(threads)
    if WORLD > 1:
        dist.init_process_group("gloo")
    model = Model(task)
    parallel = torch.nn.parallel.DistributedDataParallel(model) if WORLD > 1 else model
    decay = task["weightDecay"]
    if task["kind"] == "kl":
        groups = [{"params": [model.w, model.d], "weight_decay": decay}, {"params": [model.b, model.c], "weight_decay": 0.0}]
        optimizer = torch.optim.SGD(groups, lr=task["learningRate"], momentum=task["momentum"])
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=task["learningRate"])
    batch = task["batch"]
    own = slice(RANK * batch // WORLD, (RANK + 1) * batch // WORLD)
    batches = [rows[own].contiguous() for rows in tensor(task["x"]).split(batch)]

    def update(rows):
        optimizer.zero_grad(set_to_none=True)
        cost = parallel(rows)
        cost.backward()
        optimizer.step()
        return cost.detach()

    def whole(cost):
        if WORLD > 1:
            dist.all_reduce(cost)
        return cost.item() / WORLD

    costs = []
    for _ in range(task["steps"]):
        shrink = 0.5 * decay * sum((w.detach().double() ** 2).sum().item() for w in (model.w, model.d))
        costs.append(whole(update(batches[0])) + shrink)

    def timed():
        if WORLD > 1:
            dist.barrier()
        begin = time.perf_counter()
        for rows in batches:
            update(rows)
        return (time.perf_counter() - begin) * 1e3 / len(batches)

    timed()
    samples = []
    end = time.perf_counter() + milliseconds / 1e3
    while True:
        samples.append(timed())
        more = torch.tensor([1.0 if time.perf_counter() < end else 0.0])
        if WORLD > 1:
            dist.broadcast(more, 0)
        if more.item() == 0:
            break
    if RANK == 0:
        sent = sum(p.numel() for p in model.parameters()) * 4 if WORLD > 1 else 0
        print(json.dumps({"costs": costs, "samples": samples, "bytes": sent, "library": f"gloo of PyTorch {torch.__version__}"}))
    if WORLD > 1:
        dist.destroy_process_group()


main()
