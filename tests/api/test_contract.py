"""What is answered is what the OpenAPI document says, whatever the document lets one send.

The quick form of `python -m tests.drills.contract`.
"""

import pytest

from tests.drills.contract import Contract, Tally
from tests.matrix.scene import Scene, scene

__all__ = ["scene"]
pytestmark = pytest.mark.django_db

CASES = 2  # of each operation


def test_every_answer_is_as_the_document_says(scene: Scene) -> None:
    contract = Contract(scene)
    tally = contract.tried(CASES, 1, Tally())
    assert not tally.faults, "\n".join(f"{at}\n{told}" for at, told in tally.faults.items())
    assert len(tally.operations) == len(contract.operations)
    assert len(tally.done) > len(tally.operations) / 2
