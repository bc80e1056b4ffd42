-- The record of an article as a person may see it: see records.py for what is asked with it, and
-- annotations/formats/record.schema.json for what comes out.
--
-- `a` is the article with the person's role in its project (null: a reader), `c` a claim with
-- `sees`: whether the person may see others' verdicts on it.
SELECT json_build_object(
    'record', 1,
    'project', json_build_object(
        'slug', a.project_slug, 'name', a.project_name,
        'scale', (
            SELECT coalesce(json_agg(json_build_object(
                'slug', rating.slug, 'name', rating.name, 'definition', rating.definition,
                'value', rating.value, 'look', rating.look,
                'retired_at', rating.retired_at, 'replaced_by', other.slug
            ) ORDER BY rating.position), '[]')
              FROM annotations_rating rating
              JOIN annotations_ratingscale scale ON scale.id = rating.scale_id AND scale.in_use
              LEFT JOIN annotations_rating other ON other.id = rating.replaced_by_id
             WHERE scale.project_id = a.project_id
        )
    ),
    'article', json_build_object(
        'id', a.id, 'slug', a.slug, 'title', a.title, 'publisher', a.publisher,
        'author', a.author, 'address', a.address, 'language', a.language, 'date', a.date,
        'date_is_inferred', a.date_is_inferred,
        'note', CASE WHEN a.role IS NULL THEN '' ELSE a.note END, 'imported_at', a.imported_at,
        -- What a format kept may hold verdicts.
        'kept', CASE WHEN a.role = ANY(%(sees_all)s) OR a.role IS NOT NULL AND NOT a.blind
                     THEN a.kept ELSE '{}' END
    ),
    'revisions', (
        SELECT coalesce(json_agg(json_build_object(
            'id', t.id, 'number', t.number, 'sha256', t.sha256, 'imported_at', t.imported_at,
            'text', t.text, 'blocks', t.blocks
        ) ORDER BY t.number), '[]')
          FROM annotations_revision t
         WHERE t.article_id = a.id
           AND (a.role IS NOT NULL OR EXISTS (
               SELECT FROM annotations_appearance p
                 JOIN annotations_claim claim ON claim.id = p.claim_id
                WHERE p.revision_id = t.id AND claim.state = ANY(%(public)s)
                  AND claim.id <> ALL(a.held)
           ))
    ),
    'claims', (
        SELECT coalesce(json_agg(json_build_object(
            'id', c.id, 'statement', c.statement, 'kind', c.kind,
            'claimant', CASE WHEN who.id IS NOT NULL THEN json_build_object(
                'id', who.id, 'name', who.name, 'role', who.role, 'wikidata_id', who.wikidata_id
            ) END,
            'said_on', c.said_on, 'first_address', c.first_address, 'topics', c.topics,
            'kept', CASE WHEN a.role IS NOT NULL AND c.sees THEN c.kept ELSE '{}' END,
            'state', CASE WHEN c.sees OR c.state = ANY(%(told_in)s) THEN c.state END,
            'set_aside_reason', c.set_aside_reason,
            'marked_by', marker.pseudonym, 'marked_at', c.marked_at,
            'appearances', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', p.id, 'revision', p.revision_id, 'start', p.start, 'end', p."end",
                    'quote', p.quote, 'prefix', p.prefix, 'suffix', p.suffix,
                    'marked_by', u.pseudonym, 'marked_at', p.marked_at,
                    'carried', p.carried, 'carried_from', p.carried_from_id
                ) ORDER BY p.start, p."end", p.id), '[]')
                  FROM annotations_appearance p
                  JOIN annotations_user u ON u.id = p.marked_by_id
                 WHERE p.claim_id = c.id AND p.article_id = a.id
            ),
            'verdicts', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', v.id, 'reviewer', u.pseudonym, 'version', v.version,
                    'rating', rating.slug, 'rationale', v.rationale, 'confidence', v.confidence,
                    'saved_at', v.saved_at, 'submitted_at', v.submitted_at,
                    'superseded_at', v.superseded_at,
                    'evidence', (
                        SELECT coalesce(json_agg(json_build_object(
                            'id', e.id, 'stance', e.stance,
                            'source', CASE WHEN s.id IS NOT NULL THEN json_build_object(
                                'id', s.id, 'address', s.address,
                                'reliability', coalesce(view.reliability, ''),
                                'reliability_note', coalesce(view.reliability_note, '')
                            ) END,
                            'type', e.type, 'title', e.title, 'publisher', e.publisher,
                            'author', e.author,
                            'date', e.date, 'date_is_inferred', e.date_is_inferred,
                            'quote', e.quote, 'locator', e.locator, 'note', e.note,
                            'question', e.question, 'answer', e.answer
                        ) ORDER BY e.position), '[]')
                          FROM annotations_evidence e
                          LEFT JOIN annotations_source s ON s.id = e.source_id
                          -- As `SourceQuerySet.whose_view_is_known_to` says.
                          LEFT JOIN LATERAL (
                              SELECT s.reliability, s.reliability_note
                               WHERE s.reliability <> ''
                                 AND (NOT a.blind OR a.role = ANY(%(sees_all)s) OR EXISTS (
                                     SELECT FROM annotations_evidence used
                                       JOIN annotations_rulingevidence g ON g.evidence_id = used.id
                                      WHERE used.source_id = s.id
                                 ) OR EXISTS (
                                     SELECT FROM annotations_evidence used
                                       JOIN annotations_verdict given ON given.id = used.verdict_id
                                       JOIN annotations_verdict own
                                         ON own.claim_id = given.claim_id
                                        AND own.reviewer_id = %(person)s
                                        AND own.submitted_at IS NOT NULL
                                      WHERE used.source_id = s.id
                                        AND given.submitted_at <= s.reliability_at
                                 ))
                          ) view ON true
                         WHERE e.verdict_id = v.id
                    )
                ) ORDER BY v.id), '[]')
                  FROM annotations_verdict v
                  JOIN annotations_user u ON u.id = v.reviewer_id
                  LEFT JOIN annotations_rating rating ON rating.id = v.rating_id
                 WHERE v.claim_id = c.id AND a.role IS NOT NULL
                   AND CASE WHEN v.submitted_at IS NULL
                            THEN %(drafts)s AND v.reviewer_id = %(person)s
                            ELSE c.sees OR v.reviewer_id = %(person)s END
            ),
            -- What a withdrawn ruling said stays with the project's people: readers are told
            -- that it was withdrawn.
            'rulings', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', r.id, 'number', r.number, 'kind', r.kind, 'rating', rating.slug,
                    'rating_name', r.rating_name, 'rating_definition', r.rating_definition,
                    'summary', r.summary,
                    'reason', CASE WHEN a.role IS NOT NULL AND c.sees THEN r.reason END,
                    'note', r.note, 'correction', r.correction, 'made_by', u.pseudonym,
                    'made_at', r.made_at, 'superseded_at', r.superseded_at,
                    'evidence', (
                        SELECT coalesce(json_agg(json_build_object(
                            'id', e.id, 'stance', e.stance,
                            'source', CASE WHEN s.id IS NOT NULL THEN json_build_object(
                                'id', s.id, 'address', s.address, 'reliability', s.reliability,
                                'reliability_note', s.reliability_note
                            ) END,
                            'type', e.type, 'title', e.title, 'publisher', e.publisher,
                            'author', e.author,
                            'date', e.date, 'date_is_inferred', e.date_is_inferred,
                            'quote', e.quote, 'locator', e.locator, 'note', e.note,
                            'question', e.question, 'answer', e.answer
                        ) ORDER BY g.position), '[]')
                          FROM annotations_rulingevidence g
                          JOIN annotations_evidence e ON e.id = g.evidence_id
                          LEFT JOIN annotations_source s ON s.id = e.source_id
                         WHERE g.ruling_id = r.id
                    )
                ) ORDER BY r.number), '[]')
                  FROM annotations_ruling r
                  JOIN annotations_user u ON u.id = r.made_by_id
                  LEFT JOIN annotations_rating rating ON rating.id = r.rating_id
                 WHERE r.claim_id = c.id
                   AND (a.role IS NOT NULL OR c.state <> 'withdrawn' OR r.superseded_at IS NULL)
            ),
            'publisher_corrections', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', k.id, 'publisher', k.publisher, 'reached', k.reached,
                    'asked_on', k.asked_on, 'asked', k.asked, 'asked_by', u.pseudonym,
                    'outcome', k.outcome, 'outcome_on', k.outcome_on,
                    'outcome_address', k.outcome_address
                ) ORDER BY k.asked_on, k.id), '[]')
                  FROM annotations_publishercorrection k
                  JOIN annotations_user u ON u.id = k.asked_by_id
                 WHERE k.claim_id = c.id AND k.article_id = a.id
            )
        ) ORDER BY c.first, c.id), '[]')
          FROM (
              SELECT claim.*, here.first,
                     NOT a.blind OR a.role = ANY(%(sees_all)s) OR EXISTS (
                         SELECT FROM annotations_verdict own
                          WHERE own.claim_id = claim.id AND own.reviewer_id = %(person)s
                            AND own.submitted_at IS NOT NULL
                     ) AS sees
                FROM (
                    SELECT claim_id, min(start) AS first
                      FROM annotations_appearance WHERE article_id = a.id GROUP BY claim_id
                ) here
                JOIN annotations_claim claim ON claim.id = here.claim_id
               WHERE (a.role IS NOT NULL OR claim.state = ANY(%(readers_see)s))
                 AND claim.id <> ALL(a.held)
          ) c
          JOIN annotations_user marker ON marker.id = c.marked_by_id
          LEFT JOIN annotations_claimant who ON who.id = c.claimant_id
         -- What is wanted, of what the person is told: `annotations.rules.narrowing`.
         WHERE (%(states)s::text[] IS NULL
                OR c.state = ANY(%(states)s::text[]) AND (c.sees OR c.state = ANY(%(told_in)s)))
           AND (%(claimants)s::text[] IS NULL OR who.name = ANY(%(claimants)s::text[]))
           AND (%(ratings)s::text[] IS NULL OR EXISTS (
               SELECT FROM annotations_ruling r JOIN annotations_rating rating ON rating.id = r.rating_id
                WHERE r.claim_id = c.id AND r.superseded_at IS NULL
                  AND rating.slug = ANY(%(ratings)s::text[])
           ) OR EXISTS (
               SELECT FROM annotations_verdict v JOIN annotations_rating rating ON rating.id = v.rating_id
                WHERE v.claim_id = c.id AND v.submitted_at IS NOT NULL AND v.superseded_at IS NULL
                  AND a.role IS NOT NULL AND (c.sees OR v.reviewer_id = %(person)s)
                  AND rating.slug = ANY(%(ratings)s::text[])
           ))
    )
) AS record
  FROM (
      -- Along the index of ids: OFFSET 0 keeps the records, which are made outside, from being
      -- sorted, so that the first one leaves at once.
      SELECT article.*, project.slug AS project_slug, project.name AS project_name, project.blind,
             member.role, held.claims AS held
        FROM annotations_article article
        JOIN annotations_project project ON project.id = article.project_id
        LEFT JOIN annotations_membership member
          ON member.project_id = project.id AND member.user_id = %(person)s
        -- As `LegalHoldQuerySet.keeping_from` says: the claims of the article that holds keep from
        -- the person, and whether one keeps the article.
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(p.claim_id) FILTER (WHERE p.claim_id IS NOT NULL), '{}')
                       AS claims,
                   bool_or(hold.article_id = article.id) AS whole
              FROM annotations_legalhold hold
              LEFT JOIN annotations_appearance elsewhere ON elsewhere.article_id = hold.article_id
              LEFT JOIN annotations_appearance p
                ON p.article_id = article.id
               AND p.claim_id IN (hold.claim_id, elsewhere.claim_id)
             WHERE hold.project_id = article.project_id AND hold.lifted_at IS NULL
               AND (member.role IS NULL OR member.role = 'reviewer' AND hold.kind = 'withhold')
        ) held
       WHERE {which}
         AND held.whole IS NOT TRUE
         AND (member.role IS NOT NULL OR EXISTS (
             SELECT FROM annotations_appearance p
               JOIN annotations_claim claim ON claim.id = p.claim_id
              WHERE p.article_id = article.id AND claim.state = ANY(%(public)s)
                AND claim.id <> ALL(held.claims)
         ))
       ORDER BY article.id OFFSET 0
  ) a
