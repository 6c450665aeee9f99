"""The two commands of the README: make the environment if need be, then run the program or prove it.

Standard library only, for any Python 3: it has to explain itself on machines that have nothing yet.
"""

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "bootstrap.json"
SUPPORTED = ((3, 11), (3, 12), (3, 13))  # 3.14: the event loop bridge fails there
EXTRAS = {"run": "media,entra", "test": "media,entra,dev"}

# Shared library -> Debian package. A missing xcb library aborts the process with no exception: look first.
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class SetupError(Exception):
    """Something a person has to do first; the text says what."""


def say(text: str) -> None:
    """One line of progress, at once."""
    print(f"· {text}", flush=True)


def interpreter() -> str:
    """A Python that the program runs on: this one, or another on the path."""
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    for major, minor in reversed(SUPPORTED):
        if found := shutil.which(f"python{major}.{minor}"):
            return found
    have = ".".join(map(str, sys.version_info[:2]))
    raise SetupError(
        f"Playground needs Python 3.11, 3.12 or 3.13; this is {have}, and no other was found on the PATH.\n"
        "Install one (on Debian or Ubuntu: apt-get install python3 python3-venv) and run this again with it."
    )


def missing_libraries() -> list[str]:
    """Debian packages of the shared libraries that Qt needs and this machine lacks."""
    if not sys.platform.startswith("linux"):
        return []
    packages = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


def has_venv(python: str) -> bool:
    """Whether this Python can make environments (Debian ships that apart)."""
    probe = subprocess.run([python, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    return probe.returncode == 0


def apt_install(packages: list[str]) -> None:
    """Install system packages when allowed; otherwise say the exact command and stop."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    wanted = f"These system packages are missing: {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise SetupError(
            f"{wanted}\n(named as on Debian). Install them with your package tool, then run this again."
        )
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        allowed = (
            sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
        )
        if not allowed:
            raise SetupError(f"{wanted}\nRun this, then start again:\n\n    sudo {' '.join(command)}\n")
        command = [str(sudo), "-n", *command]
    say(f"Installing system packages: {' '.join(packages)}")
    prefix = command[: command.index("apt-get")]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in ([*prefix, "apt-get", "update", "-q"], command):
        done = subprocess.run(step, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SetupError(f"{' '.join(step)} failed:\n{(done.stderr or done.stdout)[-2000:]}")


def venv_python() -> Path:
    """The environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(python: str, kind: str) -> str:
    """What the environment was made from: when this changes it is brought up to date."""
    digest = hashlib.sha256(f"{python}|{EXTRAS[kind]}|{ROOT}".encode())
    for name in ("pyproject.toml", "packaging/constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamps() -> dict[str, str]:
    """What the environment was last made from, by kind; empty when it is new or its note is unreadable."""
    try:
        noted = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def pip(*arguments: str) -> None:
    """Run the environment's pip, a line per package so that a long download is seen to move."""
    environment = {
        **os.environ,
        "PIP_CONSTRAINT": str(ROOT / "packaging/constraints.txt"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    command = [str(venv_python()), "-m", "pip", "install", "--no-input", *arguments]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    kept = []
    assert process.stdout is not None
    for line in process.stdout:
        kept.append(line)
        if line.startswith(
            ("Collecting ", "Installing collected", "  Downloading", "Successfully installed")
        ):
            print("   ", line.strip()[:100], flush=True)
    if process.wait() != 0:
        raise SetupError("Installing the Python packages failed (no network?):\n" + "".join(kept[-15:]))


def set_up(kind: str) -> None:
    """Make or mend the environment; a second call does nothing and takes no time."""
    python = interpreter()
    wanted = fingerprint(python, kind)
    if packages := missing_libraries():
        apt_install(packages)
    if venv_python().exists() and stamps().get(kind) == wanted:
        return
    if not has_venv(python):
        apt_install(["python3-venv"])
    if not venv_python().exists():
        say(f"Making the environment in {VENV.name} with {python}")
        subprocess.run([python, "-m", "venv", str(VENV)], check=True)
    say("Installing Python packages (some 300 MB the first time)")
    started = time.monotonic()
    pip("--editable", f"{ROOT}[{EXTRAS[kind]}]")
    STAMP.write_text(json.dumps({**stamps(), kind: wanted}))
    say(f"Environment ready after {time.monotonic() - started:.0f} s")


def set_up_sdks() -> None:
    """Put the official SDKs, with which the tests drive the service, beside the environment, each apart."""
    for pins in sorted((ROOT / "packaging/sdks").glob("*.txt")):
        folder = VENV / "sdk" / pins.stem
        if not (folder / "openai").is_dir():
            say(f"Fetching the official SDK {pins.stem}")
            pip("--no-deps", "--target", str(folder), "--requirement", str(pins))
    folder = VENV / "sdk" / "npm"
    npm = shutil.which("npm")
    if npm and not (folder / "node_modules" / "openai").is_dir():
        say("Fetching the official JavaScript SDK")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "packaging/sdks/package.json", folder)
        command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock"]
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0:
            say("npm could not fetch it; the tests that need it will say that they were skipped")


def has_display() -> bool:
    """Whether a window can be shown here."""
    return not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def run(arguments: list[str]) -> int:
    """Open the window; without a display, take the tour instead."""
    if has_display():
        return subprocess.call([str(venv_python()), "-m", "playground", *arguments], cwd=ROOT)
    out = ROOT / "build" / "tour"
    say(f"There is no display here (no DISPLAY, no WAYLAND_DISPLAY): taking the tour instead, to {out}")
    return subprocess.call([str(venv_python()), "-m", "playground", "tour", "--out", str(out)], cwd=ROOT)


def test(arguments: list[str]) -> int:
    """Everything that must hold: lint, format, floors, types, tests; ends at the first that does not."""
    python = str(venv_python())
    bin_folder = venv_python().parent
    steps = [
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("floors", [str(bin_folder / "lint-imports"), "--no-cache"]),
        ("types", [python, "-m", "mypy"]),
        ("tests", [python, "-m", "pytest", *arguments]),
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for name, command in steps:
        say(f"{name}: {' '.join(command[1:])}")
        started = time.monotonic()
        code = subprocess.call(command, cwd=ROOT, env=environment)
        say(f"{name}: {'ok' if code == 0 else f'FAILED ({code})'} after {time.monotonic() - started:.0f} s")
        if code != 0:
            return code
    return 0


def main() -> int:
    """Parse the command line; a person's problem ends in a sentence, never in a traceback."""
    parser = argparse.ArgumentParser(description="Set up and run Playground, or test it.")
    parser.add_argument("command", choices=("run", "test"))
    parser.add_argument("--setup-only", action="store_true", help="make the environment, then stop")
    options, rest = parser.parse_known_args()
    try:
        set_up(options.command)
        if options.command == "test":
            set_up_sdks()
        if options.setup_only:
            say("Set up.")
            return 0
        return run(rest) if options.command == "run" else test(rest)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
