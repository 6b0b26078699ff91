"""An export checked by strangers' code: the tlog and note libraries of Go (scripts/outside_fsck), where Go is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from books import csv_file, new_book, rows
from thaw.casework.bundles import export
from thaw.casework.importing import import_files
from thaw.casework.log_key import rotate
from thaw.ledger import Checkpoint, SigningKey, TileTree, leaf_hash, sign_checkpoint
from thaw.outside import entries_of

SOURCE = Path(__file__).parents[2] / "scripts" / "outside_fsck" / "main.go"
LIBRARIES = Path("/usr/share/gocode")  # where Debian puts them: apt-get install golang-go golang-golang-x-mod-dev


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checker, built once."""
    if shutil.which("go") is None:
        pytest.skip("Go is not on this machine")
    if not (LIBRARIES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("golang.org/x/mod is not on this machine")
    folder = tmp_path_factory.mktemp("go")
    own = {"GO111MODULE": "off", "GOPATH": str(LIBRARIES), "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(folder / "fsck"), str(SOURCE)], check=True, env=os.environ | own)
    return folder / "fsck"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A bundle of a log of more than two tiles and that of one case; the public key."""
    folder = tmp_path_factory.mktemp("made")
    work = new_book(folder / "book")
    import_files(work, [csv_file(folder / "a.csv", rows(700))])
    export(work, folder / "all.zip", purpose="to test")
    export(work, folder / "case.zip", case_id="shr-map:5", purpose="to test")
    key = work.book.store.verifier.vkey
    rotate(work, folder / "two.key", reason="to test")
    export(work, folder / "rotated.zip", purpose="to test")
    (folder / "keys").write_text(f"{key} {work.book.store.verifier.vkey}")
    work.book.close()
    return folder, key


def check(program: Path, bundle: Path, *keys: str) -> tuple[int, str]:
    ran = subprocess.run([str(program), str(bundle), *keys], capture_output=True, text=True)
    return ran.returncode, ran.stdout.strip() + ran.stderr.strip()


def unpacked(made: tuple[Path, str], folder: Path, name: str = "all.zip") -> Path:
    with zipfile.ZipFile(made[0] / name) as packed:
        packed.extractall(folder / "x")
    return folder / "x"


def test_an_export_is_whole_to_strangers_code(program: Path, made: tuple[Path, str]) -> None:
    code, words = check(program, made[0] / "all.zip", made[1])
    with zipfile.ZipFile(made[0] / "all.zip") as packed:
        size = int(packed.read("checkpoint").split(b"\n")[1])
        tiles = [name for name in packed.namelist() if name.startswith("tile/")]
    assert size > 2 * 256
    assert (code, words.partition(", of the log")[0]) == (0, f"ok: {size} entries, {len(tiles)} files of tiles")


def test_the_bundle_of_a_case_is_whole_to_strangers_code(program: Path, made: tuple[Path, str]) -> None:
    code, words = check(program, made[0] / "case.zip", made[1])
    with zipfile.ZipFile(made[0] / "case.zip") as packed:
        proofs = [name for name in packed.namelist() if name.startswith("proofs/")]
    assert (code, words.startswith(f"ok: {len(proofs)} entries with proofs")) == (0, True)


def test_after_a_change_of_key_either_key_opens_what_it_signed(program: Path, made: tuple[Path, str]) -> None:
    first, second = (made[0] / "keys").read_text().split()
    assert check(program, made[0] / "rotated.zip", second)[0] == 0
    assert check(program, made[0] / "rotated.zip", first)[0] == 1
    assert check(program, made[0] / "rotated.zip", first, second)[0] == 0


def flipped(path: Path, at: int = 40) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/002.p/*", "tile/1/000.p/*", "tile/entries/001", "checkpoint"])
def test_strangers_code_finds_one_changed_bit(program: Path, made: tuple[Path, str], tmp_path: Path, name: str) -> None:
    folder = unpacked(made, tmp_path)
    (path,) = folder.glob(name)
    flipped(path)
    code, words = check(program, folder, made[1])
    assert (code, words.startswith("not ok: ")) == (1, True)


def test_strangers_code_finds_a_missing_and_an_added_tile(
    program: Path, made: tuple[Path, str], tmp_path: Path
) -> None:
    folder = unpacked(made, tmp_path)
    shutil.copy(folder / "tile/0/000", folder / "tile/0/009")
    assert check(program, folder, made[1])[0] == 1
    (folder / "tile/0/009").unlink()
    assert check(program, folder, made[1])[0] == 0
    (folder / "tile/0/001").unlink()
    assert check(program, folder, made[1])[0] == 1


def test_strangers_code_trusts_no_other_key(program: Path, made: tuple[Path, str]) -> None:
    other = SigningKey(made[1].split("+")[0], b"o" * 32).verifier.vkey
    assert check(program, made[0] / "all.zip", other)[0] == 1


def test_both_compute_the_same_root_of_other_entries(program: Path, made: tuple[Path, str], tmp_path: Path) -> None:
    """With the key in hand: entries of our own making, tiles and root by us, checked by them."""
    folder = unpacked(made, tmp_path)
    key = SigningKey.from_text((made[0] / "book.key").read_text())
    for size in (1, 2, 3, 255, 256, 257, 511, 512, 513):
        shutil.rmtree(folder / "tile")
        write_log(folder, key, size)
        assert check(program, folder, made[1])[0] == 0, size


def write_log(folder: Path, key: SigningKey, size: int) -> None:
    from thaw.outside import bundle_of, tile_path

    tree, entries = TileTree(), [b"entry %d" % i for i in range(size)]
    for entry in entries:
        tree.append(leaf_hash(entry))
    files = {tile_path(tile.level, tile.index, len(tile.hashes) // 32): tile.hashes for tile in tree.take_changed()}
    for first in range(0, size, 256):
        some = entries[first : first + 256]
        files[tile_path(None, first // 256, len(some))] = bundle_of(some)
        assert list(entries_of(bundle_of(some))) == some
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "checkpoint").write_text(sign_checkpoint(Checkpoint(key.name, size, tree.root()), key))
