"""What the documents say is there, is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_test_that_a_document_names_exists() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    known = set(re.findall(r"def (test_\w+)\(", sources))
    named = {
        name for path in DOCUMENTS for name in re.findall(r"`(test_\w+)`", path.read_text("utf-8"))
    }
    assert len(named) > 20
    assert not named - known


def test_every_link_of_a_document_leads_to_a_file() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in DOCUMENTS
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert not broken
