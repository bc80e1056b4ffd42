"""Packing a stream as it goes out: the same bytes give the same file."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import zstandard

GZIP, ZSTD = "gzip", "zstd"
WAYS = (GZIP, ZSTD)
MEDIA_TYPES = {GZIP: "application/gzip", ZSTD: "application/zstd"}
ENDINGS = {GZIP: "gz", ZSTD: "zst"}
AS_GZIP = 31  # zlib's word for a window of 32 kB with the head of gzip, which names no time


class Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self, mode: int = ..., /) -> bytes: ...


def packed(pieces: Iterable[bytes], way: str) -> Iterator[bytes]:
    """The stream packed by gzip or Zstandard; the first piece leaves at once."""
    packer: Packer = zlib.compressobj(6, wbits=AS_GZIP) if way == GZIP else _zstd()
    now = zlib.Z_SYNC_FLUSH if way == GZIP else zstandard.COMPRESSOBJ_FLUSH_BLOCK
    begun = False
    for piece in pieces:
        made = packer.compress(piece)
        if not begun:
            made += packer.flush(now)
            begun = True
        if made:
            yield made
    yield packer.flush()


def _zstd() -> Packer:
    packer: Packer = zstandard.ZstdCompressor(level=3, write_checksum=True).compressobj()
    return packer
