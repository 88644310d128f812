-- Which training is offered where a visit was made? A code named twice is there once.
SELECT DISTINCT
    visits.visit_id,
    codebook.scheme,
    codebook.code
FROM staged.visits AS visits
JOIN staged.answers AS answers ON answers.record_id = visits.visit_id
JOIN reference.codebook AS codebook ON codebook.code = answers.code
WHERE answers.question = 'training'
ORDER BY visits.visit_id, codebook.scheme, codebook.code
