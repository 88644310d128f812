"""What may be shown of people: fixed tables, suppression, the audit that proves it. Not here: charts, files or words."""
