#!/usr/bin/env python3
"""Ten steps of torch.optim.AdamW(amsgrad=True) in float64, as golden values.

    python3 adamw_torch.py adamw.json --seed 0

Gradients start large and shrink, so that the running mean of the square falls
below its maximum and amsgrad differs from plain AdamW; the learning rate changes
on the way, as a schedule's does, and the weight decay is large enough to be seen.
"""
import argparse
import json

import torch


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    n, steps = 7, 10
    betas, eps, weight_decay = (0.9, 0.99), 1e-8, 0.02
    p = torch.nn.Parameter(torch.randn(n, dtype=torch.float64))
    optimiser = torch.optim.AdamW([p], betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=True)
    golden = {
        "torch": torch.__version__, "seed": args.seed,
        "beta1": betas[0], "beta2": betas[1], "eps": eps, "weight_decay": weight_decay,
        "start": p.tolist(), "steps": [],
    }
    for k in range(steps):
        lr = 0.1 * (1 - 0.05 * k)
        optimiser.param_groups[0]["lr"] = lr
        p.grad = torch.randn(n, dtype=torch.float64) * 10.0 ** (1 - 0.3 * k)
        optimiser.step()
        golden["steps"].append({"lr": lr, "grad": p.grad.tolist(), "params": p.tolist()})
    state = optimiser.state[p]
    golden["m"] = state["exp_avg"].tolist()
    golden["v"] = state["exp_avg_sq"].tolist()
    golden["vmax"] = state["max_exp_avg_sq"].tolist()
    with open(args.out, "w") as f:
        json.dump(golden, f, indent=1)
        f.write("\n")


main()
