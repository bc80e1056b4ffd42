"""Claims and articles are found by their words, whatever their script."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Characters that count for nothing: accents, points, joiners, variation selectors, tags.
UNCOUNTED = (
    r"\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670"
    r"\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    r"\U000e0000-\U000e01ef"
)
# What stands between words, beyond ASCII.
BETWEEN = (
    r"\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u037e\u0387\u055a-\u055f"
    r"\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u060c\u060d\u061b-\u061f\u066a-\u066d\u06d4"
    r"\u0964\u0965\u0e2f\u0e4f\u0e5a\u0e5b\u0f04-\u0f14\u0f3a-\u0f3d\u104a-\u104f\u10fb\u1361-\u1368"
    r"\u1680\u17d4-\u17da\u2000-\u206f\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d\u30a0\u30fb"
)
# Scripts that leave no blanks between words, or join much to them, and signs, emoji among them.
UNSPACED = (
    r"\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u2190-\u2bff\u2e80-\ua4cf"
    r"\ua960-\uaadf\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U00018dff\U0001b000-\U0001b2ff"
    r"\U0001f000-\U0001faff\U00020000-\U0003ffff"
)

# A run ABC of an unspaced script becomes the words A AB BC C, so that each part of it is found: two
# characters and more by pairs that follow each other, one by what begins with it. Upper case is told
# from lower as the database's locale does, the same for what is sought.
FOLDED = rf"""
CREATE FUNCTION folded_words(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := words;
BEGIN
    IF octet_length(folded) = char_length(folded) THEN
        folded := lower(folded);
    ELSE
        folded := regexp_replace(normalize(folded, NFKD), '[{UNCOUNTED}]+', '', 'g');
        folded := translate(lower(normalize(folded, NFKC)), 'ßøłđðħıŧς', 'søldðħitσ');
        folded := regexp_replace(folded, '[{BETWEEN}]+', ' ', 'g');
        IF folded ~ '[{UNSPACED}]' THEN
            folded := regexp_replace(folded, '([{UNSPACED}]+)', ' \1 ', 'g');
            folded := regexp_replace(folded, '([{UNSPACED}])', '\1 \1', 'g');
        END IF;
    END IF;
    RETURN translate(folded, E'\t\n\x0b\f\r!"#$%&''()*+,-./:;<=>?@[\\]^_`{{|}}~', repeat(' ', 37));
END $$;

CREATE FUNCTION words_of(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('''' || left(word, 60) || ''':' || least(n, 16383), ' '), '')::tsvector
      FROM (SELECT word, row_number() OVER () AS n
              FROM unnest(string_to_array(folded_words(words), ' ')) word WHERE word <> '') one
$$;

-- What finds these words one after the other, or null where there are none.
CREATE FUNCTION phrase_of(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    whole text[] := array_remove(string_to_array(folded_words(words), ' '), '');
    inner_words text[] := whole;
BEGIN
    IF whole[1] ~ '^[{UNSPACED}]$' THEN
        inner_words := inner_words[2:];
    END IF;
    IF whole[cardinality(whole)] ~ '^[{UNSPACED}]$' THEN
        inner_words := trim_array(inner_words, 1);
    END IF;
    IF cardinality(whole) > 0 AND cardinality(inner_words) = 0 THEN
        RETURN ('''' || whole[1] || ''':*')::tsquery;
    END IF;
    RETURN (
        SELECT string_agg('''' || left(word, 60) || '''', ' <-> ' ORDER BY n)::tsquery
          FROM unnest(inner_words) WITH ORDINALITY one (word, n)
    );
END $$;
"""  # noqa: S608 (the character classes above, and no value)

# What is found of a claim, and two words that nobody can type: its project, and that it is ruled on.
CLAIMS = """
CREATE FUNCTION words_of_claim(claim annotations_claim) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT words_of(left(concat_ws(E' \\x01 ', claim.statement, (
               SELECT name FROM annotations_claimant WHERE id = claim.claimant_id
           ), (
               SELECT string_agg(DISTINCT quote, E' \\x01 ') FROM annotations_appearance
                WHERE claim_id = claim.id AND quote <> claim.statement
           )), 50000))
        || array_to_tsvector(ARRAY['project:' || claim.project_id] || CASE
               WHEN claim.state IN ('published', 'corrected', 'withdrawn') THEN ARRAY['ruled:']
               ELSE ARRAY[]::text[] END)
$$;

CREATE FUNCTION claim_is_found_by_its_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid;
BEGIN
    IF TG_TABLE_NAME = 'annotations_claim' THEN
        changed := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        changed := OLD.claim_id;
    ELSE
        changed := NEW.claim_id;
    END IF;
    INSERT INTO annotations_claimwords (claim_id, words)
    SELECT claim.id, words_of_claim(claim) FROM annotations_claim claim WHERE claim.id = changed
        ON CONFLICT (claim_id) DO UPDATE SET words = excluded.words
        WHERE annotations_claimwords.words <> excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_is_found_by_its_words AFTER INSERT ON annotations_appearance
    FOR EACH ROW WHEN (NEW.carried NOT IN ('exact', 'moved'))
    EXECUTE FUNCTION claim_is_found_by_its_words();
CREATE TRIGGER claim_is_found_by_other_words AFTER UPDATE OF quote ON annotations_appearance
    FOR EACH ROW WHEN (OLD.quote <> NEW.quote) EXECUTE FUNCTION claim_is_found_by_its_words();
CREATE TRIGGER claim_is_found_by_fewer_words AFTER DELETE ON annotations_appearance
    FOR EACH ROW EXECUTE FUNCTION claim_is_found_by_its_words();
CREATE TRIGGER claim_is_found_as_it_is AFTER UPDATE OF statement, claimant_id, state
    ON annotations_claim FOR EACH ROW WHEN (
        OLD.statement <> NEW.statement OR OLD.claimant_id IS DISTINCT FROM NEW.claimant_id
        OR (OLD.state IN ('published', 'corrected', 'withdrawn'))
           <> (NEW.state IN ('published', 'corrected', 'withdrawn')))
    EXECUTE FUNCTION claim_is_found_by_its_words();

CREATE FUNCTION claim_is_found_by_its_claimant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE annotations_claimwords found SET words = words_of_claim(claim)
      FROM annotations_claim claim
     WHERE claim.claimant_id = NEW.id AND found.claim_id = claim.id;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_is_found_by_its_claimant AFTER UPDATE OF name ON annotations_claimant
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION claim_is_found_by_its_claimant();

CREATE FUNCTION claim_is_found_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM annotations_claimwords WHERE claim_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_is_found_no_more AFTER DELETE ON annotations_claim
    FOR EACH ROW EXECUTE FUNCTION claim_is_found_no_more();
"""

# What is found of an article: its title and its newest text, up to what one list of words holds.
ARTICLES = """
CREATE FUNCTION words_of_article(article annotations_article) RETURNS tsvector
LANGUAGE sql STABLE AS $$
    SELECT words_of(left(concat_ws(E' \\x01 ', article.title, (
               SELECT text FROM annotations_revision WHERE article_id = article.id
                ORDER BY number DESC LIMIT 1
           )), 60000))
        || array_to_tsvector(ARRAY['project:' || article.project_id])
$$;

CREATE FUNCTION article_is_found_by_its_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid;
BEGIN
    IF TG_TABLE_NAME = 'annotations_article' THEN
        changed := NEW.id;
    ELSE
        changed := NEW.article_id;
    END IF;
    INSERT INTO annotations_articlewords (article_id, words)
    SELECT article.id, words_of_article(article)
      FROM annotations_article article WHERE article.id = changed
        ON CONFLICT (article_id) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER article_is_found_by_its_words AFTER INSERT ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION article_is_found_by_its_words();
CREATE TRIGGER article_is_found_by_its_title AFTER UPDATE OF title ON annotations_article
    FOR EACH ROW WHEN (OLD.title <> NEW.title) EXECUTE FUNCTION article_is_found_by_its_words();

CREATE FUNCTION article_is_found_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM annotations_articlewords WHERE article_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER article_is_found_no_more AFTER DELETE ON annotations_article
    FOR EACH ROW EXECUTE FUNCTION article_is_found_no_more();
"""

# How often a word occurs is not counted, so that no statement is planned by a guess at it:
# `models.searching` says which index is read.
UNCOUNTED_WORDS = """
ALTER TABLE annotations_claimwords ALTER COLUMN words SET STATISTICS 0;
ALTER TABLE annotations_articlewords ALTER COLUMN words SET STATISTICS 0;
"""

BACK = """
DROP FUNCTION claim_is_found_by_its_words CASCADE;
DROP FUNCTION claim_is_found_by_its_claimant CASCADE;
DROP FUNCTION claim_is_found_no_more CASCADE;
DROP FUNCTION article_is_found_by_its_words CASCADE;
DROP FUNCTION article_is_found_no_more CASCADE;
DROP FUNCTION words_of_claim;
DROP FUNCTION words_of_article;
DROP FUNCTION phrase_of;
DROP FUNCTION words_of;
DROP FUNCTION folded_words;
"""


def words_of(thing: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=f"{thing.capitalize()}Words",
        fields=[
            (
                thing,
                models.OneToOneField(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.DO_NOTHING,
                    primary_key=True,
                    related_name="words",
                    serialize=False,
                    to=f"annotations.{thing}",
                ),
            ),
            ("words", django.contrib.postgres.search.SearchVectorField(editable=False)),
        ],
        options={
            "indexes": [
                django.contrib.postgres.indexes.GinIndex(
                    fields=["words"], gin_pending_list_limit=256, name=f"{thing}s_by_word"
                )
            ],
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0022_tokens_with_scopes"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="claim", name="published_claims"),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["-id"],
                condition=models.Q(state__in=["corrected", "published", "withdrawn"]),
                name="published_claims",
            ),
        ),
        words_of("claim"),
        words_of("article"),
        migrations.RunSQL(UNCOUNTED_WORDS, migrations.RunSQL.noop),
        migrations.RunSQL(FOLDED + CLAIMS + ARTICLES, BACK),
    ]
