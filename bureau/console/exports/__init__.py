"""Files out: every list leaves by the same page, with a reason, masked as on the screen, marked and written down."""
