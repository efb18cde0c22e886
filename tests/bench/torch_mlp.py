#!/usr/bin/env python3
"""The bare loop of Drover against PyTorch on one core: samples a second, turn by turn in one run.

usage: torch_mlp.py LOOP [ROUNDS]   LOOP is the program drover_bench_loop
"""
import gzip
import os
import statistics
import subprocess
import sys
import time

FOLDER = "/usr/share/datasets/fashion-mnist"
BATCH = 32


def read_idx(name, header):
    for ending, opener in (("", open), (".gz", gzip.open)):
        path = os.path.join(FOLDER, name + ending)
        if os.path.exists(path):
            with opener(path, "rb") as file:
                return bytearray(file.read()[header:])
    return None


def load(torch):
    """All samples as floats in memory, the same as the loop's."""
    images = read_idx("train-images-idx3-ubyte", 16)
    labels = read_idx("train-labels-idx1-ubyte", 8)
    if images is None:
        return torch.rand(60000, 784), torch.randint(10, (60000,))
    features = torch.frombuffer(images, dtype=torch.uint8).view(-1, 784).float() / 255
    return features, torch.frombuffer(labels, dtype=torch.uint8).long()


def blas_in_use():
    """File names of the BLAS that PyTorch was bound to: its speed is theirs."""
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if "/" in line}
    return ", ".join(sorted(os.path.basename(f) for f in files if "blas" in f or "mkl_rt" in f)) or "built in"


class Trainer:
    def __init__(self, torch):
        self.torch = torch
        self.features, self.labels = load(torch)
        layer = torch.nn.Linear
        self.model = torch.nn.Sequential(layer(784, 256), torch.nn.ReLU(), layer(256, 128), torch.nn.ReLU(),
                                         layer(128, 10))
        self.loss = torch.nn.CrossEntropyLoss()
        self.rule = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def epoch(self):
        """Samples a second over one epoch."""
        begin = time.perf_counter()
        order = self.torch.randperm(len(self.labels))
        steps = len(self.labels) // BATCH
        for step in range(steps):
            batch = order[step * BATCH:(step + 1) * BATCH]
            self.rule.zero_grad()
            self.loss(self.model(self.features[batch]), self.labels[batch]).backward()
            self.rule.step()
        return steps * BATCH / (time.perf_counter() - begin)


def main(loop, rounds):
    # One core, for whichever BLAS it was bound to; read when that is loaded.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    try:
        import torch
    except ImportError:
        print("SKIPPED: python3-torch is not installed")
        return
    torch.set_num_threads(1)
    trainer = Trainer(torch)
    served = subprocess.Popen([loop, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    served.stdout.readline()  # which data it has

    def loop_epoch():
        served.stdin.write("\n")
        served.stdin.flush()
        return float(served.stdout.readline())

    trainer.epoch(), loop_epoch()  # warm-up
    pairs = [(trainer.epoch(), loop_epoch()) for _ in range(rounds)]
    served.stdin.close()
    served.wait()
    ratios = sorted(mine / theirs for theirs, mine in pairs)
    low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
    print(f"PyTorch {torch.__version__} ({blas_in_use()}) {statistics.median(t for t, _ in pairs):9.0f} samples/s")
    print(f"bare loop {statistics.median(m for _, m in pairs):9.0f} samples/s   "
          f"x PyTorch {statistics.median(ratios):.2f} ({low:.2f} … {high:.2f})")


if __name__ == "__main__":
    print("\n== the bare loop against PyTorch, one core (mlp:256,128, batch 32, sgd)")
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 7)
