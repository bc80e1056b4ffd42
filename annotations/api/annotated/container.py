"""A project's annotations: `/annotations/{project}/`, an LDP container and a collection in pages.

A page's address holds its number and the last id before it, so that the thousandth page costs what
the first one does: no OFFSET is longer than a page, and only the container counts. Oldest first:
what is new comes at the end, and the pages before stay as they are.
"""

import re
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.actions.annotating import annotate
from annotations.api.annotated.headers import (
    ACCEPT_POST,
    CONSTRAINED,
    CONTAINER,
    AnnotationDoor,
    sent_annotation,
    shown,
    site_of,
)
from annotations.api.annotated.one import found
from annotations.api.doors import find
from annotations.api.fields import Words
from annotations.api.given import actor, asked
from annotations.api.pages import cursor_of, place_of
from annotations.formats import pages
from annotations.formats.webannotation import CONTEXT
from annotations.models import Project
from annotations.models.annotated import address_of, annotation, annotations_in, with_all
from annotations.rules.refusals import Malformed, NotFound

SIZE = 50  # annotations on a page
LDP = "http://www.w3.org/ns/ldp.jsonld"
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
INCLUDED = re.compile(r';\s*include\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,79}")
PAGE = re.compile(r"(\d{1,7})\.([\w-]+)")


class PageAsked(serializers.Serializer[Any]):
    iris = Words(required=False, help_text="1: the annotations' addresses alone; 0: all of each.")
    page = Words(required=False, help_text="Which page, out of `first`, `last`, `next`, `prev`.")


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its number, which counts from 0, and the last id before it."""

    number: int = 0
    after: uuid.UUID | None = None

    def __str__(self) -> str:
        return f"{self.number}.{cursor_of(self.after)}" if self.after else "0"


class Container(AnnotationDoor):
    links: ClassVar[tuple[str, ...]] = (CONTAINER, CONSTRAINED)

    def get(self, request: Request, slug: str) -> Response:
        wanted = asked(PageAsked, request)
        if (iris := wanted.get("iris", "0")) not in ("0", "1"):
            raise Malformed("This is 0 or 1.", field="iris")
        collection = Collection(request, slug, iris == "1")
        if "page" in wanted:
            return shown(collection.page(page_of(wanted["page"])))
        preferred = preferences(request)
        made = collection.container(preferred, given="iris" in wanted)
        return shown(made, applied(preferred))

    def post(self, request: Request, slug: str) -> Response:
        who = actor(request)
        given, site = sent_annotation(request), site_of(request)
        claim = annotate(slug, given, actor=who, site=site, name=name_in(request))
        made = found(request, slug, claim)
        made.status_code = 201
        return made

    @property
    def allowed_methods(self) -> list[str]:
        methods = list(super().allowed_methods)
        return [one for one in methods if one != "POST"] if self.is_page else methods

    @property
    def is_page(self) -> bool:
        return "page" in self.request.GET

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if self.is_page and request.method == "POST":
            raise MethodNotAllowed("POST")
        super().initial(request, *args, **kwargs)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        if self.is_page:
            self.links = ()  # type: ignore[misc]
        made = super().finalize_response(request, response, *args, **kwargs)
        if not self.is_page:
            made.headers["Accept-Post"] = ACCEPT_POST
        return made


class Collection:
    """What one caller may read of a project's annotations."""

    def __init__(self, request: Request, slug: str, iris: bool) -> None:
        self.person, self.site, self.iris = request.user, site_of(request), iris
        self.project = find(Project.objects.readable_by(self.person), "project", slug=slug)
        self.rows = annotations_in(slug, self.person)
        self.base = pages.annotations(self.site, slug)

    def address(self, page: Page | None = None) -> str:
        return f"{self.base}?iris={int(self.iris)}" + (f"&page={page}" if page else "")

    def container(self, preferred: set[str], *, given: bool) -> dict[str, Any]:
        """The description, with the first page in it where that is preferred."""
        if not given:
            self.iris = IRIS in preferred
        is_plain = preferred == {MINIMAL} and not given
        total = self.rows.count()
        made = {
            "@context": [CONTEXT, LDP],
            "id": self.base if is_plain else self.address(),
            "type": ["BasicContainer", "AnnotationCollection"],
            "label": self.project.name,
            "total": total,
        }
        if total:
            embeds = preferred & {IRIS, DESCRIPTIONS} and MINIMAL not in preferred
            made["first"] = self.page(Page(), within=True) if embeds else self.address(Page())
            made["last"] = self.address(self.last(total))
        return made

    def page(self, page: Page, *, within: bool = False) -> dict[str, Any]:
        here = self.rows.order_by("pk")
        if page.after:
            here = here.filter(pk__gt=page.after)
        here = here.only("id") if self.iris else with_all(here, self.person)
        items = list(here[: SIZE + 1])
        made: dict[str, Any] = {
            "id": self.address(page),
            "type": "AnnotationPage",
            "partOf": self.address()
            if within
            else {"id": self.address(), "type": "AnnotationCollection"},
            "startIndex": page.number * SIZE,
        }
        if not within:
            made = {"@context": CONTEXT} | made
        if page.number:
            made["prev"] = self.address(self.before(page))
        if len(items) > SIZE:
            made["next"] = self.address(Page(page.number + 1, items[SIZE - 1].pk))
        made["items"] = [self.item(one) for one in items[:SIZE]]
        return made

    def item(self, one: Any) -> Any:
        if self.iris:
            return address_of(one, self.site, self.project.slug)
        made = annotation(one, self.site)
        del made["@context"]  # the page's is theirs
        return made

    def before(self, page: Page) -> Page:
        """The page before one: as many ids back as a page has."""
        if page.number == 1 or page.after is None:
            return Page()
        until = self.rows.filter(pk__lte=page.after)
        start = self.nth_back(until, SIZE)
        return Page(page.number - 1, start) if start else Page()

    def last(self, total: int) -> Page:
        number = (total - 1) // SIZE
        return Page(number, self.nth_back(self.rows, total - number * SIZE)) if number else Page()

    def nth_back(self, rows: QuerySet[Any, Any], n: int) -> uuid.UUID | None:
        """The id that stands `n` before the last one."""
        ids = rows.order_by("-pk").values_list("pk", flat=True)[n : n + 1]
        return next(iter(ids), None)


def page_of(written: str) -> Page:
    """The page that an address names."""
    if written == "0":
        return Page()
    told = PAGE.fullmatch(written)
    if told is None or not int(told[1]):
        raise NotFound("There is no such page. Follow first, last, next or prev as you read them.")
    return Page(int(told[1]), place_of(told[2]))


def preferences(request: Request) -> set[str]:
    """What a client would like in the container; of two that exclude each other, neither."""
    header = request.headers.get("Prefer", "")
    if not re.search(r"(?:^|,)\s*return\s*=\s*\"?representation\b", header, re.IGNORECASE):
        return set()
    named = {one for quoted, bare in INCLUDED.findall(header) for one in (quoted or bare).split()}
    known = named & {MINIMAL, IRIS, DESCRIPTIONS}
    return known if not {IRIS, DESCRIPTIONS} <= known else known - {IRIS, DESCRIPTIONS}


def applied(preferred: set[str]) -> dict[str, str]:
    """Which of the preferences were followed."""
    if not preferred:
        return {}
    included = " ".join(one for one in (MINIMAL, IRIS, DESCRIPTIONS) if one in preferred)
    return {"Preference-Applied": f'return=representation; include="{included}"'}


def name_in(request: Request) -> str:
    """What the client would like the annotation to be called; empty where that is no name."""
    wanted: str = request.headers.get("Slug", "").strip().strip('"')
    try:
        uuid.UUID(wanted)
    except ValueError:
        return wanted if NAME.fullmatch(wanted) else ""
    return ""
