"""Files come into their folders whole or not at all."""

import pytest

from pedviz.paths import write_whole


def test_a_file_is_written_whole_and_its_folder_made(tmp_path):
    path = tmp_path / "new" / "folder" / "a.json"
    write_whole(path, "Straße\n")
    assert path.read_bytes() == "Straße\n".encode()
    write_whole(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert [found.name for found in path.parent.iterdir()] == ["a.json"]


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("before", "utf-8")
    (tmp_path / "a.json.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "after" * 100_000)
    assert path.read_text("utf-8") == "before"
    assert [found.name for found in tmp_path.iterdir()] == ["a.json"]
