"""Who speaks how: each dialect's own habits."""
