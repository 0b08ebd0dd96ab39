"""How a negotiation goes: stages, the Mesa model, how worlds ended, the story, the fit to the record."""
