"""The embedded PostgreSQL: a server of one's own in a folder, without any set-up by hand.

`hold(var)` gives a running server and a share in it; the last share to be released stops it.
"""

from factcheck.postgres.server import Hold, hold, stop_unused

__all__ = ["Hold", "hold", "stop_unused"]
