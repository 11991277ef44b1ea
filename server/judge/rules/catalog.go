package rules

// Catalog lists the rules in their published order.
var Catalog = []Rule{
	pinBelowFloor,
	pinDisagrees,
	pinInvalid,
	pinFloating,
	pinUnsupported,
	pinStalePatch,
	workBelowModule,
	toolchainIgnored,
	noPatchRelease,
	toolchainDrift,
	toolchainUnavailable,
	gorootMismatch,
	toolchainOnPath,
	editorTerminalDiffer,
	goMissing,
	envShadowed,
	envLeftover,
	envConflict,
	contractBroken,
	toolBuiltWithOlderGo,
	toolTooOld,
	toolVersionDrift,
	policyInvalid,
	policyUnused,
}
