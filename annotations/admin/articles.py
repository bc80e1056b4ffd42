"""Articles: bringing one in, and changing what is known about one. Its words are never changed."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from annotations.actions.articles import HTML, PLAIN, edit_article, import_article, known
from annotations.admin.access import may_somewhere, person, role_in, roles
from annotations.admin.doors import Door, Fact, Sentences, dated, on
from annotations.admin.fields import day, line, prose, tick
from annotations.admin.filters import ByProject
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Article, LegalHold, Project
from annotations.rules.permissions import Verb, may


class FactsForm(Sentences, forms.Form):
    """What is known about an article."""

    title = line("Title")
    publisher = line("Publisher")
    author = line("Author")
    address = line("Address", "Where the article can be read.", inputmode="url")
    language = line("Language", "A language tag, such as en or pt-BR.")
    date = day("Date")
    date_is_inferred = tick("The date is inferred, not printed")
    note = prose("Note", "For the desk: what has to be known about this article.")


class ImportForm(FactsForm):
    """A new article, out of plain text or HTML."""

    project = forms.ChoiceField(label="Project")
    text = prose(
        "Text",
        "Blank lines part the paragraphs; the first short one is the headline.",
        rows=16,
    )
    is_html = tick("The text is HTML: a page’s source, or a part of it")
    furniture = prose(
        "Page furniture",
        "Lines of the text that are the page’s and not the article’s, one a line: greyed out.",
    )
    field_order = ("project", "text", "is_html", "furniture", "title")

    def __init__(self, *args: Any, projects: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = "Empty: the text’s own headline."
        self.fields["language"].required = False
        self.fields["language"].help_text = "Empty: what the page says, or else English (en)."
        cast(forms.ChoiceField, self.fields["project"]).choices = projects


@admin.register(Article, site=desk)
class ArticleAdmin(Told, Door):
    """The articles of the projects that a person moderates."""

    list_display = ("title", "publisher", dated("date", "Date"), "project", "importer")
    list_filter = (ByProject,)
    parameters: ClassVar[frozenset[str]] = frozenset({"project"})
    search_fields = ("title",)
    search_help_text = "Words of the title"
    add_form = ImportForm
    change_form = FactsForm
    add_says = "Bring the article in"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        found: QuerySet[Article] = super().get_queryset(request)
        return found.select_related("project", "imported_by")

    @admin.display(description="Brought in by")
    def importer(self, article: Article) -> str:
        return article.imported_by.pseudonym

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_somewhere(request, Verb.IMPORT_ARTICLE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return may_somewhere(request, Verb.EDIT_ARTICLE)
        return may(role_in(request, obj), Verb.EDIT_ARTICLE)

    def form_for(self, request: HttpRequest, thing: Any, sent: Any = None) -> Any:
        if thing is not None:
            return super().form_for(request, thing, sent)
        mine = [pk for pk, role in roles(request).items() if may(role, Verb.IMPORT_ARTICLE)]
        named = Project.objects.filter(pk__in=mine).values_list("pk", "name")
        projects = [(str(pk), name) for pk, name in named]
        return ImportForm(sent, projects=projects)

    def add(self, request: HttpRequest, given: dict[str, Any]) -> Article:
        project = given.pop("project")
        given["media_type"] = HTML if given.pop("is_html") else PLAIN
        given["furniture"] = [one.strip() for one in given["furniture"].splitlines() if one.strip()]
        return import_article(project, actor=person(request), **given)

    def values(self, thing: Any) -> dict[str, Any]:
        return known(thing)

    def change(self, request: HttpRequest, thing: Article, given: dict[str, Any]) -> str:
        edit_article(thing.pk, actor=person(request), **given)
        return "The article’s details are kept."

    def facts(self, request: HttpRequest, thing: Article) -> list[Fact]:
        newest = thing.revisions.only("number", "sha256").first()
        return [
            Fact("Project", thing.project.name),
            Fact("Brought in by", thing.imported_by.pseudonym),
            Fact("Brought in on", on(thing.imported_at)),
            Fact(
                "Revision",
                newest.number if newest else "none",
                reverse("revision", args=[thing.slug, newest.number]) if newest else "",
            ),
            Fact("A new text", "Bring one in", reverse("revise", args=[thing.slug])),
            *self.hold_on(request, thing),
            Fact("SHA-256", newest.sha256 if newest else ""),
            Fact("Short name", thing.slug),
        ]

    def hold_on(self, request: HttpRequest, thing: Article) -> list[Fact]:
        """The hold that stands over the article, or where an owner places one."""
        pages = "admin:annotations_legalhold_{}"
        hold = LegalHold.objects.standing().filter(article=thing).first()
        if hold is not None:
            return [Fact("Legal hold", str(hold), reverse(pages.format("change"), args=[hold.pk]))]
        if not may(role_in(request, thing), Verb.HOLD):
            return []
        add = f"{reverse(pages.format('add'))}?article={thing.pk}"
        return [Fact("Legal hold", "Place one", add)]
