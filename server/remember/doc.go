// Package remember keeps what godrift must not forget between two starts: one
// SQLite database in the user's state folder. Today it holds the journal of
// fixes, written before each fix starts, so that a fix can be undone and so
// that a killed one can be finished or taken back.
//
// Several editors, terminals and monitors use the same database at once. It is
// opened by the first method that needs it: a process that only looks pays
// nothing but the linked code.
//
// What a fix replaced may hold credentials (a GOPROXY with a password), and
// undoing needs the true text, not a masked one. Such content is therefore
// stored sealed, with a key in a file of its own beside the database: a
// database that is copied into a bug report tells nothing.
package remember
