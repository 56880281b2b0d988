"""Pages of simulations.

A report counts the people of the whole city, so only city staff read it; no small cell is hidden from them.
"""
