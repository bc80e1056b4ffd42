"""UIMA CAS as JSON (JSON CAS 0.4 of Apache UIMA): a zip of documents, or one document alone.

`annotations.formats.cas` tells what is in them; each document has its types with it. Offsets count
UTF-16 units, which the draft leaves open, as Apache UIMA and dkpro-cassis do.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from annotations.formats import archives, cas, cas_reading
from annotations.formats.cas import DROPS
from annotations.formats.cas_reading import UNITS, Document
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import Found, Refused
from annotations.formats.items import items
from annotations.formats.lines import Bytes
from annotations.rules.refusals import Malformed

__all__ = ["DROPS", "UNITS", "read", "write"]

SLUG = "cas-json"
NAME = "UIMA CAS JSON, for INCEpTION"
MEDIA_TYPE = "application/zip"
ENDING = "zip"
LOSSLESS = False


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    return archives.packed(_parts(records, asked))


def _parts(records: Iterable[Record], asked: WriteAsked) -> Iterator[tuple[str, list[bytes]]]:
    types = cas.type_system()
    for one, name in cas.names(records):
        made = cas.written(one, types, asked)
        if made is not None:
            yield f"{name}.json", [made.to_json().encode()]


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    return cas_reading.read(file, asked, "json", _parsed)


def _parsed(raw: bytes, asked: ReadAsked) -> Document:
    document = Document()
    for key, found in _structures(raw, document):
        name, told = found.get("%TYPE"), dict(found)
        for key_there, feature in (("@sofa", "sofa"), ("^begin", "begin"), ("^end", "end")):
            if key_there in told:
                told[feature] = told[key_there]
        document.add(str(name), key, told, asked)
    for views in _values(raw, "%VIEWS", document):
        for view in views.values() if isinstance(views, dict) else ():
            members = view.get("%MEMBERS") if isinstance(view, dict) else None
            document.members.update(map(str, members if isinstance(members, list) else ()))
    if not document.sofas:
        raise Malformed("It is no CAS: %FEATURE_STRUCTURES has to hold a uima.cas.Sofa.")
    return document


def _structures(raw: bytes, document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each feature structure with its id, from a list of them or an object with their ids."""
    listed = False
    for found in _values(raw, "%FEATURE_STRUCTURES.item", document):
        listed = True
        if isinstance(found, dict):
            yield str(found.get("%ID", "")), found
    if listed:
        return
    for found in _values(raw, "%FEATURE_STRUCTURES", document):
        for key, one in found.items() if isinstance(found, dict) else ():
            if isinstance(one, dict):
                yield key, one


def _values(raw: bytes, path: str, document: Document) -> Iterator[Any]:
    for found in items(io.BytesIO(raw), path):
        if not isinstance(found, Refused):
            yield found[1]
        elif found.line:
            document.refused.append(f"Feature structure {found.line}: {found.sentence}")
        else:
            raise Malformed(found.sentence)
