-- How far do objectives and challenges reach beyond the areas that are named? Not said for the team, who see all areas.
-- In a release this table has other rows (landscape/disclosure/permitted.py).
SELECT
    codes.scheme,
    codes.code,
    'fewer than 3 areas' AS elsewhere
FROM reference.codebook AS codes
WHERE false
ORDER BY codes.scheme, codes.code
