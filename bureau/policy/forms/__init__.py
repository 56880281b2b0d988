"""What people type into the pages of policy; `browser` asks which law to show, `drafts` takes what drafters fill in."""
