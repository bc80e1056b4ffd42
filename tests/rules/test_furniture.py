"""What a site puts around an article is known by its looks; an article's own words never are."""

import pytest
from django.conf import settings

from annotations.rules.canonical import Kind, canonical_text
from annotations.rules.furniture import is_furniture

ANYWHERE = """
Share
SHARE THIS ARTICLE
Share this on Facebook
Share 12
Print
1.2K shares
214 comments
Facebook Twitter WhatsApp Email
Share | Tweet | Print
Leave a Reply
Leave a Reply Cancel reply
Post Comment
Your email address will not be published.
Your email address will not be published. Required fields are marked *
Save my name, email, and website in this browser for the next time I comment.
Advertisement
Story continues below advertisement
Accept all cookies
We use cookies to improve your experience. Read our privacy policy.
By continuing to browse the site you agree to our use of cookies.
Sign up for our newsletter
Subscribe to our weekly newsletter for the latest news.
Read more
Continue reading…
Skip to main content
Teilen
Weiterlesen
Lire la suite
Anzeige
Поділитися
Читати далі
Оставить комментарий
続きを読む
Deine E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert
""".strip().splitlines()
LATE = """
© 2025 Example Times
© 2025 Example Times. All rights reserved.
Copyright 2025 Example Times
All rights reserved.
Related: The harbour works begin
Related articles
Read also: The bridge that nobody wanted
Tags: budget, roads
Previous post: Council elected
Follow us on Facebook and Telegram
You may also like
""".strip().splitlines()
PROSE = """
Share prices rose by 4% on Tuesday.
Share prices rose
Print is not dead, the publisher said.
Cookies were the council's downfall, the mayor said.
The site uses cookies without asking, the court found.
Advertisement spending doubled in 2024.
Comments by the minister drew criticism.
Leave a reply to the letter within ten days, the court ordered.
Related companies paid 3 million.
Copyright 2024 saw big changes.
Copyright law has to change, the minister said in 2025.
Read more books, the report advises parents.
Subscribe to the theory or not, the numbers hold.
Email was sent by 12 people.
Twitter bought the company in 2021.
Follow the money
The newsletter reached 12,000 readers.
We use more water than we have.
Register of interests published
12 likes were bought by the party's account, the police said.
Menu prices rose by 8%.
Save the bees, the farmers say
""".strip().splitlines()


@pytest.mark.parametrize("words", ANYWHERE)
def test_furniture_is_known_wherever_it_stands(words: str) -> None:
    assert is_furniture(words, named=(), place=0)
    assert is_furniture(words, named=(), place=1)


@pytest.mark.parametrize("words", LATE)
def test_some_furniture_is_known_at_the_end_alone(words: str) -> None:
    assert not is_furniture(words, named=(), place=0.2)
    assert is_furniture(words, named=(), place=1)


@pytest.mark.parametrize("words", PROSE)
def test_an_articles_own_words_are_never_furniture(words: str) -> None:
    assert not is_furniture(words, named=(), place=0)
    assert not is_furniture(words, named=(), place=1)


def test_of_the_first_article_only_the_comment_form_and_the_buttons_are_furniture() -> None:
    raw = next(settings.SEEDS.glob("*/article.txt")).read_text("utf-8")
    made = canonical_text(raw)
    grey = [made.text[b.start : b.end] for b in made.blocks if b.kind == Kind.FURNITURE]
    assert grey == [
        "Share",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
    ]
