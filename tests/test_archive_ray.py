"""The Ray engine writes what the local engine writes, also when a node of the cluster is lost on the way."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archive_runs import COMMAND, archive_of
from conftest import made
from reports import REPORTS

pytest.importorskip("ray")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("input") / "news.jsonl"
    texts = [made(source).text for source in REPORTS.values()]
    lines = [json.dumps({"id": f"a{n % 40}", "text": f"{text} Report {n}."}) for n, text in enumerate(texts)]
    path.write_text("\n".join(lines) + "\nno JSON\n")
    return path


def archive(source: Path, out: Path, *more: str, address: str = "") -> subprocess.Popen[bytes]:
    options = [str(source), "--out", str(out), "--shard-documents", "5", "--workers", "2", "--no-progress", *more]
    environment = {**os.environ, **({"RAY_ADDRESS": address} if address else {})}
    return subprocess.Popen([*COMMAND, *options], env=environment, stderr=subprocess.PIPE)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A head without processors and two nodes with one each, all on this machine."""
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    yield found
    found.shutdown()


def test_with_a_node_killed_in_the_middle_the_output_is_that_of_the_local_engine(
    source: Path, cluster: Any, tmp_path: Path
) -> None:
    nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
    run = archive(source, tmp_path / "ray", "--engine", "ray", address=cluster.address)
    while run.poll() is None and len(list(tmp_path.glob("ray/shards/*.json"))) < 2:
        time.sleep(0.05)
    assert run.poll() is None, "ended before a node could be killed"
    cluster.remove_node(nodes[0], allow_graceful=False)
    _, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors.decode()
    local = archive(source, tmp_path / "local")
    _, errors = local.communicate(timeout=120)
    assert local.returncode == 0, errors.decode()
    assert archive_of(tmp_path / "ray") == archive_of(tmp_path / "local")
