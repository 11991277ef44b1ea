// Package alert tells people and programs what a workspace's reports show: once
// when it comes, once when it goes, and not in between.
//
// A report is compared with what stands (see observe). What a channel should know
// is decided by a function of what stands, what the channel was told and the clock
// (see due). Telling is one transaction: the channel counts as told, and the message
// that does it lies in the outbox; both or nothing. From there one carrier for each
// channel takes it, as often as it needs to arrive. A process that is killed at any
// point leaves a message that was never decided, one that waits, or one that may have
// arrived: the last is sent again under the same key and ID, and says so. It is
// delivery at least once; who wants each only once looks at the Idempotency-Key.
//
// Addresses and keys of channels are secrets: they are read when a message is sent,
// and are in no message, log or database.
package alert
