"""The PyTorch side of the figures on a card: the network of a peer's file, trained on QM9's sizes.

    python3 torch_cuda.py egnn_torch.py --hidden 256 --layers 9 --batch 512

prints a line of JSON for each way: float32 or TF32, padded as published or packed with the first
linear split by atoms, eager or compiled. Without a card it runs on the processor, to be tried.
"""
import argparse, importlib.util, json, time

import torch

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("peer")
p.add_argument("--hidden", type=int, default=256)
p.add_argument("--edge", type=int)
p.add_argument("--layers", type=int, default=9)
p.add_argument("--batch", type=int, default=512)
p.add_argument("--steps", type=int, default=10)
a = p.parse_args()

spec = importlib.util.spec_from_file_location("peer", a.peer)
peer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peer)
device = "cuda" if torch.cuda.is_available() else "cpu"
sizes, t, xh, mask = peer.batch(a.batch, 6, torch.float32)
torch.set_default_device(device)
t, xh, mask = t.to(device), xh.to(device), mask.to(device)


def wait():
    if device == "cuda":
        torch.cuda.synchronize()


def run(style, compiled):
    torch.manual_seed(0)
    net = peer.Dynamics(6, a.hidden, a.layers, edge=a.edge)
    peer.Layer.factored = style == "factored"
    opt = torch.optim.AdamW(net.parameters(), lr=1e-4, amsgrad=True, weight_decay=1e-12)
    inputs, target, forward = (t, xh, mask), xh, net
    if style == "factored":
        inputs = peer.pack(sizes, t, xh, mask)
        target, forward = inputs[1], net.packed
    if compiled:
        forward = torch.compile(forward)
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    for step in range(3 + a.steps):
        if step == 3:
            wait()
            start = time.perf_counter()
        opt.zero_grad()
        ((forward(*inputs) - target) ** 2).mean().backward()
        opt.step()
    wait()
    seconds = (time.perf_counter() - start) / a.steps
    peak = torch.cuda.max_memory_allocated() / 2**20 if device == "cuda" else None
    return dict(molecules_per_second=round(a.batch / seconds, 1), peak_MiB=peak)


for compiled in (False, True):  # compiling takes longest, and comes last
    for tf32 in (False, True):
        torch.set_float32_matmul_precision("high" if tf32 else "highest")
        for style in ("published", "factored"):
            line = dict(torch=torch.__version__, device=device, hidden=a.hidden, edge=a.edge, layers=a.layers, batch=a.batch,
                        tf32=tf32, style=style, compiled=compiled)
            try:
                line.update(run(style, compiled))
            except Exception as e:  # one way that fails leaves the others
                line["error"] = str(e).splitlines()[0]
            print(json.dumps(line), flush=True)
