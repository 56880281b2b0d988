"""The city enters the database stage by stage, each through the services that staff use.

A stage recognizes by business keys what it did before, so that a build that was broken off goes on where it stopped.
"""
