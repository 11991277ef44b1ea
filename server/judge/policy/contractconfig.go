package policy

// Contract is the [contract] table: what has to hold on every machine that
// builds this repository. contract-broken reports what does not.
//
// The file comes from the repository, so a contract can ask for nothing that
// names a command, a folder or an address, and for nothing that would have
// downloads checked less.
type Contract struct {
	// Go is the range of Go releases of which one has to run: comparisons with
	// blanks between them, all of which must hold, as in ">=1.25.3 <1.27", or a
	// minor such as "1.25".
	Go string `json:"go,omitempty"`
	// Require gives variables the value that they must have, as in
	// CGO_ENABLED = "0".
	Require map[string]string `json:"require,omitempty"`
	// Forbid lists variables that nobody may set, as in "GOEXPERIMENT", or values
	// that they must not have, as in "GOSUMDB=off".
	Forbid []string `json:"forbid,omitempty"`
	// OS holds what counts on one operating system only, by its GOOS: its go and
	// require come before those above, its forbid adds to them.
	OS map[string]ContractPart `json:"os,omitempty"`
}

// ContractPart is a [contract.os.GOOS] table.
type ContractPart struct {
	// Go is as in [contract].
	Go string `json:"go,omitempty"`
	// Require is as in [contract].
	Require map[string]string `json:"require,omitempty"`
	// Forbid is as in [contract].
	Forbid []string `json:"forbid,omitempty"`
}

// Baseline is the [baseline] table: when a change of the environment against the
// accepted state is worth a word.
type Baseline struct {
	// Grace is how long a change that somebody made on purpose is held back, as
	// in "15m" or "1h30m". It is forgotten if it goes away in that time. The
	// default is 15 minutes; "0s" holds nothing back.
	Grace string `json:"grace,omitempty" jsonschema:"pattern=^([0-9]+(h|m|s))+$"`
	// Share is the part of the watched values that must have changed before they
	// are looked at, from 0 to 1; by default 0.05.
	Share *float64 `json:"share,omitempty" jsonschema:"minimum=0,maximum=1"`
	// Distance is how far the changes must be from the accepted state before they
	// are reported, from 0 to 1; by default 0.3. The page of env-drift has the
	// formula.
	Distance *float64 `json:"distance,omitempty" jsonschema:"minimum=0,maximum=1"`
}
