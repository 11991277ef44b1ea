// Package tell renders what godrift found: as JSON documents whose shape other
// programs can rely on, as text for people, as SARIF, as GitHub annotations and
// as JUnit.
//
// The structs in documents.go are the truth about the JSON: the schemas and the
// TypeScript types in shared/ are generated from them. Fields may be added, but
// never renamed and never removed.
//
// Everything here is a function of its arguments. Credentials are masked on the
// way out, in every format.
package tell
