"""Cases as files: the schema, loading and checks, the ledger, the record of what happened, the scenarios."""
