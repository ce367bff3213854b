"""Writes what EC2 instance types have: src/private/license/instance-types.generated.ts, and test/compliance/instance-types.json, which it is tested against.

The source is what DescribeInstanceTypes answers, as moto (https://github.com/getmoto/moto, Apache-2.0) ships it and brings it up to date each month:

    python3 -m pip download --no-deps --dest <folder> moto && python3 tools/instance-types.py <folder>/moto-*.whl
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
wheel = Path(sys.argv[1])
version = wheel.name.split("-")[1]
with zipfile.ZipFile(wheel) as archive:
    described = json.loads(gzip.decompress(archive.read("moto/ec2/resources/instance_types.json.gz")))
known = {name: (it["VCpuInfo"]["DefaultVCpus"], it["VCpuInfo"]["DefaultCores"]) for name, it in sorted(described.items())}


def named(size: str) -> int | None:
    """What the name of a size tells: `2xlarge` and `metal-2xl` have 8."""
    multiple = re.fullmatch(r"(?:metal-)?(\d*)xl(?:arge)?", size)
    return 4 * int(multiple.group(1) or 1) if multiple else 2 if size == "large" else None


others: dict[str, int] = {}
cores: dict[str, set[str]] = {}
for name, (vcpus, own) in known.items():
    family, size = name.split(".")
    if named(size) != vcpus:
        others[name] = vcpus
    cores.setdefault(family, set()).add("one" if vcpus == own else "two" if vcpus == 2 * own else "other")
families = {threads: sorted(family for family, found in cores.items() if found == {threads}) for threads in ("one", "two")}


def lines(names: list[str]) -> str:
    """A list of names, some in a line."""
    rows = [names[i:i + 12] for i in range(0, len(names), 12)]
    return "".join("  " + ", ".join(f"'{name}'" for name in row) + ",\n" for row in rows)


(ROOT / "src/private/license/instance-types.generated.ts").write_text(
    f"// Written by tools/instance-types.py, from moto {version}.\n\n"
    "/** The vCPUs of types whose names do not tell them. */\n"
    "export const OTHER_VCPUS: { readonly [type: string]: number } = {\n"
    + "".join(f"  '{name}': {vcpus},\n" for name, vcpus in others.items())
    + "};\n\n/** The families with one thread a core. */\nexport const ONE_THREAD: readonly string[] = [\n" + lines(families["one"])
    + "];\n\n/** The families with two threads a core. */\nexport const TWO_THREADS: readonly string[] = [\n" + lines(families["two"]) + "];\n")
(ROOT / "test/compliance/instance-types.json").write_text(
    "{\n" + ",\n".join(f'  "{name}": {{ "vcpus": {vcpus}, "cores": {own} }}' for name, (vcpus, own) in known.items()) + "\n}\n")
