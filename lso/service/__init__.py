"""What one may ask, on canonical objects: place, list, retrieve; independent of dialect, door and database."""
