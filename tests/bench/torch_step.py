"""One training step of the demo's network in PyTorch: FP32, SGD, batch 1, one thread, real Fashion-MNIST images.

Prints one JSON line when ready. Then every line of standard input, a number of steps, starts a turn and is answered by one JSON line;
training goes on from turn to turn. `step_bench --prompted` speaks the same protocol.

    echo 1000 | /usr/bin/python3 tests/bench/torch_step.py
"""

import gzip
import json
import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read when the libraries load

import torch

FOLDER = "/usr/share/datasets/fashion-mnist"
LAYERS = (784, 256, 128, 10)
RATE = 0.05


def idx(name, header):
    with gzip.open(f"{FOLDER}/{name}.gz") as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


def blas():
    """File of the BLAS that the process uses: the reference one is slower than OpenBLAS and would flatter Tessera."""
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if "blas" in line}
    return sorted(files)[0] if files else "inside PyTorch"


def network():
    parts = []
    for inputs, outputs in zip(LAYERS, LAYERS[1:]):
        parts += [torch.nn.Linear(inputs, outputs), torch.nn.Sigmoid()]
    return torch.nn.Sequential(*parts[:-1])  # cross-entropy takes the last layer's sums


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    images = (idx("train-images-idx3-ubyte", 16).view(-1, 1, LAYERS[0]).float() / 255).contiguous()
    labels = idx("train-labels-idx1-ubyte", 8).view(-1, 1).long()
    order = torch.randperm(len(labels)).tolist()
    samples = [(images[k], labels[k]) for k in order]
    model = network()
    loss = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "blas": blas()}), flush=True)

    done = 0
    for line in sys.stdin:
        steps = int(line)
        turn = [samples[(done + k) % len(samples)] for k in range(steps)]
        cpu, wall = time.process_time(), time.perf_counter()
        for image, label in turn:
            optimizer.zero_grad(set_to_none=True)  # cheaper than filling with zeros
            loss(model(image), label).backward()
            optimizer.step()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        done += steps
        print(json.dumps({"samples": steps, "us": cpu / steps * 1e6, "wall_us": wall / steps * 1e6}), flush=True)


main()
