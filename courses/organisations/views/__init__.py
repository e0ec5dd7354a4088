"""The pages of an organisation. `home` is its first one."""
