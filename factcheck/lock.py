"""`./run lock`: make both lock files anew from pyproject.toml, without any index's address."""

import os
import subprocess
import sys
from pathlib import Path

from factcheck.local import ROOT, run

HOW = ["--universal", "--generate-hashes", "--python-version", "3.11"]
# Neither file may name an index: whoever installs asks the one that their own machine is set to.
WITHOUT_ADDRESSES = ["--no-emit-index-url", "--no-annotate"]


def main(words: list[str]) -> int:
    """Arguments go to uv, such as `--upgrade` or `--upgrade-package django`."""
    uv = str(Path(sys.executable).with_name("uv"))
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}
    for extra, file in ([], "requirements.txt"), (["--extra", "dev"], "requirements-dev.txt"):
        command = [uv, "pip", "compile", "-q", *HOW, *WITHOUT_ADDRESSES, *extra, *words]
        command += ["--custom-compile-command", "./run lock", "pyproject.toml", "-o", file]
        if code := subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    run(main)
