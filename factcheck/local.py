"""The local environment: what `./run` supplies on a machine where nobody has set anything up.

A production machine is told by SECRET_KEY being set: there nothing is supplied at all, and the
settings refuse whatever is missing.
"""

import atexit
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from factcheck import postgres
from factcheck.locks import locked
from factcheck.postgres.places import make_folder
from factcheck.refusal import Refusal

ROOT = Path(__file__).resolve().parent.parent


def var_folder() -> Path:
    """The folder of local data: `var/` in the checkout, or what FACTCHECK_VAR names."""
    return Path(os.environ.get("FACTCHECK_VAR") or ROOT / "var").absolute()


def prepare() -> None:
    """Put the local environment into `os.environ`, starting the embedded server if it is needed.

    The server is stopped at the end of this process, unless another one still uses it.
    """
    if os.environ.get("SECRET_KEY", "").strip():
        return
    var = make_folder(var_folder())
    if not os.environ.get("DATABASE_URL", "").strip():
        hold = postgres.hold(var)
        atexit.register(hold.release)
        os.environ["DATABASE_URL"] = hold.address
        os.environ["MIGRATION_DATABASE_URL"] = hold.owners_address
        # `dbshell` and dumps take the programs that belong to the server.
        os.environ["PATH"] = f"{hold.programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.environ["SECRET_KEY"] = kept(var / "secret-key", lambda: secrets.token_urlsafe(50))
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
    os.environ.setdefault("FACTCHECK_DEMO", "1")
    os.environ.setdefault("LOG_LEVEL", "WARNING")


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in this file; the first to ask makes it, and only the owner can read it."""
    with locked(path.parent / "secrets.lock"):
        if not path.exists() or not path.read_text().strip():
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(make() + "\n")
            fresh.rename(path)
        return path.read_text().strip()


def run(main: Callable[[list[str]], int | None]) -> None:
    """Run a command's `main` with the words given; a refusal is its sentence and exit code 1."""
    try:
        code = main(sys.argv[1:])
    except Refusal as refusal:
        sys.exit(str(refusal))
    except PermissionError as error:
        if not error.filename:
            raise
        sys.exit(
            f"{error.filename} cannot be opened. It may belong to another user: start as that "
            "user, or name another folder for your own data: FACTCHECK_VAR=/a/folder/of/yours."
        )
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)


def _manage(words: list[str]) -> None:
    prepare()
    from manage import main  # noqa: PLC0415 (Django is only wanted once the environment stands)

    main(words)


if __name__ == "__main__":
    run(_manage)
