"""How the templates show words that came from outside: `{% load shown %}`."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from annotations.rules.unseen import pieces

register = template.Library()


@register.filter
def shown(text: object) -> SafeString:
    """The text as it is, with what cannot be seen named beside it (`annotations.rules.unseen`).

    Its text nodes are the text and nothing else, so that offsets hold.
    """
    made = (named(name, piece) if name else piece for piece, name in pieces(str(text)))
    return format_html_join("", "{}", ((one,) for one in made))


def named(name: str, piece: str) -> SafeString:
    """The isolate keeps a direction override from turning its neighbours."""
    return format_html('<bdi class="unseen" data-name="{}">{}</bdi>', name, piece)
