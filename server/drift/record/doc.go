// Package record writes and reads drift.Record in its two encodings: JSON for
// programs, against the published snapshot.schema.json, and lines of text for
// people, diffs and grep. Both hold the same: what one writes the other can.
//
// What is read comes from files of other people. It is either a record without
// secrets that is whole, or it is refused with an error that says why.
package record
