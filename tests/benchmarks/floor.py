"""The floor: the smallest Django and DRF site over the same tables, with no login, checks or log.

What ours is held against: a list page, one article with its claims, and creates with a commit,
written as a newcomer to DRF would write them.
"""

from typing import Any, ClassVar

from django.db import transaction
from django.urls import path
from rest_framework import generics, serializers

from annotations.models import Appearance, Article, Claim, Evidence, Ruling, Verdict


class EvidenceRows(serializers.ModelSerializer[Evidence]):
    class Meta:
        model = Evidence
        exclude = ("verdict", "project", "position")


class Verdicts(serializers.ModelSerializer[Verdict]):
    evidence = EvidenceRows(many=True)

    class Meta:
        model = Verdict
        exclude = ("project",)

    def create(self, validated_data: dict[str, Any]) -> Verdict:
        with transaction.atomic():
            evidence = validated_data.pop("evidence")
            verdict = Verdict.objects.create(
                **validated_data, project_id=validated_data["claim"].project_id
            )
            for n, one in enumerate(evidence):
                Evidence.objects.create(
                    verdict=verdict, project_id=verdict.project_id, position=n, **one
                )
        return verdict


class Places(serializers.ModelSerializer[Appearance]):
    class Meta:
        model = Appearance
        fields = ("id", "revision", "start", "end", "quote", "prefix", "suffix")


class Rulings(serializers.ModelSerializer[Ruling]):
    class Meta:
        model = Ruling
        exclude = ("evidence",)


class Claims(serializers.ModelSerializer[Claim]):
    appearances = Places(many=True, required=False)

    class Meta:
        model = Claim
        exclude = ("project",)


class FullClaims(Claims):
    verdicts = Verdicts(many=True)
    rulings = Rulings(many=True)


class Mark(serializers.ModelSerializer[Appearance]):
    """A claim and its place in one request, as `POST /claims/` takes them."""

    statement = serializers.CharField(write_only=True)

    class Meta:
        model = Appearance
        exclude = ("claim",)
        # DRF trims strings by default; the words of a mark stand with their blanks.
        extra_kwargs: ClassVar = {
            name: {"trim_whitespace": False} for name in ("quote", "prefix", "suffix")
        }

    def create(self, validated_data: dict[str, Any]) -> Appearance:
        with transaction.atomic():
            claim = Claim.objects.create(
                statement=validated_data.pop("statement"),
                project=validated_data["project"],
                marked_by=validated_data["marked_by"],
            )
            return Appearance.objects.create(claim=claim, **validated_data)


class Whole(serializers.ModelSerializer[Article]):
    claims = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = "__all__"

    def get_text(self, article: Article) -> str:
        return article.revisions.order_by("-number")[0].text

    def get_claims(self, article: Article) -> Any:
        claims = Claim.objects.filter(appearances__article=article).prefetch_related(
            "appearances", "verdicts__evidence", "rulings"
        )
        return FullClaims(claims, many=True).data


class OpenArticle(generics.RetrieveAPIView[Article]):
    authentication_classes = ()
    permission_classes = ()
    filter_backends = ()
    queryset = Article.objects.all()
    serializer_class = Whole


class MakeMark(generics.CreateAPIView[Appearance]):
    authentication_classes = ()
    permission_classes = ()
    filter_backends = ()
    queryset = Appearance.objects.all()
    serializer_class = Mark


class MakeVerdict(generics.CreateAPIView[Verdict]):
    authentication_classes = ()
    permission_classes = ()
    filter_backends = ()
    queryset = Verdict.objects.all()
    serializer_class = Verdicts


urlpatterns = [
    path("articles/<uuid:pk>/", OpenArticle.as_view()),
    path("marks/", MakeMark.as_view()),
    path("verdicts/", MakeVerdict.as_view()),
]
