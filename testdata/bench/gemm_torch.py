#!/usr/bin/env python3
"""PyTorch's matrix product at the shapes of BenchmarkGemm, in GFLOP/s, one thread.

    python3 testdata/bench/gemm_torch.py [seconds per shape]

Prints the median call and the fastest twentieth. torch.set_num_threads(1) alone
is not one thread: a torch that is linked with OpenBLAS (Debian's, Ubuntu's) takes
every core for a product this size until OPENBLAS_NUM_THREADS says otherwise.
Run it in turns with

    go test -run '^$' -bench 'Gemm/.*/.*/ours' ./autograd/kernel
"""
import os
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import torch

torch.set_num_threads(1)
seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5

SHAPES = [  # C (m, n) = op(A)·op(B), k products to an element
    ("NN", 4096, 256, 256), ("NN", 4096, 128, 128), ("NN", 4096, 64, 64), ("NN", 300, 256, 256),
    ("NT", 4096, 256, 256), ("NT", 4096, 128, 128), ("NT", 4096, 64, 64), ("NT", 300, 256, 256),
    ("TN", 256, 256, 4096), ("TN", 128, 128, 4096), ("TN", 64, 64, 4096), ("TN", 256, 256, 300),
]

for trans, m, n, k in SHAPES:
    a = torch.randn(k, m).t() if trans[0] == "T" else torch.randn(m, k)
    b = torch.randn(n, k).t() if trans[1] == "T" else torch.randn(k, n)
    c = torch.empty(m, n)
    torch.matmul(a, b, out=c)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        torch.matmul(a, b, out=c)
        times.append(time.perf_counter() - start)
    times.sort()
    rate = [2e-9 * m * n * k / times[int(len(times) * q)] for q in (0.5, 0.05)]
    print(f"{trans}/{m}x{n}x{k}  median {rate[0]:.1f}  best {rate[1]:.1f} GFLOP/s", flush=True)
