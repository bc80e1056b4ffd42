"""Django's backend for PostgreSQL, with bulk writes in batches that a statement can hold.

A statement takes 65,535 values at most (the protocol counts them in two bytes). Django puts all
rows of a bulk write into one statement, as if their values stood in its text.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, features, operations

MOST_VALUES = 2**16 - 1


class DatabaseFeatures(features.DatabaseFeatures):
    max_query_params = MOST_VALUES


class DatabaseOperations(operations.DatabaseOperations):
    def bulk_batch_size(self, fields: Sequence[Any], objs: Sequence[Any]) -> int:
        """How many objects one statement writes; an update names each value with its key."""
        return min(len(objs), MOST_VALUES // (2 * max(1, len(fields))))


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
