"""The sandbox: a pretend network with its own durable state, in this process or as a server of its own."""
