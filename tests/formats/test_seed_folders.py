"""Reading a seed's folder: no database, and a clear error where a file is not as described."""

import json
import shutil
from pathlib import Path

import pytest

from annotations.formats.seed import read_seed
from annotations.rules.anchors import find_once
from annotations.rules.canonical import canonical_text
from annotations.rules.states import State
from annotations.rules.verdicts import checked

FOLDER = Path(__file__).parents[2] / "seeds" / "peace-deal-must-exclude-ukraine-from-nato"


def test_every_quote_stands_once_in_the_article_and_not_in_its_furniture() -> None:
    seed = read_seed(FOLDER)
    made = canonical_text(seed.text, furniture=seed.furniture)
    furniture = [block for block in made.blocks if block.kind == "furniture"]
    assert len(furniture) == 3
    for claim in seed.claims:
        start = find_once(made.text, claim.quote, claim.prefix)
        end = start + len(claim.quote)
        assert not any(block.start < end and start < block.end for block in furniture)


def test_every_verdict_of_the_seed_is_one_that_may_be_given() -> None:
    for claim in read_seed(FOLDER).claims:
        for judgement in (claim.worked, claim.second):
            if judgement is not None:
                assert checked(judgement).rationale == judgement.rationale
                assert judgement.evidence or judgement.rating == "unproven"


def test_the_seed_names_a_state_for_each_claim_and_each_state() -> None:
    seed = read_seed(FOLDER)
    assert len(seed.claims) == 16
    assert {claim.state for claim in seed.claims} == set(State)


@pytest.mark.parametrize("name", ["article.json", "factcheck.json", "demonstration.json"])
def test_a_file_that_is_not_as_described_is_an_error(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "seed")
    (folder / name).write_text("{", "utf-8")
    with pytest.raises(ValueError, match="Expecting"):
        read_seed(folder)
    (folder / name).write_text("{}", "utf-8")
    with pytest.raises(KeyError):
        read_seed(folder)


def test_a_claim_that_is_not_for_show_is_an_error(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "seed")
    path = folder / "demonstration.json"
    show = json.loads(path.read_text("utf-8"))
    del show["claims"]["ironclad"]
    path.write_text(json.dumps(show), "utf-8")
    with pytest.raises(KeyError, match="ironclad"):
        read_seed(folder)
