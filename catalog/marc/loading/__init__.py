"""From what records say to rows: which title it is, batches, copies, series, the report."""
