"""Pages and buttons of reminders: by hand (`nudges`), what was sent (`outbox`), and `stopping`."""
