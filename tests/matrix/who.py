"""Who asks, what becomes of it, and the usual ways in which the two go together."""

from enum import StrEnum

from annotations.rules.permissions import Role, Verb, may


class Person(StrEnum):
    """The reviewer and the author are both reviewers: the author made what is asked about.

    The former moderator left the project a moment ago, and has a staff account like the owners,
    the moderator and the superuser.
    """

    ANYBODY = "anybody"
    ELSEWHERE = "owner elsewhere"
    FORMER = "former moderator"
    ROOT = "superuser"
    REVIEWER = "reviewer"
    AUTHOR = "author"
    MODERATOR = "moderator"
    OWNER = "owner"


class Outcome(StrEnum):
    DONE = "done"
    SIGN_IN = "sign in first"
    REFUSED = "refused"
    MISSING = "not there"
    UNREAD = "refused at a field"
    NOT_NOW = "not now"
    HELD = "held back by law"
    NO_METHOD = "no such method"


Answers = dict[Person, Outcome]

ROLES = {
    Person.REVIEWER: Role.REVIEWER,
    Person.AUTHOR: Role.REVIEWER,
    Person.MODERATOR: Role.MODERATOR,
    Person.OWNER: Role.OWNER,
}


def only(
    *people: Person, anybody: Outcome = Outcome.SIGN_IN, others: Outcome = Outcome.MISSING
) -> Answers:
    """Done for these people, and what the others get."""
    rest = {**dict.fromkeys(Person, others), Person.ANYBODY: anybody}
    return rest | dict.fromkeys(people, Outcome.DONE)


EVERYONE: Answers = dict.fromkeys(Person, Outcome.DONE)
SIGNED_IN = EVERYONE | {Person.ANYBODY: Outcome.SIGN_IN}
NOBODY: Answers = dict.fromkeys(Person, Outcome.MISSING)
MEMBERS = only(*ROLES)
# Reads that are open to all say of what is not published that it is not there.
MEMBERS_OF_A_HIDDEN = only(*ROLES, anybody=Outcome.MISSING)
AUTHOR = only(Person.AUTHOR)
# Who owns a project may begin another.
FOUNDERS = only(Person.OWNER, Person.ELSEWHERE, Person.ROOT, others=Outcome.REFUSED)
MODERATORS = only(Person.MODERATOR, Person.OWNER)
MODERATORS_OF_AN_AUTHORS = MODERATORS | {Person.AUTHOR: Outcome.REFUSED}
TAKERS = only(*ROLES, others=Outcome.NOT_NOW)
WITHHELD = only(
    Person.MODERATOR, Person.OWNER, anybody=Outcome.HELD, others=Outcome.HELD
)  # fmt: skip
AUTHORS_TURN = only() | dict.fromkeys(ROLES, Outcome.NOT_NOW) | {Person.AUTHOR: Outcome.DONE}


def by_table(verb: Verb) -> Answers:
    """What the table of roles and verbs says; who does not work in the project finds nothing."""
    own = [who for who, role in ROLES.items() if may(role, verb, own=who == Person.AUTHOR)]
    return only() | dict.fromkeys(ROLES, Outcome.REFUSED) | dict.fromkeys(own, Outcome.DONE)


def seen_with(verb: Verb, *, anybody: Outcome = Outcome.SIGN_IN) -> Answers:
    """What its author sees, and who may do the verb; for others it is not there."""
    seers = [person for person, role in ROLES.items() if may(role, verb)]
    return only(Person.AUTHOR, *seers, anybody=anybody)


# The words of a comment are its author's; others read them with the verdicts.
AUTHORS_WORDS = seen_with(Verb.SEE_ALL_VERDICTS) | {
    Person.MODERATOR: Outcome.REFUSED,
    Person.OWNER: Outcome.REFUSED,
}

# The admin lets nobody in who moderates nothing.
SHUT_OUT = dict.fromkeys((Person.FORMER, Person.REVIEWER, Person.AUTHOR), Outcome.REFUSED)
AT_DESK = (Person.ELSEWHERE, Person.ROOT, Person.MODERATOR, Person.OWNER)


def desk(*done: Person, others: Outcome = Outcome.REFUSED, elsewhere: Outcome) -> Answers:
    """In the admin: done for these, and what the others get who may enter it."""
    inside = dict.fromkeys(AT_DESK, others) | {Person.ELSEWHERE: elsewhere}
    shut_out = {Person.ANYBODY: Outcome.SIGN_IN} | SHUT_OUT
    return inside | shut_out | dict.fromkeys(done, Outcome.DONE)


DESK = desk(*AT_DESK, elsewhere=Outcome.DONE)
OWN_DESK = desk(*AT_DESK[1:], elsewhere=Outcome.MISSING)
CLOSED = desk(elsewhere=Outcome.REFUSED)
CLOSED_THING = desk(elsewhere=Outcome.MISSING)
NOT_AT_DESK = desk(others=Outcome.MISSING, elsewhere=Outcome.MISSING)
SUPERUSER = desk(Person.ROOT, elsewhere=Outcome.REFUSED)
SUPERUSERS_THING = desk(Person.ROOT, others=Outcome.MISSING, elsewhere=Outcome.MISSING)
HOLDER = desk(Person.ROOT, Person.OWNER, others=Outcome.MISSING, elsewhere=Outcome.MISSING)


def closed(answers: Answers) -> Answers:
    """Refused to those who find the thing."""
    return {
        who: Outcome.REFUSED if outcome == Outcome.DONE else outcome
        for who, outcome in answers.items()
    }


def at_desk(verb: Verb, *, root: Outcome = Outcome.REFUSED) -> Answers:
    """A verb on a thing in the admin. A superuser needs a role like everyone else."""
    return by_table(verb) | SHUT_OUT | {Person.ROOT: root}


def step(verb: Verb) -> Answers:
    """A verb that only the action asks about: it finds nothing where one has no role."""
    return at_desk(verb, root=Outcome.MISSING)


def adding(verb: Verb, *, root: Outcome, elsewhere: Outcome = Outcome.DONE) -> Answers:
    """A new thing of a project: the owner elsewhere may add one there."""
    return at_desk(verb, root=root) | {Person.ELSEWHERE: elsewhere}
