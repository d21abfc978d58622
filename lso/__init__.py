"""LSO Bridge: one meaning, many languages of network service ordering."""
