"""The toy's grader: runs the machine for each row and writes the same results.json as the real one."""

import argparse
import importlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def run_row(machine: str, row: dict, table: dict, done: dict) -> tuple[str, str]:
    failed = [name for name in row.get("behind", []) if done.get(name, "PASS") != "PASS"]
    if failed:
        return "SKIP", f"{failed[0]} failed"
    words, expected = table[row["id"]]
    ran = subprocess.run([machine, *words.split()], capture_output=True, text=True, timeout=10, check=False)
    if ran.returncode == 121:
        return "FAIL", ran.stdout.strip().splitlines()[-1]
    if (ran.stdout, ran.returncode) != (expected, 0):
        return "FAIL", f"expected {expected!r}, got {ran.stdout!r} and status {ran.returncode}"
    return "PASS", ""


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("machine", "arch", "lab", "rows", "json"):
        parser.add_argument(f"--{name}", default="")
    options = parser.parse_args()
    wanted = [name for name in options.rows.split(",") if name]
    rows, done = [], {}
    for folder in sorted(Path("labs").glob("[0-9][0-9]-*/lab.toml")):
        lab = tomllib.loads(folder.read_text())
        if options.lab and lab["id"] not in options.lab.split(","):
            continue
        table = dict(importlib.import_module(f"rows_{lab['id']}").ROWS)
        if Path(f"grading/hidden_{lab['id']}.py").exists():
            table |= importlib.import_module(f"hidden_{lab['id']}").ROWS
        for row in lab.get("rows", []):
            if wanted and row["id"] not in wanted or options.arch not in row.get("arch", [options.arch]):
                continue
            verdict, reason = run_row(options.machine, row, table, done)
            done[row["id"]] = verdict
            points = row["points"] if verdict == "PASS" else 0
            rows.append({"name": row["id"], "score": points, "max_score": row["points"],
                         "extra_data": {"lab": lab["id"], "verdict": verdict, "reason": reason}})
    Path(options.json).parent.mkdir(parents=True, exist_ok=True)
    Path(options.json).write_text(json.dumps({"tests": rows}, indent=1))
    points, most = sum(row["score"] for row in rows), sum(row["max_score"] for row in rows)
    print(f"SCORE {options.lab} {options.arch} {points}/{most}")
    return 0 if points == most else 1


if __name__ == "__main__":
    sys.exit(main())
