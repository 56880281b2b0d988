"""Desks of the law: releases, and the browser of what they say."""
