package rules

// Catalog lists the rules in their published order.
var Catalog = []Rule{}
