"""Tags of tools that have one list of them, in which a rating stands among topics.

`rating:false` is a rating whatever the word; without such a tag, a word that the project takes for
a rating is (`ReadAsked.ratings`). All others are topics.
"""

from collections.abc import Sequence

from annotations.formats.contract import ReadAsked
from annotations.rules.refusals import Malformed

RATING = "rating:"


def written(rating: str, topics: Sequence[str]) -> list[str]:
    return [*([RATING + rating] if rating else []), *filter(is_topic, topics)]


def is_topic(word: str) -> bool:
    """Whether a word among the tags is taken for a topic wherever the scale is the standard one."""
    return not word.lower().startswith(RATING) and not ReadAsked().is_rating(word)


def split(tags: Sequence[str], asked: ReadAsked) -> tuple[str, tuple[str, ...]]:
    """The rating, empty if there is none, and the topics; refuses two ratings."""
    named = [one for one in tags if one.lower().startswith(RATING)]
    ratings = named or [one for one in tags if asked.is_rating(one)]
    if len(set(ratings)) > 1:
        raise Malformed(f"There is more than one rating: {', '.join(ratings)}. Leave only one.")
    rating = ratings[0][len(RATING) if named else 0 :].strip() if ratings else ""
    return rating, tuple(one for one in dict.fromkeys(tags) if one not in ratings)
