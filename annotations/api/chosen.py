"""What of a thing an answer shows: `?fields=` and `?expand=`.

`fields` names what is left, by the shape's own names with dots into what is nested:
`id,statement,claimant.name`. `expand` names what stands there as an id or a slug and is shown in
its place, as its own list shows it to the same caller: null where they may not know of it. The
queries are as many as the things that are named, however long the page is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from rest_framework import serializers
from rest_framework.request import Request

from annotations.api.expansions import MOST_EACH, OF, Reference, Shape, expandable
from annotations.api.fields import Words
from annotations.api.given import asked
from annotations.rules.refusals import Malformed

MOST_EXPANDED = 10
MOST_NAMES = 200
SAFE = ("GET", "HEAD")

# Of each name what is left of it; None is all.
Tree = dict[str, "Tree | None"]


class Choosing(serializers.Serializer[Any]):
    """What the reading of one thing can be asked."""

    def get_fields(self) -> dict[str, Any]:
        return {"fields": Words(required=False), "expand": Words(required=False)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is left of a shape, and what is expanded in it, each with what is left of that."""

    fields: Tree | None
    expand: dict[str, tuple[Reference, "Chosen"]]


def chosen(shape: Shape, wanted: dict[str, Any]) -> Chosen:
    """What the parameters of an address choose, or a refusal that names what there is."""
    paths = names(wanted, "expand")
    known = list(expandable(shape))
    for path in paths:
        if path not in known:
            there = f"What can be: {', '.join(known)}." if known else "Nothing can be, here."
            raise Malformed(f"“{path[:100]}” cannot be expanded. {there}", field="expand")
    if len(paths) > MOST_EXPANDED:
        raise Malformed(f"{MOST_EXPANDED} things at most are expanded at once.", field="expand")
    return chosen_of(shape, tree_of(names(wanted, "fields")) or None, paths)


def names(wanted: dict[str, Any], parameter: str) -> list[str]:
    """The names in a parameter, each once."""
    if parameter not in wanted:
        return []
    given: list[str] = wanted[parameter].split(",")
    for n, name in enumerate(given):
        if not name:
            raise Malformed("Write names with commas between them.", field=parameter)
        if name in given[:n]:
            raise Malformed(f"“{name[:100]}” is named twice. Name it once.", field=parameter)
        if n > MOST_NAMES:
            raise Malformed(f"{MOST_NAMES} names are the most.", field=parameter)
    return given


def tree_of(paths: Iterable[str]) -> Tree:
    made: Tree = {}
    for path in paths:
        *outer, last = path.split(".")
        here: Tree | None = made
        for name in outer:
            here = None if here is None else here.setdefault(name, {})
        if here is None or last in here:
            raise Malformed(
                f"“{path[:100]}” is named twice: as a whole and in part.", field="fields"
            )
        here[last] = None
    return made


def chosen_of(shape: Shape, fields: Tree | None, paths: Iterable[str]) -> Chosen:
    """`paths` are known to be expandable; `fields` are looked at here."""
    further: dict[str, list[str]] = {}
    for path in paths:
        at = next(one for one in OF[shape] if path == one or path.startswith(f"{one}."))
        further.setdefault(at, []).extend([path[len(at) + 1 :]] if path != at else [])
    expand = {}
    for at, inner in further.items():
        reference = OF[shape][at]
        left = cut_out(fields, at, reference.many)
        expand[at] = (reference, chosen_of(reference.shape, left, inner))
    many = [at for at, (reference, _) in expand.items() if reference.many]
    if fields is not None:
        refuse_strange(fields, shape(), "", many)
    return Chosen(fields, expand)


def cut_out(fields: Tree | None, at: str, many: bool) -> Tree | None:
    """What is left of the thing that is expanded there; of this one, the place itself is left."""
    here = fields
    *outer, last = at.split(".")
    for name in outer:
        if here is None:
            return None
        if name not in here:
            raise Malformed(f"“{at}” is expanded and not among `fields`. Add it.", field="expand")
        here = here[name]
    if here is None:
        return None
    if last not in here:
        raise Malformed(f"“{at}” is expanded and not among `fields`. Add it.", field="expand")
    left = here[last]
    if many:
        del here[last]
    else:
        here[last] = None
    return left


def nested(field: Any) -> Any:
    """The shape of what is nested in a field, in a list or not; None of a plain value."""
    inner = getattr(field, "child", field)
    return inner if isinstance(inner, serializers.Serializer) else None


def refuse_strange(fields: Tree, shape: Any, at: str, more: Sequence[str] = ()) -> None:
    """Refuse what the shape does not have."""
    for name, inner in fields.items():
        path = f"{at}{name}"
        if name not in shape.fields:
            there = ", ".join([*shape.fields, *more])
            raise Malformed(
                f"There is no “{path[:100]}” here. What there is{' in it' if at else ''}: {there}.",
                field="fields",
            )
        if inner is not None:
            further = nested(shape.fields[name])
            if further is None:
                raise Malformed(f"“{path}” has no parts: name it alone.", field="fields")
            refuse_strange(inner, further, f"{path}.")


def lean(rows: QuerySet[Any, Any], shape: Shape, wanted: Chosen) -> QuerySet[Any, Any]:
    """`rows` without what is fetched for fields that are not asked for."""
    if wanted.fields is None:
        return rows
    joined = {one.name for one in rows.model._meta.get_fields() if one.many_to_one}
    left = [field for name, field in shape().fields.items() if name in wanted.fields]
    fetched = any(
        isinstance(one, serializers.BaseSerializer) and one.source not in joined for one in left
    )
    return rows if fetched else rows.prefetch_related(None)


def shown(
    shape: Shape,
    things: Sequence[Any],
    wanted: Chosen,
    request: Request,
    context: dict[str, Any] | None = None,
) -> list[Any]:
    """Things as the answer has them."""
    many: Any = shape(things, many=True, context={"request": request} | (context or {}))
    if wanted.fields is not None:
        prune(many.child, wanted.fields)
    rows = [dict(row) for row in many.data]
    for at, (reference, inner) in wanted.expand.items():
        if reference.many:
            add_many(rows, things, at, reference, inner, request)
        else:
            put_in_place(rows, at, reference, inner, request)
    return rows


def one_shown(
    shape: Shape, thing: Any, request: Request, context: dict[str, Any] | None = None
) -> Any:
    """One thing as the answer has it: what a read chooses, and the whole after a write."""
    wanted = asked(Choosing, request) if request.method in SAFE else {}
    return shown(shape, [thing], chosen(shape, wanted), request, context)[0]


def prune(shape: Any, fields: Tree) -> None:
    for name in list(shape.fields):
        if name not in fields:
            del shape.fields[name]
        elif (inner := fields[name]) is not None:
            prune(nested(shape.fields[name]), inner)


def put_in_place(
    rows: list[Any], at: str, reference: Reference, wanted: Chosen, request: Request
) -> None:
    """Puts each thing in the place of what names it."""
    *outer, last = at.split(".")
    holders = rows
    for name in outer:
        holders = [inner for one in holders for inner in one[name]]
    named = {key_of(one[last]) for one in holders} - {None}
    found = {}
    if named:
        some = lean(reference.rows(request), reference.shape, wanted)
        things = list(some.filter(**{f"{reference.by}__in": named}))
        keys = [str(getattr(one, reference.by)) for one in things]
        found = dict(zip(keys, shown(reference.shape, things, wanted, request), strict=True))
    for one in holders:
        one[last] = found.get(key_of(one[last]) or "")


def key_of(value: Any) -> str | None:
    """What names the thing: an id, a slug, or an object with an id."""
    key: str | None = value["id"] if isinstance(value, dict) else value
    return key


def add_many(
    rows: list[Any],
    things: Sequence[Any],
    at: str,
    reference: Reference,
    wanted: Chosen,
    request: Request,
) -> None:
    """Adds to each thing those that name it, newest first."""
    place = Window(RowNumber(), partition_by=F(reference.by), order_by=F("pk").desc())
    some = lean(reference.rows(request), reference.shape, wanted)
    some = some.filter(**{f"{reference.by}__in": [one.pk for one in things]})
    found = list(some.annotate(place=place).filter(place__lte=MOST_EACH).order_by("-pk"))
    each: dict[Any, list[Any]] = {one.pk: [] for one in things}
    for one, row in zip(found, shown(reference.shape, found, wanted, request), strict=True):
        each[getattr(one, f"{reference.by}_id")].append(row)
    for thing, row in zip(things, rows, strict=True):
        row[at] = each[thing.pk]
