"""How long a user waits: `warwire --help`, and `warwire extract` on one article, each from a fresh process.

    python -m warwire.evaluate.benchmarks.cold_start annotations/corpus/example.txt

Prints the median and the worst of the runs in seconds, beside the same of a Python process that does nothing.
"""

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

RUNS: Final = 11
_MAIN: Final = "from warwire.model.main import main; main()"


def seconds(command: Sequence[str], runs: int = RUNS) -> list[float]:
    """Wall-clock seconds of each run of a command; the first, which fills the file cache, is left out.

    Raises:
        subprocess.CalledProcessError: the command fails.
    """
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return times[1:]


def main(article: Path) -> None:
    """Print the three measurements."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "warwire --help": [sys.executable, "-c", _MAIN, "--help"],
        "warwire extract": [sys.executable, "-c", _MAIN, "extract", str(article)],
    }
    print(f"{platform.platform()}, Python {platform.python_version()}, {RUNS} runs each")
    for name, command in commands.items():
        times = seconds(command)
        print(f"{name:16} median {statistics.median(times):.3f} s, worst {max(times):.3f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
