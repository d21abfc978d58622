"""What may happen: states and moves, rules and decisions. Pure; what it needs of the world it declares in `ports`."""
