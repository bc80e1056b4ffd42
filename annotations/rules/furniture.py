"""Page furniture in plain words: what a site puts around every article, known by its looks.

A block is furniture when the whole of it is such words. A few kinds are only told apart from an
article's own words by where they stand, so they count in the last part of a text alone. What is
in doubt is the author's: a greyed sentence cannot be marked.
"""

import re
from collections.abc import Collection

LONGEST = 400  # code points; longer blocks are prose
LATE = 0.6  # of the blocks; from here on a text may have ended

NUMBER = r"(?:\d[\d.,]*\s?[kKmM]?)"
NETWORK = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|pinterest|instagram|threads|bluesky"
    r"|mastodon|vk|viber|e-?mail|pocket|messenger|copy link|print)"
)
SHARE = (
    r"(?:share|tweet|retweet|pin|print|e-?mail|save|bookmark|follow|copy link|listen|subscribe"
    r"|sign in|sign up|log in|register|partager|imprimer|enregistrer|s'abonner|se connecter|teilen"
    r"|drucken|merken|abonnieren|anmelden|compartir|imprimir|guardar|suscribirse|iniciar sesión"
    r"|condividi|stampa|salva|abbonati|accedi|compartilhar|salvar|assinar|entrar|udostępnij|drukuj"
    r"|zapisz|zaloguj się|delen|opslaan|inloggen|поделиться|распечатать|сохранить|подписаться|войти"
    r"|поділитися|надрукувати|зберегти|підписатися|увійти|शेयर करें|साझा करें|مشاركة|شارك|طباعة"
    r"|حفظ|اشترك|シェア|シェアする|印刷|保存|分享|打印|收藏|공유|인쇄)"
)
ANYWHERE = [
    # Buttons and their counts: “Share”, “Share this on Facebook”, “Print 12”, “1.2K shares”.
    rf"{SHARE}(?: (?:this|the))?(?: (?:article|story|post|page))?"
    rf"(?: (?:on|via|by|to|with|auf|sur|en|su) {NETWORK})?[:!.…]?(?: ?\(?{NUMBER}\)?)?",
    rf"(?:{SHARE}|{NETWORK})(?:\s*[|·•,/]?\s+(?:{SHARE}|{NETWORK}))+",
    rf"{NUMBER} (?:shares?|comments?|likes?|views|retweets|reactions)",
    # Comment forms.
    r"(?:leave|post|write|add|submit) a (?:reply|comment)(?: cancel reply)?[.:]?"
    r"|cancel reply|post comment|join the (?:conversation|discussion)[.:]?|no comments(?: yet)?\.?"
    r"|(?:laisser un commentaire|schreibe einen kommentar|deja una respuesta|deja un comentario"
    r"|lascia un commento|deixe um comentário|dodaj komentarz|plaats een reactie"
    r"|оставить комментарий|добавить комментарий|залишити коментар|اترك تعليقا|コメントを残す"
    r"|发表评论)",
    r"(?:your email address will not be published\.?\s*)?(?:required fields are marked \*?\.?)?"
    r"|your email address will not be published\.?",
    r"(?:votre adresse e-mail ne sera pas publiée|deine e-mail-adresse wird nicht veröffentlicht"
    r"|tu dirección de correo electrónico no será publicada|il tuo indirizzo email non sarà"
    r" pubblicato|o seu endereço de e-mail não será publicado|ваш адрес email не будет опубликован"
    r"|ваша e-mail адреса не оприлюднюватиметься)\b.{0,120}",
    r"save my name, email,? and website in this browser for the next time i comment\.?",
    r"you must be logged in to post a comment\.?",
    # Advertising, cookies, newsletters.
    r"(?:advertisements?|sponsored(?: content)?|paid content|publicité|anzeige|werbung"
    r"|publicidad|pubblicità|publicidade|reklama|реклама|إعلان|広告|广告|광고|advertentie)"
    r"|(?:story|article) continues below(?: (?:this )?ad(?:vertisement)?)?",
    r"(?:accept|allow|reject|decline|manage)(?: all)?(?: (?:optional|non-essential))? cookies"
    r"|(?:cookie|privacy) (?:settings|preferences|policy|notice)|accept all|reject all",
    r"(?:we|(?:this|our) (?:web)?site|our partners) (?:and our partners )?uses? cookies\b.*",
    r"by (?:continuing|using|clicking)\b[^.]{0,120}\bcookies\b.*",
    r"(?:sign up|subscribe) (?:for|to) (?:our|the)\b[^.!]{0,60}\bnewsletters?\b[^.!]{0,60}[.!]?",
    r"(?:get|receive)\b[^.!]{0,60}\b(?:in your inbox|newsletter)\b[^.!]{0,40}[.!]?",
    r"(?:read|show|load|view|see) (?:more|next|all)(?: (?:here|stories|comments|articles))?[.…»>]*"
    r"|continue reading[.…»>]*|lire la suite|weiterlesen|leer más|leggi tutto|leia mais"
    r"|czytaj więcej|lees meer|читать далее|читати далі|اقرأ المزيد|続きを読む|阅读更多|더 보기",
    r"(?:skip to (?:main )?content|back to top|scroll to top|toggle navigation|open menu)",
]  # fmt: skip
NEAR_THE_END = [
    r"(?:©|\(c\)|copyright)\s*(?:©|copyright)?\s*(?:19|20)\d\d\b[^.]{0,100}"
    r"(?:\. ?all rights reserved\b.{0,60})?",
    r"all rights reserved\.?|alle rechte vorbehalten\.?|tous droits réservés\.?"
    r"|todos los derechos reservados\.?|все права защищены\.?|усі права захищені\.?",
    r"(?:related|read (?:also|more|next)|see also|also read|more on this|you may also like"
    r"|most (?:read|popular)|trending(?: now)?|lire aussi|lesen sie auch|lea también"
    r"|leggi anche|leia também|czytaj też|lees ook|читайте также|читайте також|اقرأ أيضا|関連記事)"
    r"(?: (?:articles|stories|posts|topics|news|reading))?(?:\s*:.{0,160})?",
    r"(?:tags?|filed under|topics|categories|posted in|tagged)(?: with)?\s*:.{0,160}",
    r"(?:previous|next|older|newer) (?:post|article|story|posts|entries)(?:\s*:.{0,160})?",
    r"(?:follow|like|find) us on .{0,80}",
    r"(?:name|email|website|comment) ?\*?",
]
ALWAYS = re.compile("|".join(f"(?:{one})" for one in ANYWHERE), re.IGNORECASE)
LATE_ONLY = re.compile("|".join(f"(?:{one})" for one in NEAR_THE_END), re.IGNORECASE)


def is_furniture(block: str, *, named: Collection[str], place: float) -> bool:
    """Whether a block is the page's: by its `named` words, or by its looks at its place.

    `place` is 0 at the beginning of the text and 1 at its last block.
    """
    words = block.strip()
    if words.casefold() in named:
        return True
    if not words or len(words) > LONGEST:
        return False
    return bool(ALWAYS.fullmatch(words) or (place >= LATE and LATE_ONLY.fullmatch(words)))
