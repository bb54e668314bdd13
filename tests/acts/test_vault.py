"""Files kept by their content: once each, whole or not at all, and never other than they were."""

import hashlib
import stat

import pytest

from acts import vault

CONTENT = "คำรับรอง".encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "vault"
    return settings.PRIVATE_ROOT


def files(root):
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_is_stored_is_found_by_its_hash():
    assert vault.store([CONTENT[:5], CONTENT[5:]]) == (SHA256, len(CONTENT))
    assert vault.read(SHA256) == CONTENT
    assert vault.path_of(SHA256).read_bytes() == CONTENT


def test_the_same_content_is_kept_once(root):
    vault.store([CONTENT])
    vault.store([CONTENT])

    assert len(files(root)) == 1


def test_nobody_else_on_the_machine_reads_it(root):
    vault.store([CONTENT])

    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE(vault.path_of(SHA256).stat().st_mode) & 0o077 == 0


def test_an_upload_that_breaks_off_leaves_nothing(root):
    def breaking():
        yield CONTENT
        raise ConnectionError

    with pytest.raises(ConnectionError):
        vault.store(breaking())
    assert files(root) == []


def test_a_file_changed_on_disk_is_not_handed_out():
    vault.store([CONTENT])
    vault.path_of(SHA256).write_bytes(CONTENT + b"junk")

    with pytest.raises(ValueError, match=SHA256):
        vault.read(SHA256)


def test_storing_it_again_heals_a_damaged_file():
    vault.store([CONTENT])
    vault.path_of(SHA256).write_bytes(b"")
    vault.store([CONTENT])

    assert vault.read(SHA256) == CONTENT


def test_what_was_never_stored_is_not_there():
    with pytest.raises(FileNotFoundError):
        vault.path_of("0" * 64)
    with pytest.raises(FileNotFoundError):
        vault.read("0" * 64)
