package drift

// Surface is where a finding is felt. It weighs in the health of a workspace.
type Surface string

// The surfaces, the one that matters most first.
const (
	SurfaceBuild   Surface = "build"   // what is built and shipped, and the Go that does it
	SurfaceTest    Surface = "test"    // what is tested, and with which Go
	SurfaceDevelop Surface = "develop" // what people work with: tools, dev containers, version managers
	SurfaceLint    Surface = "lint"    // what linters assume
	SurfaceDocs    Surface = "docs"    // what people are told
)

// SurfaceOf is where a pin of a role is felt.
func SurfaceOf(role Role) Surface {
	switch role {
	case RoleTest:
		return SurfaceTest
	case RoleDevelop:
		return SurfaceDevelop
	case RoleLint:
		return SurfaceLint
	case RoleDocs:
		return SurfaceDocs
	case RoleFloor, RoleBuild, RoleShip:
	}
	return SurfaceBuild
}

// Burden is one root cause that lowers the health of a workspace, with all the
// findings that it shows in.
type Burden struct {
	// Worst is the finding that counts, as its index in the report; the others of
	// the same cause do not.
	Worst int `json:"worst"`
	// Findings is how many there are of this cause, Worst among them.
	Findings int `json:"findings"`
	// Points are gained when all of them are mended.
	Points int `json:"points"`
	// Fix mends the most of it in one go, and gains FixPoints. It is nil where
	// there is none.
	Fix       *Fix `json:"fix,omitempty"`
	FixPoints int  `json:"fixPoints,omitempty"`
}

// Usual is what the health of a workspace has been.
type Usual struct {
	// Median of the scores, each counted for as long as it stood, and Spread, the
	// median distance from it. Median is -1 where too little is known of the past.
	Median int `json:"median"`
	Spread int `json:"spread"`
	// Limit is the lowest score that is nothing unusual here.
	Limit int `json:"limit"`
	// Low says that the present score is below it.
	Low bool `json:"low"`
}
