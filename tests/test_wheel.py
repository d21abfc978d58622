"""The distribution stands on its own: built, installed elsewhere and run from there, it finds all that it needs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.databases import free_port
from tests.running import MEF, ROOT, START_SECONDS, eventually

FOLDERS = ("specs", "mappings", "tests/samples/sonata", "tests/samples/tmf", "lso/lifecycle/rules",
           "lso/store/migrations", "lso/demo")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it, and the other packages of this one within its reach; not our tree."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", symlinks=True)
    python = home / "venv" / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps",
               "--disable-pip-version-check", str(wheel)]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    packages = home / "packages"
    packages.mkdir()
    for one in Path(sysconfig.get_path("purelib")).iterdir():
        if not one.name.startswith(("lso_bridge", "_lso_bridge", "_editable_impl_lso_bridge")) and one.suffix != ".pth":
            (packages / one.name).symlink_to(one)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (home / "venv" / "lib" / version / "site-packages" / "reach.pth").write_text(f"{packages}\n")
    return home


def run(elsewhere: Path, *words: str) -> str:
    """What a command of the installed service prints."""
    command = [str(elsewhere / "venv" / "bin" / "lso"), *words]
    told = subprocess.run(command, cwd=elsewhere, env=surroundings(elsewhere), capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def surroundings(elsewhere: Path) -> dict[str, str]:
    """The environment without what leads back to our tree, or to the settings of whoever runs this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LSO_", "PYTHON", "VIRTUAL_ENV"))}
    return kept | {"LSO_VAR": str(elsewhere / "var")}


@pytest.fixture(scope="module")
def service(elsewhere: Path) -> Iterator[str]:
    """Its address, once it is ready."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = elsewhere / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([elsewhere / "venv" / "bin" / "lso", "serve", "--port", str(port)], cwd=elsewhere,
                                   env=surroundings(elsewhere), stdout=out, stderr=out)

    def ready() -> bool:
        assert process.poll() is None, log.read_text()[-4000:]
        try:
            return requests.get(f"{url}/ready", timeout=1).status_code == 200
        except requests.ConnectionError:
            return False

    try:
        eventually(ready, START_SECONDS)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def test_all_data_travels_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    ours = {file.relative_to(ROOT).as_posix() for folder in FOLDERS for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts}
    travelled = {name if name.startswith("lso/") else f"lso/data/{name.removeprefix('tests/')}" for name in ours}
    assert travelled - packed == set()
    assert not [name for name in packed if name.startswith(("tests/", "benchmarks/", "specs/", "mappings/"))]


def test_the_installed_command_is_not_the_one_of_our_tree(elsewhere: Path) -> None:
    where = "import lso, pil, sil; print(lso.__file__, pil.__file__, sil.__file__)"
    python = str(elsewhere / "venv" / "bin" / "python")
    told = subprocess.run([python, "-c", where], cwd=elsewhere, env=surroundings(elsewhere), capture_output=True,
                          text=True)
    assert told.stdout.count(str(elsewhere / "venv")) == 3, told.stdout + told.stderr


def test_the_installed_command_says_what_it_can_do(elsewhere: Path) -> None:
    assert "serve" in run(elsewhere, "--help")


def test_the_installed_tables_hold_against_the_installed_specifications(elsewhere: Path) -> None:
    assert "sonata.order" in run(elsewhere, "mapping", "check")
    assert "sonata.grace.order" in run(elsewhere, "spec", "check")


def test_an_order_is_fulfilled_by_the_installed_service(elsewhere: Path, service: str) -> None:
    token = run(elsewhere, "token", "demo-carrier", "--url", service).strip()
    headers = {"Authorization": f"Bearer {token}"}
    body = json.loads((ROOT / "tests/samples/sonata/internet_add.json").read_text())
    placed = requests.post(f"{service}{MEF}/productOrder", json=body, headers=headers, timeout=20)
    assert placed.status_code == 201, placed.text
    href = placed.headers["Location"]
    eventually(lambda: requests.get(href, headers=headers, timeout=20).json()["state"] == "completed")
