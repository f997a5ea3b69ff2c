"""Runs the benchmarks in turns, gathers their numbers, prints a table and writes JSON. Started by scripts/bench, which documents it.

Times of steps are processor time of single-threaded programs: on a machine that others use too, wall time would measure the others.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.path.join(HERE, "../../workloads/experiments/fashion-mnist-cttv2.toml")
NOISE = ["io.inp_noise=0.01", "io.w_noise=0.01"]  # besides the demo's output noise and the devices' own
EXPERIMENTS = {
    "demo": NOISE,
    "heavy": NOISE + ["device.preset=soft_bounds_1000", "algorithm.desired_bl=31"],
}
TURNS = 5
NO_THREADS = "one op stream is executed in order by one thread: there is no multi-threaded execution to measure yet"
BARS = {"step_ratio_to_pytorch_fp32": 0.5, "heavy_step_ratio_to_pytorch_fp32": 1.0, "host_us_per_op": 1.5,
        "systemc_us_per_sample": 60.0}


def say(text):
    print(text, file=sys.stderr, flush=True)


def overrides(name):
    return [word for value in EXPERIMENTS[name] for word in ("--set", value)]


class Prompted:
    """A program that answers each number of samples on its standard input by a JSON line."""

    def __init__(self, command, samples, **environment):
        self.samples = samples
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "SYSTEMC_DISABLE_COPYRIGHT_MESSAGE": "1", **environment})

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args[0]} ended with {self.process.wait()}")
        return json.loads(line)

    def turn(self, samples=None):
        self.process.stdin.write(f"{samples or self.samples}\n")
        self.process.stdin.flush()
        return self.read()

    def end(self):
        """End of input; step_bench then checks that both executions agree."""
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise RuntimeError(f"{' '.join(self.process.args)} ended with {self.process.returncode}")


def start_torch(samples):
    """PyTorch and what it is, or None and why not."""
    probe = subprocess.run(["/usr/bin/python3", "-c", "import torch"], capture_output=True, text=True)
    if probe.returncode != 0:
        return None, {"missing": "/usr/bin/python3 cannot import torch: scripts/install-deps bench"}
    program = Prompted(["/usr/bin/python3", os.path.join(HERE, "torch_step.py")], samples)
    return program, program.read()


def steps(options):
    """One dictionary a turn and program, and what PyTorch is. All programs stay alive and go on training."""
    scale = 0.1 if options.quick else 1.0
    step_bench = os.path.join(options.build, "step_bench")
    torch, about = (None, {"missing": "--skip-torch"}) if options.skip_torch else start_torch(int(2000 * scale))
    if torch is None:
        say(f"bench: no PyTorch, ratios to it will be null ({about['missing']})")
    programs = {} if torch is None else {"torch": torch}
    for name, samples in (("demo", 1000), ("heavy", 300)):
        command = [step_bench, DEMO, "--prompted"] + overrides(name)
        programs[name] = Prompted(command, int(samples * scale))
        programs[name + "_scalar"] = Prompted(command, int(samples * scale / 3), TESSERA_ISA="scalar")
    for program in programs.values():
        program.turn(50)  # warm-up
    turns = {name: [] for name in programs}
    for turn in range(TURNS):
        say(f"steps: turn {turn + 1} of {TURNS}")
        for name, program in programs.items():
            turns[name].append(program.turn())
    for program in programs.values():
        program.end()
    return turns, about


def median(turns, key):
    return statistics.median(turn[key] for turn in turns)


def paired(over, key, under, under_key):
    """Median of the ratios within each turn, and the smallest and largest."""
    ratios = [a[key] / b[under_key] for a, b in zip(over, under)]
    return round(statistics.median(ratios), 4), [round(min(ratios), 4), round(max(ratios), 4)]


def step_numbers(turns):
    out, spread = {}, {}
    for name, prefix in (("demo", ""), ("heavy", "heavy_")):
        mine, scalar = turns[name], turns[name + "_scalar"]
        chip = "chip_us_per_sample"
        out[prefix + "step_us"] = median(mine, chip)
        for key in ("in_order_us_per_sample", "systemc_us_per_sample", "chip_wall_us_per_sample", "ops_per_sample",
                    "host_us_per_op", "systemc_share"):
            out[prefix + key] = round(median(mine, key), 4)
        ratio = prefix + "step_ratio_to_pytorch_fp32"
        out[ratio], spread[ratio] = paired(mine, chip, turns["torch"], "us") if "torch" in turns else (None, None)
        ratio = prefix + "step_ratio_scalar_to_vector"
        out[ratio], spread[ratio] = paired(scalar, chip, mine, chip)
    out["pytorch_fp32_step_us"] = round(median(turns["torch"], "us"), 2) if "torch" in turns else None
    out["pytorch_fp32_step_wall_us"] = round(median(turns["torch"], "wall_us"), 2) if "torch" in turns else None
    out["threads2_speedup"] = None
    out["threads2_speedup_reason"] = NO_THREADS
    return {**out, "spread": spread}


def kernel_numbers(options):
    program = os.path.join(options.build, "kernel_bench")
    if options.skip_kernels:
        return None
    if not os.path.exists(program):
        say("bench: no kernel_bench, kernels are left out (scripts/install-deps bench-kernels, then build again)")
        return None
    say("kernels")
    command = [program, "--benchmark_format=json", "--benchmark_enable_random_interleaving=true",
               f"--benchmark_min_time={0.01 if options.quick else 0.1}",
               f"--benchmark_repetitions={3 if options.quick else 5}"]
    for name in EXPERIMENTS:
        command += ["--experiment", name, DEMO] + overrides(name)
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                         env={**os.environ, "SYSTEMC_DISABLE_COPYRIGHT_MESSAGE": "1"})
    if run.returncode != 0:
        sys.stderr.write(run.stderr)
        raise RuntimeError(f"kernel_bench ended with {run.returncode}")
    return summarise(json.loads(run.stdout))


def summarise(report):
    """Google Benchmark's report as {kernel: {item, and for each build ns_per_item, gb_per_s, triad_share}}."""
    context = report["context"]
    best = context["isa_best"]
    medians = [b for b in report["benchmarks"] if b.get("aggregate_name") == "median"]
    medians.sort(key=lambda b: b["family_index"])  # they ran in random order
    triad = next(b["bytes_per_s"] for b in medians if b["run_name"] == "stream_triad")
    kernels = {}
    for b in medians:
        name, _, isa = b["run_name"].rpartition("/")
        if name:
            entry = kernels.setdefault(name, {"item": b["label"]})
            entry["scalar" if isa == "scalar" else "best"] = {
                "ns_per_item": float(f"{b['s_per_item'] * 1e9:.4g}"),
                "gb_per_s": round(b["bytes_per_s"] / 1e9, 2),
                "triad_share": round(b["bytes_per_s"] / triad, 3),
            }
    for entry in kernels.values():
        entry.setdefault("best", entry["scalar"])  # TESSERA_ISA=scalar
        entry["scalar_to_best"] = round(entry["scalar"]["ns_per_item"] / entry["best"]["ns_per_item"], 2)
    densities = {k: float(v) for k, v in context.items() if k.split("_")[0] in ("pulses", "touched")}
    return {"isa_best": best, "triad_gb_per_s": round(triad / 1e9, 2), **densities, "kernels": kernels}


def machine(about):
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {"cpu": models[0] if models else "unknown", "cpus": len(os.sched_getaffinity(0)),
            "load_before": [round(x, 2) for x in os.getloadavg()], "pytorch": about}


def print_kernels(kernels):
    best = kernels["isa_best"]
    print(f"\nKernels: STREAM triad {kernels['triad_gb_per_s']} GB/s. A share above 1: the data come from a cache, or are written "
          "where they were read, without the fetch that the triad pays and does not count")
    for name in EXPERIMENTS:
        print(f"  {name}: {kernels['pulses_per_update_' + name]:.0f} pulses in an update of a first-layer tile, "
              f"{100 * kernels['touched_share_' + name]:.1f} % of its devices touched")
    print(f"  {'':26}{'scalar ns':>11}{best + ' ns':>11} per {'item':8}{'ratio':>7}{'GB/s':>9}{'triad':>8}")
    for name, k in kernels["kernels"].items():
        print(f"  {name:26}{k['scalar']['ns_per_item']:11.4g}{k['best']['ns_per_item']:11.4g}     {k['item']:8}"
              f"{k['scalar_to_best']:7.2f}{k['best']['gb_per_s']:9.2f}{k['best']['triad_share']:8.2f}")


def print_steps(n):
    def row(text, key, unit=""):
        demo, heavy = (n.get(prefix + key) for prefix in ("", "heavy_"))
        show = [f"{x:12.4g}" if x is not None else f"{'-':>12}" for x in (demo, heavy)]
        bars = [f"{name} ≤ {BARS[prefix + key]:g}" for name, prefix in (("demo", ""), ("heavy", "heavy_"))
                if prefix + key in BARS]
        print(f"  {text:44}{show[0]}{show[1]} {unit:4}{'; '.join(bars)}".rstrip())

    print(f"  {'one training step, batch 1, one thread':44}{'demo':>12}{'heavy':>12}      bar")
    row("on the chip (SystemC, timing, energy)", "step_us", "µs")
    row("in order, without time", "in_order_us_per_sample", "µs")
    row("SystemC + TLM + accounting", "systemc_us_per_sample", "µs")
    row("  its share of the step", "systemc_share")
    row("  per op", "host_us_per_op", "µs")
    row("ops", "ops_per_sample")
    row("ratio to PyTorch's FP32 SGD step", "step_ratio_to_pytorch_fp32")
    row("ratio scalar to vector code", "step_ratio_scalar_to_vector")
    print(f"  PyTorch's step: {n['pytorch_fp32_step_us'] or '-'} µs. Two threads: not measured, {n['threads2_speedup_reason']}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="folder with step_bench and kernel_bench")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--skip-kernels", action="store_true")
    parser.add_argument("--skip-torch", action="store_true")
    options = parser.parse_args()
    host = machine(None)
    turns, host["pytorch"] = steps(options)
    numbers = step_numbers(turns)
    kernels = kernel_numbers(options)
    host["isa"] = turns["demo"][0]["isa"]
    host["load_after"] = [round(x, 2) for x in os.getloadavg()]

    print(f"{host['cpu']}, {host['cpus']} CPUs, {host['isa']}; load {host['load_before'][0]} → {host['load_after'][0]}")
    if max(host["load_before"][0], host["load_after"][0] - 1) > 0.5 * host["cpus"]:
        print("The machine is busy with other work: take these numbers as rough.")
    print_steps(numbers)
    if kernels:
        print_kernels(kernels)
    if options.json:
        result = {**numbers, "quick": options.quick, "bars": BARS, "experiments": EXPERIMENTS, "machine": host,
                  "turns": turns, "kernels": kernels}
        with open(options.json, "w") as file:
            json.dump(result, file, indent=2)
            file.write("\n")
        say(f"bench: wrote {options.json}")


try:
    main()
except (RuntimeError, OSError) as error:
    say(f"bench: {error}")
    sys.exit(1)
