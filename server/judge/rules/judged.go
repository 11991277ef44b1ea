package rules

import "godrift.dev/server/drift"

// pins are the pins that pick a Go to run, with the one of godrift.toml. A
// toolchain line below its go line has no effect, and what stands in for another
// pin is none of its own.
func (in Input) pins() []drift.Pin {
	var list []drift.Pin
	if pin, ok := in.policyPin(); ok {
		list = append(list, pin)
	}
	for _, pin := range in.Snapshot.Pins {
		if pin.Role == drift.RoleFloor || pin.Role == drift.RoleDocs || !namesVersion(pin) || in.testData(pin.Place.File) ||
			pin.Extra["fallback"] != "" || pin.Extra["earlyscan"] != "" || isToolchainLine(pin) && in.belowGoLine(pin) {
			continue
		}
		list = append(list, pin)
	}
	return list
}

// pinsAndLanguages are the pins that pick a Go, and those that tell a linter which
// language it checks.
func (in Input) pinsAndLanguages() []drift.Pin {
	list := in.pins()
	for _, pin := range in.Snapshot.Pins {
		if pin.Meaning == drift.MeaningLang && pin.Role == drift.RoleLint && pin.Version != "" && !in.testData(pin.Place.File) {
			list = append(list, pin)
		}
	}
	return list
}
