"""Who calls: client secrets and assertions in, short-lived tokens out, signatures on what we send."""
