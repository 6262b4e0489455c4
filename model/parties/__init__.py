"""Tables of the parties to armed conflicts since 1990: countries, armed groups, leaders, and bodies that speak."""
