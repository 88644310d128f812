-- Which area could learn from which, and why? Two areas that share objectives or challenges, where the source area has
-- something not on record for the learner's. Points per reason are in reference.rules. Only rows that name an area count.
WITH points AS (
    SELECT
        max(parameter_value::INTEGER) FILTER (parameter = 'shared_objective') AS shared_objective,
        max(parameter_value::INTEGER) FILTER (parameter = 'shared_challenge') AS shared_challenge,
        max(parameter_value::INTEGER) FILTER (parameter = 'practice') AS practice,
        max(parameter_value::INTEGER) FILTER (parameter = 'evidence') AS evidence,
        max(parameter_value::INTEGER) FILTER (parameter = 'product') AS product,
        max(parameter_value::INTEGER) FILTER (parameter = 'cautionary_tale') AS cautionary_tale
    FROM reference.rules
    WHERE rule = 'learning_match' AND parameter <> 'left_out'
),
residual AS (
    SELECT parameter_value AS code
    FROM reference.rules
    WHERE rule = 'residual_codes' OR (rule = 'learning_match' AND parameter = 'left_out')
),
-- Nothing is known about an area nobody visited, so nothing can be said to be missing from its record.
learners AS (
    SELECT DISTINCT force_area_code FROM staged.visits WHERE force_area_code IS NOT NULL
),
done AS (
    SELECT
        places.force_area_code,
        activities.activity_id,
        activities.activity_type_code,
        coalesce(activities.status_code = 'STS.STOPPED', false) AS is_stopped,
        coalesce(activities.evidence_result_code = 'EVD.R-', false) AS has_not_worked,
        coalesce(activities.evidence_design_code BETWEEN 'EVD.D1' AND 'EVD.D5', false) AS is_evaluated
    FROM staged.activity_areas AS places
    JOIN staged.activities AS activities ON activities.activity_id = places.activity_id
    WHERE places.force_area_code IS NOT NULL
),
aims AS (
    SELECT done.force_area_code, done.activity_id, codes.code
    FROM done
    JOIN staged.activity_codes AS codes ON codes.activity_id = done.activity_id
    WHERE codes.scheme = 'objective' AND codes.code NOT IN (SELECT code FROM residual)
),
grounds AS (
    SELECT DISTINCT 'objective' AS ground, force_area_code, code FROM aims
    UNION ALL
    SELECT DISTINCT 'challenge', force_area_code, challenge_code
    FROM staged.assertions
    WHERE force_area_code IS NOT NULL AND challenge_code NOT IN (SELECT code FROM residual)
),
shared AS (
    SELECT mine.force_area_code, theirs.force_area_code AS source_area_code, mine.ground, mine.code
    FROM grounds AS mine
    JOIN learners ON learners.force_area_code = mine.force_area_code
    JOIN grounds AS theirs
        ON theirs.ground = mine.ground AND theirs.code = mine.code AND theirs.force_area_code <> mine.force_area_code
),
pairs AS (
    SELECT
        shared.force_area_code,
        shared.source_area_code,
        count(*) FILTER (shared.ground = 'objective') AS n_shared_objectives,
        count(*) FILTER (shared.ground = 'challenge') AS n_shared_challenges,
        string_agg('“' || codebook.label || '”', ', ' ORDER BY codebook.label) FILTER (shared.ground = 'objective') AS objectives,
        string_agg('“' || codebook.label || '”', ', ' ORDER BY codebook.label) FILTER (shared.ground = 'challenge') AS challenges
    FROM shared
    JOIN reference.codebook AS codebook ON codebook.code = shared.code
    GROUP BY shared.force_area_code, shared.source_area_code
),
used AS (
    SELECT
        done.force_area_code,
        done.activity_id,
        lower(trim(technologies.product_name)) AS code,
        min(trim(technologies.product_name)) OVER (PARTITION BY lower(trim(technologies.product_name))) AS label
    FROM done
    JOIN staged.technologies AS technologies ON technologies.activity_id = done.activity_id
    WHERE trim(technologies.product_name) <> ''
),
-- An area that stopped something has experience of it, but it is not practice to take up.
had AS (
    SELECT 'practice' AS reason, force_area_code, activity_id, activity_type_code AS code, NOT is_stopped AS is_offered
    FROM done
    UNION ALL
    SELECT 'evidence', force_area_code, activity_id, activity_type_code, true FROM done WHERE is_evaluated
    UNION ALL
    SELECT 'cautionary_tale', force_area_code, activity_id, activity_type_code, true
    FROM done
    WHERE is_stopped OR has_not_worked
    UNION ALL
    SELECT 'product', force_area_code, activity_id, code, true FROM used
),
-- What serves an objective of both; everything the source has if both face the same challenge.
offers AS (
    SELECT DISTINCT pairs.force_area_code, pairs.source_area_code, had.reason, had.code
    FROM pairs
    JOIN had ON had.force_area_code = pairs.source_area_code AND had.is_offered
    WHERE had.code NOT IN (SELECT code FROM residual)
        AND (
            pairs.n_shared_challenges > 0
            OR had.activity_id IN (
                SELECT aims.activity_id
                FROM aims
                JOIN shared ON shared.code = aims.code
                WHERE shared.force_area_code = pairs.force_area_code AND shared.source_area_code = pairs.source_area_code
            )
        )
        AND NOT EXISTS (
            SELECT 1
            FROM had AS own
            WHERE own.force_area_code = pairs.force_area_code AND own.reason = had.reason AND own.code = had.code
        )
),
named AS (
    SELECT offers.*, coalesce(codebook.label, products.label) AS label
    FROM offers
    LEFT JOIN reference.codebook AS codebook ON codebook.code = offers.code
    LEFT JOIN (SELECT DISTINCT code, label FROM used) AS products
        ON products.code = offers.code AND offers.reason = 'product'
),
offered AS (
    SELECT
        force_area_code,
        source_area_code,
        count(*) FILTER (reason = 'practice') AS n_practices,
        count(*) FILTER (reason = 'evidence') AS n_evaluated_types,
        count(*) FILTER (reason = 'product') AS n_products,
        count(*) FILTER (reason = 'cautionary_tale') AS n_cautionary_tales,
        string_agg('“' || label || '”', ', ' ORDER BY label) FILTER (reason = 'practice') AS practices,
        string_agg('“' || label || '”', ', ' ORDER BY label) FILTER (reason = 'evidence') AS evaluated,
        string_agg('“' || label || '”', ', ' ORDER BY label) FILTER (reason = 'product') AS products,
        string_agg('“' || label || '”', ', ' ORDER BY label) FILTER (reason = 'cautionary_tale') AS tales
    FROM named
    GROUP BY force_area_code, source_area_code
),
scored AS (
    SELECT
        pairs.*,
        offered.* EXCLUDE (force_area_code, source_area_code),
        pairs.n_shared_objectives * points.shared_objective
            + pairs.n_shared_challenges * points.shared_challenge
            + offered.n_practices * points.practice
            + offered.n_evaluated_types * points.evidence
            + offered.n_products * points.product
            + offered.n_cautionary_tales * points.cautionary_tale AS match_score
    FROM pairs
    JOIN offered
        ON offered.force_area_code = pairs.force_area_code AND offered.source_area_code = pairs.source_area_code
    CROSS JOIN points
)
SELECT
    scored.force_area_code,
    learner.force_area_name,
    scored.source_area_code,
    source.force_area_name AS source_area_name,
    rank() OVER (PARTITION BY scored.force_area_code ORDER BY scored.match_score DESC) AS match_rank,
    scored.match_score,
    scored.n_shared_objectives,
    scored.n_shared_challenges,
    scored.n_practices,
    scored.n_evaluated_types,
    scored.n_products,
    scored.n_cautionary_tales,
    learner.force_area_name
        || ' and '
        || source.force_area_name
        || ' both '
        || concat_ws(' and both ', 'pursue ' || scored.objectives, 'named the challenge ' || scored.challenges)
        || '; on record for '
        || source.force_area_name
        || ' and not for '
        || learner.force_area_name
        || ': it '
        || concat_ws(
            '; ',
            'runs ' || scored.practices,
            'has evaluated ' || scored.evaluated,
            CASE WHEN scored.n_products = 1 THEN 'uses the product ' ELSE 'uses the products ' END || scored.products,
            'has stopped, or found not to work, ' || scored.tales
        )
        || '.' AS reasons,
    (SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions) AS is_sample
FROM scored
JOIN reference.force_areas AS learner ON learner.force_area_code = scored.force_area_code
JOIN reference.force_areas AS source ON source.force_area_code = scored.source_area_code
ORDER BY scored.force_area_code, match_rank, scored.source_area_code
