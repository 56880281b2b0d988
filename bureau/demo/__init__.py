"""The demo city: invented people, institutions and bills in real areas, drawn from a seed.

`build` puts them into the database through the doors of real work; everything else here is pure and gives the same
city for the same seed and size on every machine.
"""
