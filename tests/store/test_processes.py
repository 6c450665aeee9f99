"""Two windows on one history (C8), syncs (C4), a full disk (C10), a folder that cannot be written (C11)."""

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from playground.store.conversations import Conversations
from playground.store.database import Database
from tests.store.cases import ROOT, child, finish, first_line, grown, in_namespace, namespace, report
from tests.store.test_opening import older

needs_mounts = pytest.mark.skipif(
    not namespace(), reason="mounts in a namespace of one's own are not allowed here"
)


async def test_two_processes_can_write_at_once(path: Path) -> None:
    async with Database.open(path) as database:
        home = (await Conversations(database).create("shared")).id
    writers = [child("write", path, name, 300) for name in ("left", "right")]
    for process in writers:
        first_line(process)
    path.with_name("go").touch()
    for process in writers:
        assert finish(process) == "done\n"
    async with Database.open(path) as database:
        texts = [turn.text for turn in await Conversations(database).turns(home)]
        assert len(await Conversations(database).list()) == 1
    assert len(texts) == 600
    for name in ("left", "right"):
        assert [text for text in texts if text.startswith(name)] == [f"{name} {n}" for n in range(300)]
    changes = sum(one.split()[0] != two.split()[0] for one, two in itertools.pairwise(texts))
    assert changes > 5, "the writers did not overlap"
    report("C8", 600, 0, f"rows={len(texts)} changes of writer={changes}")


def test_a_message_is_synced_before_it_is_shown(path: Path, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    tracer = [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=fsync,fdatasync,access,faccessat,faccessat2",
        "-o",
        str(trace),
    ]
    if subprocess.run([*tracer, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    facts = json.loads(finish(child("send", path, 20, before=tracer)))
    assert facts["synchronous"] == 2
    syncs, counts = 0, []
    for line in trace.read_text().splitlines():
        if "fsync(" in line or "fdatasync(" in line:
            syncs += 1
        elif "/shown-" in line:
            counts.append(syncs)
            syncs = 0
    assert len(counts) == 21
    assert min(counts[1:]) >= 1
    p95 = facts["seconds"][18]
    assert p95 < 1.0
    report("C4", 20, 0, f"syncs per message min={min(counts[1:])} p95={p95 * 1000:.1f}ms (traced)")


def tmpfs(folder: Path, size: str, then: str = "true") -> tuple[str, ...]:
    folder.mkdir(parents=True)
    return in_namespace(f"mount -t tmpfs -o size={size} tmpfs {folder} && {then}")


@needs_mounts
def test_a_full_disk_loses_nothing_and_needs_no_restart(path: Path) -> None:
    facts = json.loads(finish(child("fill", path, "disk", before=tmpfs(path.parent, "8m"))))
    assert facts["send"] == facts["draft"] == "StoreFull"
    nothing_is_lost(facts)
    report("C10", 1, 0, "messages lost=0 restarts=0")


def test_a_limit_on_files_loses_nothing_either(path: Path) -> None:
    """The same where no small disk can be mounted: writes past a size fail, then they do not."""
    facts = json.loads(finish(child("fill", path, "limit")))
    assert facts["send"] == facts["draft"] == "StoreError"
    nothing_is_lost(facts)
    report("C10 limit", 1, 0, "messages lost=0 restarts=0")


def nothing_is_lost(facts: dict) -> None:
    """Before, during and after: what was sent is there, and what was refused can be sent again."""
    assert facts["while full"] == ["first"]
    assert facts["after"] == [5, 300_000]
    assert facts["found"] == 1


@needs_mounts
def test_a_full_disk_stops_a_migration_before_it_begins(path: Path) -> None:
    """C6: with no room for the backup the old history is read as it is, and migrated when there is room."""
    template = path.parent.parent / "old" / path.name
    older(template, 2, 3000)
    disk = tmpfs(path.parent, "16m", f"cp {template} {path}")
    facts = json.loads(finish(child("open_full", path, before=disk)))
    assert facts == {"full": "read-only", "seen": 3000, "after": "migrated"}
    report("C6 full", 1, 0, "unusable=0")


@needs_mounts
@pytest.mark.parametrize("left_log", [False, True], ids=["closed", "killed"])
async def test_a_folder_that_cannot_be_written_can_be_read(path: Path, left_log: bool) -> None:
    async with Database.open(path) as database:
        home = (await Conversations(database).create("kept")).id
        await Conversations(database).add_turn(home, None, "user", "{}", "first words")
        copy = path.parent.parent / "copy"
        shutil.copytree(path.parent, copy)
    folder = copy if left_log else path.parent
    files = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    assert any(each.name.endswith("-wal") for each in files) is left_log
    mount = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
    facts = json.loads(finish(child("look", folder / path.name, before=in_namespace(mount))))
    assert facts["outcome"] == "read-only"
    assert not facts["writable"]
    assert "can be read but not changed: read-only file system" in facts["notice"]
    assert facts["turns"] == ["first words"]
    assert facts["found"] == 1
    assert facts["errors"] == ["StoreReadOnly"]
    assert facts["log lines"] <= 3
    assert {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()} == files
    report(f"C11 {'killed' if left_log else 'closed'}", 1, 0, f"log lines={facts['log lines']}")


def test_the_store_needs_no_qt() -> None:
    code = (
        "import sys, playground.store.database, playground.store.search, playground.store.blobs; "
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'qasync', 'pydantic', 'httpx')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_grown_histories_are_whole(path: Path) -> None:
    """The fixture of the cases of damage: what is counted there must be there before."""
    async with Database.open(path) as database:
        turns = await grown(database, 3, 5)
        found = [
            await Conversations(database).turns(each.id) for each in await Conversations(database).list()
        ]
    assert sorted(turn.id for turns_ in found for turn in turns_) == sorted(turn.id for turn in turns)
