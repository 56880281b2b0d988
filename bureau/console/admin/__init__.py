"""Tables of the two floors below the counter, which cannot know it: staff with areas and offices, and the trail."""

from django.contrib import admin
from django.contrib.auth.models import Group

from bureau.console.admin import staffing, trail  # noqa: F401

# Duties say who may do what; a second vocabulary beside them, on a table without the portal's base, would be a door.
admin.site.unregister(Group)
