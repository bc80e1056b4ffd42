"""The cast: the people and the things that every test knows by the same names."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from annotations.actions.articles import import_article
from annotations.actions.projects import create_project, set_role
from annotations.actions.seeds import load_seed, make_people
from annotations.formats.seed import read_seed
from annotations.models import Article, Project, User
from tests.roles import come_as_owner, flush_as_owner, make_web_role, step_down, step_up

# No example fails for being slow: a busy machine is no fault of the code.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

TEXT = """The council spends more than ever

Share

The city council spent 12% more in 2024 than in the year before, the mayor said on Tuesday.

“We have never spent this much on schools,” she told reporters.

Café prices doubled 🇺🇦🇵🇱 in the same year, according to the chamber of commerce.

Leave a Reply
"""


def person(name: str, pseudonym: str, *, staff: bool = False) -> User:
    """An account without a usable password: tests sign in by force."""
    user = User(username=name, pseudonym=pseudonym, is_staff=staff)
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed in no time: a good hash costs a quarter of a second, on purpose."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=quick):
        yield


@pytest.fixture(autouse=True, scope="session")
def hardly_any_limit() -> Iterator[None]:
    """Requests are counted, and no test has too many: test_limits.py sets its own."""
    with override_settings(RATE_LIMIT_PERSON=10**6, RATE_LIMIT_ADDRESS=10**6):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The owner of the tables makes the test database."""
    come_as_owner()
    with django_db_blocker.unblock():
        make_web_role()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, in which every connection has the rights of the web's role and no more.

    Tests that commit empty its tables: its owner does that, with the triggers against it off.
    At the end nobody else may hold it: a server's thread may linger.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'record_is_not_emptied'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER record_is_not_emptied")
    step_down()
    with pytest.MonkeyPatch.context() as patch:
        flush_as_owner(patch)
        yield
    step_up()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def finch(db: None) -> User:
    """A reviewer of the project."""
    return person("finch", "Finch")


@pytest.fixture
def maple(db: None) -> User:
    """The project's second reviewer."""
    return person("maple", "Maple")


@pytest.fixture
def robin(db: None) -> User:
    """The project's moderator, who may enter the admin."""
    return person("robin", "Robin", staff=True)


@pytest.fixture
def birch(db: None) -> User:
    """The project's owner, who may enter the admin."""
    return person("birch", "Birch", staff=True)


@pytest.fixture
def stranger(db: None) -> User:
    """The owner of another project; no member of the project."""
    return person("stranger", "Osprey", staff=True)


@pytest.fixture
def project(birch: User, finch: User, maple: User, robin: User) -> Project:
    """A blind project of two verdicts a claim, with its four people."""
    made = create_project(actor=birch, slug="council", name="Council budget")
    for user, role in ((finch, "reviewer"), (maple, "reviewer"), (robin, "moderator")):
        set_role(made.pk, user.pk, role, actor=birch)
    return made


@pytest.fixture
def article(project: Project, robin: User) -> Article:
    """A short article of the project; its furniture is “Share” and “Leave a Reply”."""
    return import_article(project.pk, actor=robin, text=TEXT, slug="council-spends-more")


@pytest.fixture
def other_project(stranger: User) -> Project:
    """Another project, in which none of the project's people work."""
    return create_project(actor=stranger, slug="harbour", name="Harbour works")


@pytest.fixture
def other_article(other_project: Project, stranger: User) -> Article:
    return import_article(
        other_project.pk, actor=stranger, text="Harbour works begin\n\nThe harbour costs 3 million."
    )


@pytest.fixture
def seeded(db: None) -> Project:
    """The demo's project with the first article and its 16 claims in every state."""
    folder = next(settings.SEEDS.glob("*/article.json")).parent
    seed = read_seed(folder)
    load_seed(seed, make_people("demo-demo-demo"))
    return Project.objects.get(slug=seed.project["slug"])
