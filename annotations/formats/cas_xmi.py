"""UIMA CAS as XMI (OASIS UIMA 1.0, as Apache UIMA writes it): a zip of documents and their types.

`annotations.formats.cas` tells what is in them. As XML 1.0 cannot hold every character, one that it
cannot becomes U+FFFD, so that no offset moves. What is read may declare no entities, and nothing
that it names is fetched. The type system is not needed to read: the layer's features are known.
"""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from annotations.formats import archives, cas, cas_reading
from annotations.formats.cas_reading import UNITS, Document
from annotations.formats.contract import ReadAsked, Record, WriteAsked
from annotations.formats.given import Found, Refused
from annotations.formats.lines import UTF16, Bytes
from annotations.rules.refusals import Malformed

__all__ = ["UNITS", "read", "write"]

SLUG = "cas-xmi"
NAME = "UIMA CAS XMI with its type system, for INCEpTION"
MEDIA_TYPE = "application/zip"
ENDING = "zip"
LOSSLESS = False
NO_CONTROLS = "Control characters that XML cannot hold become U+FFFD."
DROPS = (*cas.DROPS, NO_CONTROLS)

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
XMI = "{http://www.omg.org/XMI}"
PACKAGE = re.compile(r"\{http:///(.*)\.ecore\}(\w+)")


def write(records: Iterable[Record], asked: WriteAsked) -> Iterator[bytes]:
    return archives.packed(_parts(records, asked))


def _parts(records: Iterable[Record], asked: WriteAsked) -> Iterator[tuple[str, list[bytes]]]:
    def clean(text: str) -> str:
        made, count = NOT_XML.subn("\ufffd", text)
        if count:
            asked.dropped[NO_CONTROLS] += count
        return made

    types = cas.type_system()
    yield "TypeSystem.xml", [types.to_xml().encode()]
    for one, name in cas.names(records):
        made = cas.written(one, types, asked, clean)
        if made is not None:
            yield f"{name}.xmi", [made.to_xmi().encode()]


def read(file: Bytes, asked: ReadAsked) -> Iterator[Found | Refused]:
    return cas_reading.read(file, asked, "xmi", _parsed, expected=("xml",))


def _parsed(raw: bytes, asked: ReadAsked) -> Document:
    from lxml import etree

    if raw.startswith(UTF16):
        raise Malformed("It is UTF-16. Save it as UTF-8.")
    if DECLARES.search(raw):
        raise Malformed("It declares a document type or entities. Save it without.")
    # What a file says of its own encoding is passed over: it could hide what was looked for.
    events = etree.iterparse(
        io.BytesIO(raw), events=("end",), encoding="utf-8", resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    document = Document()
    try:
        for _, element in events:
            _take(document, element, asked)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.LxmlError as error:
        raise Malformed(f"It is not whole XML: {str(error).partition(', line')[0]}.") from None
    if events.root is None or events.root.tag != f"{XMI}XMI":
        raise Malformed("It is no CAS: the outermost element has to be xmi:XMI.")
    return document


def _take(document: Document, element: Any, asked: ReadAsked) -> None:
    parts = PACKAGE.fullmatch(element.tag) if isinstance(element.tag, str) else None
    if parts is None:  # a text within a list of texts, a comment, the outermost element
        return
    told = {str(key): str(value) for key, value in element.attrib.items()}
    name = f"{parts[1].replace('/', '.')}.{parts[2]}"
    if name == "uima.cas.View":
        document.members.update(told.get("members", "").split())
        return
    document.add(name, told.get(f"{XMI}id", ""), told, asked)
