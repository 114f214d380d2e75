"""The files that make containers agree with each other."""

import re
from fnmatch import fnmatch

import yaml
from server import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
STAGES = DOCKERFILE.split("\nFROM ")[1:]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def test_images_are_pinned_and_run_without_root() -> None:
    for stage in STAGES:
        assert re.match(r"[\w/-]+:\d*[\w-]*\d+[\w.-]*( |\n)", stage), stage.splitlines()[0]
        assert re.findall(r"^USER (\S+)", stage, re.MULTILINE)[-1].strip("0") not in ("", "root")


def test_three_replicas_and_the_proxy_have_limits_and_are_asked_for_their_health() -> None:
    assert sorted(SERVICES) == ["proxy", "replica1", "replica2", "replica3"]
    assert "\nHEALTHCHECK " in STAGES[-1] and "/dev/tcp/" in str(SERVICES["proxy"]["healthcheck"]["test"])
    for name, service in SERVICES.items():
        assert service["mem_limit"] == service["memswap_limit"] == ("256m" if name == "proxy" else "3g")


def test_the_port_is_the_same_everywhere() -> None:
    (port,) = re.findall(r"^EXPOSE (\d+)", STAGES[-1], re.MULTILINE)
    head = yaml.safe_load((ROOT / "deploy/space/README.md").read_text().split("---")[1])
    told = SERVICES["proxy"]["environment"]
    assert str(head["app_port"]) == port and f"STREAMLIT_SERVER_PORT={port}" in DOCKERFILE
    assert all(told[f"REPLICA_{k}"] == f"replica{k}:{port}" for k in (1, 2, 3))


def test_what_is_copied_is_not_kept_out() -> None:
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split() if name != "."]
    assert copied and not [name for name in copied if not any(fnmatch(name, each) for each in let_in)]
