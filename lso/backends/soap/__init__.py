"""The legacy system: service orders as SOAP/XML over HTTP, asked for at once, answered by polling."""
