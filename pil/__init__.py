"""Partner Interface Layer: Sonata for carriers."""
