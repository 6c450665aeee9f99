"""The settings file survives whatever is put in its place, and loses nothing silently."""

import json
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.settings.file import LARGEST_FILE, VERSION, Settings, SettingsFile, SettingsNotSaved
from playground.settings.profiles import ConnectionProfile, DeploymentEntry

GOOD = {
    "version": 1,
    "connections": [{"id": "a", "name": "Prod", "kind": "azure", "key_reference": "connection/a"}],
    "preferences": {"theme": "dark", "zoom": 1.5},
}


def as_bytes(**changes) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


# C15: what stands in the file, whether its connection is understood, whether the original is kept aside.
TABLE = {
    "empty": (b"", False, True),
    "white space": (b" \n\t", False, True),
    "cut": (as_bytes()[:-30], False, True),
    "not json": (b"[DEFAULT]\ntheme = dark\n", False, True),
    "not utf-8": (b'{"version": 1, "x": "\xff\xfe"}', False, True),
    "utf-16": (json.dumps(GOOD).encode("utf-16"), False, True),
    "byte order mark": (b"\xef\xbb\xbf" + as_bytes(), True, False),
    "a list": (b"[1, 2]", False, True),
    "null": (b"null", False, True),
    "a bomb of brackets": (b"[" * 200_000, False, True),
    "a number too long": (b'{"version": ' + b"9" * 10_000 + b"}", False, True),
    "50 MB": (b" " * 50_000_000, False, True),
    "newer version": (as_bytes(version=99), True, True),
    "version of a wrong type": (as_bytes(version="one"), True, False),
    "connections of a wrong type": (as_bytes(connections={"a": 1}), False, True),
    "preferences of a wrong type": (as_bytes(preferences=[1]), True, True),
    "a theme that does not exist": (as_bytes(preferences={"theme": "neon", "zoom": 1.5}), True, True),
    "not-a-number zoom": (b'{"preferences": {"zoom": NaN}, "connections": [{"id": "a"}]}', True, True),
    "one connection is a number": (as_bytes(connections=[7, {"id": "a"}]), True, True),
    "a connection with wrong types": (
        as_bytes(connections=[{"id": "a", "kind": 3, "headers": "x"}]),
        True,
        True,
    ),
    "a lone surrogate": (b'{"connections": [{"id": "a", "name": "\\ud800"}]}', True, False),
    "a deployment without a name": (
        as_bytes(connections=[{"id": "a", "deployments": [{}, {"name": "d"}]}]),
        True,
        True,
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_whatever_the_file_holds_the_program_starts(tmp_path: Path, case: str):
    content, understood, kept = TABLE[case]
    file = SettingsFile(tmp_path / "settings.json")
    file.path.write_bytes(content)

    found = file.load()

    assert (found.profile("a", {}) is not None) is understood
    assert bool(file.notices) is kept
    copies = list(tmp_path.glob("settings.kept-*.json"))
    assert [copy.read_bytes() for copy in copies] == ([content] if kept else [])
    file.save(found)
    assert SettingsFile(file.path).load() == found, "what is saved afterwards reads back the same"


def test_no_file_is_no_remark(tmp_path: Path):
    file = SettingsFile(tmp_path / "settings.json")
    assert file.load() == Settings()
    assert file.notices == []


def test_one_wrong_member_does_not_take_its_neighbours_along(tmp_path: Path):
    file = SettingsFile(tmp_path / "settings.json")
    entry = {
        "id": "a",
        "name": "Prod",
        "kind": "quantum",
        "deployments": [{"name": "d"}, {"nom": "x"}],
        "max_retries": -1,
    }
    file.path.write_bytes(as_bytes(connections=[entry], preferences={"theme": 3, "send_key": "ctrl+enter"}))

    found = file.load()

    profile = found.connections[0]
    assert (profile.name, profile.kind, profile.max_retries) == ("Prod", "azure", 2)
    assert profile.deployments == [DeploymentEntry(name="d")]
    assert (found.preferences.theme, found.preferences.send_key) == ("system", "ctrl+enter")
    text = file.notices[0].text
    assert all(word in text for word in ("theme", "kind", "max_retries", "deployments 2"))


def test_a_value_at_fault_is_named_but_never_repeated(tmp_path: Path):
    file = SettingsFile(tmp_path / "settings.json")
    file.path.write_bytes(as_bytes(connections=[{"id": "a", "key_reference": ["canary-91f2"]}]))
    file.load()
    assert "key_reference" in file.notices[0].text
    assert "canary-91f2" not in file.notices[0].text


def test_members_of_another_version_survive_a_save(tmp_path: Path):
    file = SettingsFile(tmp_path / "settings.json")
    entry = {"id": "a", "flavour": {"x": [1]}, "deployments": [{"name": "d", "price": 3}]}
    file.path.write_bytes(as_bytes(connections=[entry], preferences={"font": "serif"}, plugins=["p"]))

    file.save(file.load().with_preferences(theme="light"))

    document = json.loads(file.path.read_bytes())
    assert document["plugins"] == ["p"]
    assert document["preferences"]["font"] == "serif"
    assert document["connections"][0]["flavour"] == {"x": [1]}
    assert document["connections"][0]["deployments"][0]["price"] == 3
    assert document["version"] == VERSION


def test_the_same_id_twice_becomes_two_connections(tmp_path: Path):
    file = SettingsFile(tmp_path / "settings.json")
    file.path.write_bytes(as_bytes(connections=[{"id": "a", "name": "one"}, {"id": "a", "name": "two"}]))
    found = file.load()
    assert [p.name for p in found.connections] == ["one", "two"]
    assert len({p.id for p in found.connections}) == 2
    assert file.notices


def test_starting_twice_keeps_one_copy_of_a_newer_file(tmp_path: Path):
    path = tmp_path / "settings.json"
    path.write_bytes(as_bytes(version=5))
    SettingsFile(path).load()
    SettingsFile(path).load()
    assert len(list(tmp_path.glob("*.kept-*"))) == 1


def test_a_folder_or_a_pipe_in_its_place_does_not_stop_the_start(tmp_path: Path):
    folder = SettingsFile(tmp_path / "a.json")
    folder.path.mkdir()
    assert folder.load() == Settings()
    folder.save(Settings())
    pipe = SettingsFile(tmp_path / "b.json")
    os.mkfifo(pipe.path)
    assert pipe.load() == Settings()
    pipe.save(Settings())
    assert folder.path.is_file()
    assert pipe.path.is_file()


def test_the_file_is_this_users_alone_whatever_the_umask(tmp_path: Path):
    old = os.umask(0)
    try:
        file = SettingsFile(tmp_path / "profile" / "settings.json")
        file.save(Settings())
        file.path.write_bytes(as_bytes(version=7))
        file.load()
    finally:
        os.umask(old)
    file.path.chmod(0o600)
    for path in [file.path.parent, *file.path.parent.iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = SettingsFile(tmp_path / "settings.json")
    file.save(Settings().with_preferences(theme="dark"))
    before = file.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsNotSaved, match="No space left"):
        file.save(Settings())
    assert file.path.read_bytes() == before
    assert os.listdir(tmp_path) == ["settings.json"]


def test_a_link_to_the_file_stays_a_link(tmp_path: Path):
    real = tmp_path / "dotfiles.json"
    real.write_bytes(as_bytes())
    file = SettingsFile(tmp_path / "settings.json")
    file.path.symlink_to(real)
    file.save(file.load().with_preferences(theme="light"))
    assert file.path.is_symlink()
    assert json.loads(real.read_bytes())["preferences"]["theme"] == "light"


async def test_an_older_write_never_overtakes_a_newer_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import asyncio

    file = SettingsFile(tmp_path / "settings.json")
    held, go = threading.Event(), threading.Event()
    real_replace = SettingsFile._replace

    def slow_first(self: SettingsFile, number: int, content: bytes) -> None:
        if number == 1:
            held.set()
            go.wait(5)
        real_replace(self, number, content)

    monkeypatch.setattr(SettingsFile, "_replace", slow_first)
    first = asyncio.create_task(file.write(Settings().with_preferences(last_page="old")))
    while not held.is_set():
        await asyncio.sleep(0.005)
    await file.write(Settings().with_preferences(last_page="new"))
    go.set()
    await first
    assert file.load().preferences.last_page == "new"


def test_profiles_come_with_this_computer_first_and_the_environment_last():
    mine = ConnectionProfile(id="m", name="Mine")
    environ = {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com", "OPENAI_API_VERSION": "2024-10-21"}
    found = Settings().with_profile(mine).profiles(environ)
    assert [p.name for p in found] == ["This computer", "Mine", "From environment"]
    assert found[2].api_version == "2024-10-21"
    assert found[2].key_reference == "${AZURE_OPENAI_API_KEY}"
    assert [p.name for p in Settings().profiles({})] == ["This computer"]


def test_what_the_user_adds_to_the_environments_profile_is_kept_and_the_rest_follows_the_variables():
    environ = {"AZURE_OPENAI_ENDPOINT": "https://new.openai.azure.com"}
    saved = ConnectionProfile(
        id="environment", endpoint="https://old", deployments=[DeploymentEntry(name="gpt")]
    )
    found = Settings().with_profile(saved).profile("environment", environ)
    assert found is not None
    assert found.endpoint == "https://new.openai.azure.com"
    assert found.deployments[0].name == "gpt"


def test_saving_a_profile_again_replaces_it_and_removing_it_removes_it():
    first = ConnectionProfile(id="x", name="one")
    changed = Settings().with_profile(first).with_profile(first.model_copy(update={"name": "two"}))
    assert [p.name for p in changed.connections] == ["two"]
    assert changed.without_profile("x").connections == []


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
names = st.sampled_from(
    ["id", "name", "kind", "deployments", "headers", "proxy", "zoom", "theme", "connections", "x"]
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(connections=documents, preferences=documents, version=scalars)
def test_any_document_at_all_gives_settings_that_can_be_saved(
    tmp_path: Path, connections, preferences, version
):
    file = SettingsFile(tmp_path / "settings.json")
    document = {"connections": connections, "preferences": preferences, "version": version}
    file.path.write_text(json.dumps(document))
    file.save(file.load())
    assert SettingsFile(file.path).load().version == VERSION


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_at_all_start(tmp_path: Path, content: bytes):
    file = SettingsFile(tmp_path / "settings.json")
    file.path.write_bytes(content)
    assert isinstance(file.load(), Settings)


def test_the_limit_is_far_above_what_is_needed():
    many = Settings(connections=[ConnectionProfile(name="n" * 80) for _ in range(1000)])
    assert len(json.dumps(many.model_dump())) < LARGEST_FILE / 4
