"""Imports: how far each file is and what came of it; they are stopped and taken up again here."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format

from annotations.actions.imports import cancel_import, resume_import
from annotations.admin.access import person, role_in
from annotations.admin.doors import Door, Fact, dated
from annotations.admin.filters import ByProject
from annotations.admin.history import Told
from annotations.admin.site import desk
from annotations.models import Import
from annotations.rules.permissions import Verb, may
from annotations.rules.refusals import Refusal

Act = Callable[..., Import]

SHOWN = 20  # refusals, on the page of an import


@admin.register(Import, site=desk)
class ImportAdmin(Told, Door):
    """The imports of the projects that a person moderates. They begin on a project's files page."""

    list_display = (
        "name", "stands", "new", "there", "waits", "turned_down", dated("started_at", "Begun"),
        "project",
    )  # fmt: skip
    list_filter = (ByProject,)
    parameters: ClassVar[frozenset[str]] = frozenset({"project"})
    page_template = "admin/import.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        rows: QuerySet[Import] = super().get_queryset(request)
        return rows.select_related("project", "started_by").order_by("-id")

    @admin.display(description="State")
    def stands(self, job: Import) -> str:
        shown = str(job.get_progress_display())
        return f"{shown}, {job.share} %" if job.is_open else shown

    @admin.display(description="New")
    def new(self, job: Import) -> str:
        return f"{job.articles:,} articles, {job.claims:,} claims, {job.verdicts:,} verdicts"

    @admin.display(description="Here already")
    def there(self, job: Import) -> str:
        return f"{job.unchanged:,}"

    @admin.display(description="Needed a map")
    def waits(self, job: Import) -> str:
        return f"{job.waiting:,}"

    @admin.display(description="Refused")
    def turned_down(self, job: Import) -> str:
        return f"{job.refused:,}"

    def facts(self, request: HttpRequest, thing: Import) -> list[Fact]:
        return [
            Fact("State", self.stands(thing)),
            Fact("Why", thing.why),
            Fact("New", self.new(thing)),
            Fact("Here already", self.there(thing)),
            Fact("Needed a map", self.waits(thing)),
            Fact("Refused", self.turned_down(thing)),
            Fact("Format", thing.format_name),
            Fact("Size", filesizeformat(thing.size)),
            Fact("SHA-256", thing.sha256),
            Fact("Project", thing.project.name),
            Fact("Begun by", thing.started_by.pseudonym),
            Fact("Begun", date_format(thing.started_at, "j F Y, H:i")),
            Fact("Ended", date_format(thing.ended_at, "j F Y, H:i") if thing.ended_at else ""),
        ]

    def page(
        self, request: HttpRequest, thing: Any, form: Any, status: int = 200, **more: Any
    ) -> TemplateResponse:
        more = {
            "title": thing.name,
            "refusals": list(thing.refusals.all()[:SHOWN]),
            "further": max(thing.refused - SHOWN, 0),
            "may_act": may(role_in(request, thing), Verb.IMPORT_FILE),
            **more,
        }
        return super().page(request, thing, form, status, **more)

    def get_urls(self) -> list[URLPattern]:
        steps = {"cancel": self.cancel, "resume": self.resume}
        return [
            *(
                path(
                    f"<uuid:import_id>/{name}/",
                    self.admin_site.admin_view(step),
                    name=f"annotations_import_{name}",
                )
                for name, step in steps.items()
            ),
            *super().get_urls(),
        ]

    def cancel(self, request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
        """Stop an import; what has come in stays."""
        says = "The import is stopped. What has come in stays."
        return self.stepped(request, import_id, cancel_import, says)

    def resume(self, request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
        """Take an import up again where it stopped."""
        says = "The import goes on where it stopped."
        return self.stepped(request, import_id, resume_import, says)

    def stepped(
        self, request: HttpRequest, import_id: uuid.UUID, act: Act, says: str
    ) -> HttpResponse:
        job = self.get_object(request, str(import_id))
        if request.method == "POST":
            try:
                act(job.pk, actor=person(request))
            except Refusal as refusal:
                return self.page(request, job, None, refusal.status, stopped=refusal.sentence)
            messages.success(request, says)
        return redirect(self.address("change", job.pk))
