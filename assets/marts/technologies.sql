-- How do the products in use compare on the same fields, overall and by area? What nobody said is unknown.
WITH spelt AS (
    SELECT
        *,
        trim(regexp_replace(coalesce(product_name, 'unknown'), '\s+', ' ', 'g')) AS product_words,
        nullif(trim(regexp_replace(supplier, '\s+', ' ', 'g')), '') AS supplier_words
    FROM staged.technologies
),
-- Capitals, spaces and the legal form of a company do not distinguish products or suppliers.
keyed AS (
    SELECT
        *,
        lower(product_words) AS product_key,
        regexp_replace(lower(supplier_words), '[ ,]+(ltd|limited|plc|llp)\.?$', '') AS supplier_key
    FROM spelt
),
sole AS (
    SELECT product_key, max(supplier_key) AS supplier_key
    FROM keyed
    WHERE product_name IS NOT NULL
    GROUP BY product_key
    HAVING count(DISTINCT supplier_key) = 1
),
-- A use without a supplier belongs to the supplier named elsewhere for the product, if there is only one.
products AS (
    SELECT
        keyed.technology_id,
        keyed.activity_id,
        keyed.product_key,
        coalesce(keyed.supplier_key, sole.supplier_key, 'unknown') AS supplier_key,
        keyed.product_words,
        keyed.supplier_words
    FROM keyed
    LEFT JOIN sole ON sole.product_key = keyed.product_key
),
names AS (
    SELECT
        product_key,
        supplier_key,
        min(product_words) AS product_name,
        coalesce(min(supplier_words), 'unknown') AS supplier_name
    FROM products
    GROUP BY product_key, supplier_key
),
places AS (
    SELECT DISTINCT products.technology_id, areas.force_area_code, areas.place_key
    FROM products
    JOIN staged.activity_areas AS areas ON areas.activity_id = products.activity_id
),
-- Each use once for all areas together, and once for every area that may be named.
uses AS (
    SELECT technology_id, CAST(NULL AS VARCHAR) AS force_area_code FROM products
    UNION ALL
    SELECT DISTINCT technology_id, force_area_code FROM places WHERE force_area_code IS NOT NULL
),
described AS (
    SELECT
        technologies.*,
        CASE WHEN technologies.n_members_reached IS NOT NULL THEN technologies.reach_measure_code END AS known_measure_code,
        CASE WHEN costs.code <> 'CST.UNKNOWN' THEN
            costs.label || CASE
                WHEN covers.code IS NULL OR covers.code = 'CCV.UNKNOWN' THEN ''
                ELSE ' (' || lower(covers.label) || ')'
            END
        END AS cost_name,
        CASE WHEN hours.code <> 'HRS.UNKNOWN' THEN hours.label END AS staff_hours_name,
        CASE WHEN steps.code <> 'NXT.UNSAID' THEN steps.label END AS next_step_name,
        CASE WHEN holders.code <> 'HLD.UNKNOWN' THEN holders.label END AS holder_name
    FROM staged.technologies AS technologies
    LEFT JOIN reference.codebook AS costs ON costs.code = technologies.cost_band_code
    LEFT JOIN reference.codebook AS covers ON covers.code = technologies.cost_covers_code
    LEFT JOIN reference.codebook AS hours ON hours.code = technologies.staff_hours_code
    LEFT JOIN reference.codebook AS steps ON steps.code = technologies.next_step_code
    LEFT JOIN reference.codebook AS holders ON holders.code = technologies.contact_data_holder_code
),
counted AS (
    SELECT
        products.product_key,
        products.supplier_key,
        uses.force_area_code,
        count(*) AS n_uses,
        count(DISTINCT described.activity_id) AS n_activities,
        min(described.since_year) AS earliest_since_year,
        count(described.since_year) AS n_since_known,
        sum(described.n_members_reached) FILTER (described.known_measure_code = 'RCH.REGISTERED') AS n_registered,
        count(*) FILTER (described.known_measure_code = 'RCH.REGISTERED') AS n_registered_known,
        sum(described.n_members_reached) FILTER (described.known_measure_code = 'RCH.ACTIVE') AS n_active,
        count(*) FILTER (described.known_measure_code = 'RCH.ACTIVE') AS n_active_known,
        sum(described.n_members_reached) FILTER (described.known_measure_code = 'RCH.HOUSEHOLDS') AS n_households,
        count(*) FILTER (described.known_measure_code = 'RCH.HOUSEHOLDS') AS n_households_known,
        coalesce(string_agg(DISTINCT described.cost_name, ', ' ORDER BY described.cost_name), 'unknown') AS cost_band_names,
        count(described.cost_name) AS n_cost_known,
        coalesce(
            string_agg(DISTINCT described.staff_hours_name, ', ' ORDER BY described.staff_hours_name), 'unknown'
        ) AS staff_hours_names,
        count(described.staff_hours_name) AS n_staff_hours_known,
        min(described.contract_ends_on) AS earliest_contract_ends_on,
        count(described.contract_ends_on) AS n_contract_known,
        coalesce(string_agg(DISTINCT described.next_step_name, ', ' ORDER BY described.next_step_name), 'unknown')
        AS next_step_names,
        count(described.next_step_name) AS n_next_step_known,
        coalesce(string_agg(DISTINCT described.holder_name, ', ' ORDER BY described.holder_name), 'unknown') AS data_holder_names,
        count(described.holder_name) AS n_data_holder_known,
        bool_or(described.is_sample) AS is_sample
    FROM uses
    JOIN products ON products.technology_id = uses.technology_id
    JOIN described ON described.technology_id = uses.technology_id
    GROUP BY products.product_key, products.supplier_key, uses.force_area_code
),
placed AS (
    SELECT products.product_key, products.supplier_key, count(DISTINCT places.place_key) AS n_areas
    FROM products
    JOIN places ON places.technology_id = products.technology_id
    GROUP BY products.product_key, products.supplier_key
)
SELECT
    names.product_name,
    names.supplier_name,
    counted.force_area_code,
    areas.force_area_name,
    counted.n_uses,
    counted.n_activities,
    CASE WHEN counted.force_area_code IS NULL THEN coalesce(placed.n_areas, 0) ELSE 1 END AS n_areas,
    counted.earliest_since_year,
    counted.n_since_known,
    counted.n_registered,
    counted.n_registered_known,
    counted.n_active,
    counted.n_active_known,
    counted.n_households,
    counted.n_households_known,
    counted.cost_band_names,
    counted.n_cost_known,
    counted.staff_hours_names,
    counted.n_staff_hours_known,
    counted.earliest_contract_ends_on,
    counted.n_contract_known,
    counted.next_step_names,
    counted.n_next_step_known,
    counted.data_holder_names,
    counted.n_data_holder_known,
    counted.is_sample
FROM counted
JOIN names ON names.product_key = counted.product_key AND names.supplier_key = counted.supplier_key
LEFT JOIN placed ON placed.product_key = counted.product_key AND placed.supplier_key = counted.supplier_key
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = counted.force_area_code
ORDER BY names.product_name, names.supplier_name, counted.force_area_code NULLS FIRST
