"""Who speaks how: the compiled mappings, and what each dialect has of its own (errors, paging, filters, events)."""
