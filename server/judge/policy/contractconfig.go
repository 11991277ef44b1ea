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
