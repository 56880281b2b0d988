"""Tables of the two floors below the counter, which cannot know it: staff with areas and offices, and the trail."""

from bureau.console.admin import staffing, trail  # noqa: F401
