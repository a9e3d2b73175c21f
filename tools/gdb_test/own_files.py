"""Files that a run leaves for each test, and that the next run may replace."""

from pathlib import Path


def is_own(path: Path, beginning: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(beginning)) == beginning
    except OSError:
        return False


def make_way(path: Path) -> Path:
    """For a new file. The path in full, for a process in another folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path.resolve()
