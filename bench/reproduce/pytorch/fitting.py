"""What both rows share: L-BFGS on a full batch, softmax regression, and the share of wrong answers."""

import time

import torch
import torch.nn.functional as F


def lbfgs(cost, parameters, iterations):
    """`iterations` of L-BFGS on J = cost(), from the present parameters, which it changes. (J, seconds).

    torch.optim.LBFGS rather than SciPy's L-BFGS-B: the same J after as many iterations (784-200-784, 1,000 digits,
    150 iterations, three seeds: 11.925, 11.943, 11.904 and 11.925, 11.917, 11.935), without the time that L-BFGS-B
    spends on its bounds and on float64 copies. As in the engine: 20 pairs (s, y), at most 25 evaluations a line search,
    and no tolerance that would end it early.
    """
    optimizer = torch.optim.LBFGS(
        parameters,
        max_iter=iterations,
        max_eval=26 * iterations,
        tolerance_grad=0,
        tolerance_change=0,
        history_size=20,
        line_search_fn="strong_wolfe",
    )

    def evaluate():
        optimizer.zero_grad(set_to_none=True)
        j = cost()
        j.backward()
        return j

    begun = time.perf_counter()
    optimizer.step(evaluate)
    seconds = time.perf_counter() - begun
    state = optimizer.state[parameters[0]]
    with torch.no_grad():
        j = cost().item()
    print(f"  {state['n_iter']} iterations, {state['func_evals']} evaluations: J = {j:.6g}, {seconds:.1f} s", flush=True)
    return j, seconds


def softmax_weights(units, classes, generator):
    """Θ ~ N(0, 0.005²), biases 0."""
    weight = 0.005 * torch.randn(classes, units, generator=generator)
    return [weight.requires_grad_(), torch.zeros(classes, requires_grad=True)]


def softmax_cost(a, y, weight, bias, decay):
    """−(1/m) Σₖ log p(yₖ | aₖ) + (λ/2) Σ Θ²."""
    return F.cross_entropy(F.linear(a, weight, bias), y) + 0.5 * decay * weight.square().sum()


@torch.no_grad()
def wrong(a, y, weight, bias):
    """The percentage of examples whose most probable class is not their label."""
    return 100 * (F.linear(a, weight, bias).argmax(1) != y).double().mean().item()
