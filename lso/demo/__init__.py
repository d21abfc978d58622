"""Demo data: tenants, clients and products to try the service with; never read by the service itself."""
