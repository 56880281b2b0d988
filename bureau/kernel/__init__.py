"""Floor 0: plain values. Pure Python that knows no Django, no database and no other app."""
